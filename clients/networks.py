"""Which addresses a client's own service may answer at. IANA special-purpose registries (RFC 6890).

A name that a client has registered may lead into our network, by mistake or on purpose. Of IPv6
only what is given to networks of the world is public (RFC 4291 section 2.4).
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

_GIVEN = IPv6Network("2000::/3")
_TRANSLATED = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Networks:
    """Public addresses always. ``loopback``: this machine too; ``private``: and these networks."""

    loopback: bool = False
    private: tuple[IPv4Network | IPv6Network, ...] = ()

    def allow(self, address: str) -> bool:
        """``address``: as ``getaddrinfo`` writes it."""
        ip = _inner(ip_address(address.partition("%")[0]))
        if any(ip in network for network in self.private):
            return True
        return self.loopback if ip.is_loopback else _is_public(ip)


def unmapped(ip: Address) -> Address:
    """As its network writes it: a socket for both families maps the old one into the new.

    RFC 4291 section 2.5.5.2.
    """
    return ip if isinstance(ip, IPv4Address) else ip.ipv4_mapped or ip


def _is_public(ip: Address) -> bool:
    given = isinstance(ip, IPv4Address) or ip in _GIVEN
    return given and ip.is_global and not ip.is_multicast


def _inner(ip: Address) -> Address:
    """The address that another one only wraps.

    RFC 4291 section 2.5.5.2, RFC 3056 section 2, and RFC 6052 section 2.1 for translators.
    """
    ip = unmapped(ip)
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _TRANSLATED:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.sixtofour or ip
