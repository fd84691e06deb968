"""Whose address fetches our key set: told by registered networks, where one client alone has them.

RFC 4632 section 3.1: of two networks one holds the other, or they have nothing in common. An
address that two clients share tells neither from the other, and is nobody's.
"""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from clients.networks import unmapped

Network = IPv4Network | IPv6Network
Registered = Mapping[str, Sequence[Network]]
"""Networks by client."""


class Sources:
    def __init__(self, registered: Registered) -> None:
        self._networks = [
            (network, client_id)
            for client_id, networks in registered.items()
            for network in networks
        ]

    def __bool__(self) -> bool:
        """Whether any client has registered where it fetches from."""
        return bool(self._networks)

    def find(self, address: str) -> str | None:
        """The one client to which this address belongs; ``address`` may be no address at all."""
        try:
            ip = unmapped(ip_address(address.partition("%")[0]))
        except ValueError:
            return None
        owners = {it for network, it in self._networks if ip in network}
        return owners.pop() if len(owners) == 1 else None


def apart(registered: Registered) -> frozenset[str]:
    """Clients with a network, at least one, of which no other has anything."""
    every = [(network, it) for it, networks in registered.items() for network in networks]
    ordered = sorted(every, key=lambda it: (it[0].version, int(it[0][0]), it[0].prefixlen))
    shared = _shared(ordered)
    return frozenset(it for number, (_, it) in enumerate(ordered) if number not in shared)


def _shared(ordered: Sequence[tuple[Network, str]]) -> set[int]:
    """Those that hold another client's network or lie in one. Whoever holds comes first."""
    shared: set[int] = set()
    around: list[int] = []
    for number, (network, client_id) in enumerate(ordered):
        while around and not _holds(ordered[around[-1]][0], network):
            around.pop()
        others = [it for it in around if ordered[it][1] != client_id]
        shared |= {number, *others} if others else set()
        around.append(number)
    return shared


def _holds(outer: Network, inner: Network) -> bool:
    return outer.version == inner.version and inner[0] in outer
