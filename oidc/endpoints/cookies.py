"""The cookies. RFC 6265bis section 4.1.3.2 (``__Host-``); RFC 9700 section 4.7.

``BROWSER`` holds the secret under which the sessions of a browser lie; signing in makes it.
``FLOW`` holds the secret that binds what happens before that; the first request makes it.
``DEVICE`` holds a secret by which the browser is known again after a sign-out; it opens nothing.
"""

from keys.secrets import new_secret
from oidc.endpoints.message import Header, Request

BROWSER = "__Host-motcua"
FLOW = "__Host-motcua-flow"
DEVICE = "__Host-motcua-device"
LONGEST = 400 * 24 * 3600  # seconds
_RULES = "Path=/; Secure; HttpOnly; SameSite=Lax"


def set_cookie(name: str, value: str) -> Header:
    return (b"set-cookie", f"{name}={value}; {_RULES}".encode("ascii"))


def keep_cookie(name: str, value: str) -> Header:
    """For as long as a browser keeps any: RFC 6265bis section 5.6.2."""
    return (b"set-cookie", f"{name}={value}; {_RULES}; Max-Age={LONGEST}".encode("ascii"))


def drop_cookie(name: str) -> Header:
    return (b"set-cookie", f"{name}=; {_RULES}; Max-Age=0".encode("ascii"))


def flow_of(request: Request) -> tuple[str, tuple[Header, ...]]:
    """The browser's flow secret, and what makes it remember one made just now."""
    known = request.cookie(FLOW)
    if known:
        return known, ()
    made = new_secret()
    return made, (set_cookie(FLOW, made),)
