"""Whose address fetches our key set: told by registered networks, where one client alone has them.

RFC 4632 section 3.1: of two networks one holds the other, or they have nothing in common. An
address that two clients share tells neither from the other, and is nobody's.
"""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from clients.networks import Address, unmapped

Network = IPv4Network | IPv6Network
Registered = Mapping[str, Sequence[Network]]
"""Networks by client."""
_Around = tuple[int, int, int]


class Sources:
    """However many there are, an address is held against one network of each length at most."""

    def __init__(self, registered: Registered) -> None:
        self._owners: dict[_Around, set[str]] = {}
        self._lengths = {4: set[int](), 6: set[int]()}
        for client_id, networks in registered.items():
            for network in networks:
                around = _around(network.network_address, network.prefixlen)
                self._owners.setdefault(around, set()).add(client_id)
                self._lengths[network.version].add(network.prefixlen)

    def __bool__(self) -> bool:
        """Whether any client has registered where it fetches from."""
        return bool(self._owners)

    def find(self, address: str) -> str | None:
        """The one client to which this address belongs; ``address`` may be no address at all."""
        try:
            ip = unmapped(ip_address(address.partition("%")[0]))
        except ValueError:
            return None
        around = (_around(ip, length) for length in self._lengths[ip.version])
        owners = {it for network in around for it in self._owners.get(network, ())}
        return owners.pop() if len(owners) == 1 else None


def _around(ip: Address, length: int) -> _Around:
    """The network of this length in which the address lies: all that its addresses share."""
    return ip.version, length, int(ip) >> (ip.max_prefixlen - length)


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
