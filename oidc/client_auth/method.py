"""What a client-authentication method is: its name, its sign, its proof. RFC 6749 section 2.3."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from clients.model import Client
from oidc.client_auth.presented import Presented
from oidc.ports import Ports


@dataclass(frozen=True, slots=True)
class Method:
    """``shown``: does a request use it? ``prove`` raises ``InvalidClient``."""

    name: str
    shown: Callable[[Presented], bool]
    prove: Callable[[Presented, Client, Ports, int], Awaitable[None]]
