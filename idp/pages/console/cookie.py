"""The cookie of an officer's session. RFC 6265bis sections 4.1.3.2 (``__Host-``) and 5.2 (Strict).

Strict, which citizens' cannot be: nobody is ever sent to the console by another site.
"""

from oidc.endpoints.message import Header

COOKIE = "__Host-motcua-console"
_RULES = "Path=/; Secure; HttpOnly; SameSite=Strict"


def set_session(secret: str) -> Header:
    return (b"set-cookie", f"{COOKIE}={secret}; {_RULES}".encode("ascii"))


def drop_session() -> Header:
    return (b"set-cookie", f"{COOKIE}=; {_RULES}; Max-Age=0".encode("ascii"))
