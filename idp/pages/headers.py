"""What every page says about itself to the browser.

Content Security Policy Level 3; RFC 6797 (HSTS); RFC 9700 section 4.16 (no framing).
"""

from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from oidc.endpoints.message import Header

_FIXED = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Language, Cookie",
    "X-Frame-Options": "DENY",
}
HSTS = "max-age=63072000"


@lru_cache(maxsize=256)
def page_headers(
    issuer: str,
    answers_to: tuple[str, ...] = (),
    scripts: tuple[str, ...] = (),
    frames: tuple[str, ...] = (),
    *,
    stays: bool = True,
) -> tuple[Header, ...]:
    """The headers of one page.

    ``answers_to``: the proven addresses its forms may end at. Chromium judges the redirect
    that follows a form by ``form-action`` too, so each page names the one it may lead to.
    ``stays``: they may also come to us. ``scripts``: the paths of those it runs, which may load
    the page again, and no others. ``frames``: what it loads in frames, and nothing else there.
    """
    targets = [*(["'self'"] if stays else []), *sorted({source(it) for it in answers_to})]
    policy = [
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'",
        "frame-ancestors 'none'",
        " ".join(["form-action", *targets]),
        *_loaded(issuer, scripts, frames),
    ]
    secure = {"Strict-Transport-Security": HSTS} if issuer.startswith("https:") else {}
    said = {**_FIXED, "Content-Security-Policy": "; ".join(policy), **secure}
    return tuple((name.lower().encode(), value.encode()) for name, value in said.items())


def _loaded(issuer: str, scripts: tuple[str, ...], frames: tuple[str, ...]) -> Iterator[str]:
    run = " ".join(f"{issuer}{path}" for path in scripts)
    framed = " ".join(sorted({source(it) for it in frames}))
    if run:
        yield f"script-src {run}; connect-src 'self'"
    if framed:
        yield f"frame-src {framed}"


def source(address: str) -> str:
    """The source expression of a redirect URI: its origin, or the scheme of an application."""
    parts = urlsplit(address)
    web = parts.scheme in {"http", "https"}
    return f"{parts.scheme}://{parts.netloc}" if web else f"{parts.scheme}:"
