"""The approved logo of a service, from our own origin. ``clients/logos.py``; RFC 8246."""

from idp.pages.problems import NotFound
from idp.pages.site import Site
from oidc.endpoints.message import Answer, Header, Request

PREFIX, SUFFIX = "/logo/", ".png"
_HEADERS: tuple[Header, ...] = (
    (b"content-type", b"image/png"),
    (b"cache-control", b"public, max-age=86400, immutable"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


def path(logo: str) -> str:
    """Where the picture of this name is to be had; empty if there is none."""
    return f"{PREFIX}{logo}{SUFFIX}" if logo else ""


async def show(site: Site, request: Request, _: int) -> Answer:
    body = await site.clients.logos.find(request.path.removeprefix(PREFIX).removesuffix(SUFFIX))
    if body is None:
        raise NotFound("no such logo")
    return Answer(200, body, _HEADERS)
