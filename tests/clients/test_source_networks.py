"""Whose address fetches the key set, and who can be told from others by it."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from time import perf_counter

import pytest

from clients.source_networks import Registered, Sources, apart


def of(**networks: str) -> Registered:
    return {name: tuple(ip_network(it) for it in said.split()) for name, said in networks.items()}


@pytest.mark.parametrize(
    ("address", "whose"),
    [
        ("192.0.2.1", "a"),
        ("192.0.2.129", "b"),
        ("198.51.100.7", "a"),
        ("::ffff:198.51.100.7", "a"),
        ("2001:db8::1", "b"),
        ("2001:db8::1%eth0", "b"),
        ("203.0.113.1", None),
        ("2001:db9::1", None),
        ("10.1.1.1", None),
        ("", None),
        ("not an address", None),
    ],
)
def test_an_address_is_of_the_one_client_that_has_it(address: str, whose: str | None) -> None:
    sources = Sources(
        of(
            a="192.0.2.0/25 198.51.100.0/24 10.0.0.0/8",
            b="192.0.2.128/25 2001:db8::/32 10.1.0.0/16",
        )
    )
    assert sources.find(address) == whose


def test_of_forty_thousand_networks_few_are_looked_at() -> None:
    many = {
        str(number): (IPv4Network((number << 8, 24)), IPv6Network((number << 64, 64)))
        for number in range(20_000)
    }
    sources = Sources({**many, "another": (ip_network("0.0.200.7/32"),)})
    started = perf_counter()
    found = [sources.find(f"0.{it >> 8 & 255}.{it & 255}.1") for it in range(200)]
    assert perf_counter() - started < 1, "one by one it takes seconds"
    assert found == [str(it) for it in range(200)]
    assert sources.find("0.0.200.7") is None, "two have it"
    assert sources.find("::9:0:0:0:1") == "9"


def test_whether_any_is_registered() -> None:
    assert Sources(of(a="192.0.2.0/25"))
    assert not Sources(of(a="", b=""))


@pytest.mark.parametrize(
    ("networks", "told"),
    [
        ({}, ""),
        ({"a": ""}, ""),
        ({"a": "192.0.2.0/24"}, "a"),
        ({"a": "192.0.2.0/24", "b": "192.0.2.0/24"}, ""),
        ({"a": "192.0.2.0/24", "b": "192.0.2.8/32"}, ""),
        ({"a": "192.0.2.0/24 198.51.100.0/24", "b": "192.0.2.8/32"}, "a"),
        ({"a": "192.0.2.0/25", "b": "192.0.2.128/25"}, "ab"),
        ({"a": "192.0.2.0/24 192.0.2.0/25"}, "a"),
        ({"a": "10.0.0.0/8", "b": "10.0.0.0/16 10.9.0.0/16", "c": "10.9.1.0/24"}, ""),
        ({"a": "10.0.0.0/16", "b": "10.1.0.0/16", "c": "10.1.0.0/24"}, "a"),
        ({"a": "32.1.13.184/32", "b": "2001:db8::/128"}, "ab"),
    ],
    ids=str,
)
def test_who_shares_all_its_networks_is_told_from_nobody(
    networks: dict[str, str], told: str
) -> None:
    assert apart(of(**networks)) == {*told}
