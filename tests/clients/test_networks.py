"""Which addresses a client's service may answer at."""

from ipaddress import ip_network

import pytest

from clients.networks import Networks

PUBLIC = (
    "93.184.215.14",
    "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
    "64:ff9b::5db8:d70e",
)
LOOPBACK = (
    "127.0.0.1",
    "127.8.8.8",
    "::1",
    "::ffff:127.0.0.1",
    "2002:7f00:1::1",
    "64:ff9b::7f00:1",
)
PRIVATE = (
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "224.0.1.1",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "::",
    "::ffff:10.0.0.1",
    "2002:a00:1::1",
    "64:ff9b::a00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a00:1",
    "::7f00:1",
    "::ffff:0:7f00:1",
    "fec0::1",
    "5f00::1",
)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_always_good(address: str) -> None:
    assert Networks().allow(address)
    assert Networks(loopback=True).allow(address)


@pytest.mark.parametrize("address", LOOPBACK)
def test_this_machine_is_good_in_the_demonstration_alone(address: str) -> None:
    assert Networks(loopback=True).allow(address)
    assert not Networks().allow(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_what_leads_into_a_network_is_not_good(address: str) -> None:
    assert not Networks().allow(address)
    assert not Networks(loopback=True).allow(address)


def test_a_network_that_is_named_is_good_and_the_next_is_not() -> None:
    networks = Networks(private=(ip_network("10.1.0.0/16"), ip_network("fd00:1::/32")))
    assert networks.allow("10.1.2.3")
    assert networks.allow("::ffff:10.1.2.3")
    assert networks.allow("fd00:1::5")
    assert not networks.allow("10.2.0.1")
    assert not networks.allow("fd00:2::5")
