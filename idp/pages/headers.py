"""What every page says about itself to the browser.

Content Security Policy Level 3; RFC 6797 (HSTS); RFC 9700 section 4.16 (no framing).
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

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


def page_headers(issuer: str, answers_to: Iterable[str] = ()) -> dict[str, str]:
    """The headers of one page.

    ``answers_to``: the proven addresses its forms may end at. Chromium judges the redirect
    that follows a form by ``form-action`` too, so each page names the one it may lead to.
    """
    targets = sorted({source(address) for address in answers_to})
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'"
    )
    secure = {"Strict-Transport-Security": HSTS} if issuer.startswith("https:") else {}
    return {**_FIXED, "Content-Security-Policy": " ".join([policy, *targets]), **secure}


def source(address: str) -> str:
    """The source expression of a redirect URI: its origin, or the scheme of an application."""
    parts = urlsplit(address)
    web = parts.scheme in {"http", "https"}
    return f"{parts.scheme}://{parts.netloc}" if web else f"{parts.scheme}:"
