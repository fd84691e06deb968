"""How surely somebody must be known, and how surely they are.

OpenID Connect Core sections 2 (``acr``), 3.1.2.1 (``acr_values``, a wish) and 5.5.1.1 (essential:
never a lower one than was asked). Ours are ordered: who reached one has reached those below it.
"""

from oidc.authorize.request import AuthorizeRequest


def level(acr: str) -> int:
    """Of a value of ours: the number at its end."""
    return int(acr.rpartition(":")[2])


def needed_level(request: AuthorizeRequest) -> int:
    """The least that must be reached; zero if nothing must."""
    return min(map(level, request.acr_needed), default=0)


def wished_level(request: AuthorizeRequest) -> int:
    """The least that would do for a wish; zero if there is none."""
    return min(map(level, request.acr_values), default=0)


def told(request: AuthorizeRequest, acr: str) -> str:
    """What the client hears, which is true: of the needed ones the highest that was reached."""
    reached = [it for it in request.acr_needed if level(it) <= level(acr)]
    return max(reached, key=level, default=acr)
