"""What an endpoint is. RFC 8414 section 2 names the addresses of those that have a name."""

from collections.abc import Callable
from dataclasses import dataclass

from oidc.endpoints.message import Handler
from oidc.endpoints.refusal import Refuse
from oidc.ports import Ports
from store.micros import Clock

Factory = Callable[[Ports, Clock], Handler]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """``shared``: scripts of any origin may call it, and bring no cookies."""

    name: str
    path: str
    methods: tuple[str, ...]
    handler: Factory
    refuse: Refuse
    shared: bool = False
