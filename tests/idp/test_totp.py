"""Codes of an authenticator app. RFC 6238; NIST SP 800-63B-4 sections 3.1.2 and 3.1.4."""

from base64 import b32decode
from urllib.parse import parse_qs, urlsplit

import pytest

from idp.authentication import recovery, totp
from store.micros import SECOND
from tests.world import NOON

RFC_SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_codes_are_those_of_appendix_b(seconds: int, code: str) -> None:
    assert totp.code_at(RFC_SECRET, totp.step_of(seconds * SECOND)) == code


@pytest.mark.parametrize(
    ("off", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_be_one_step_off(off: int, taken: bool) -> None:
    step = totp.step_of(NOON) + off
    shown = totp.step_shown(RFC_SECRET, totp.code_at(RFC_SECRET, step), NOON)
    assert shown == (step if taken else None)


@pytest.mark.parametrize("code", ["", "28708", "2870820", "٢٨٧٠٨٢", "\ud800", "abcdef"])
def test_what_is_no_code_is_of_no_step(code: str) -> None:
    assert totp.step_shown(RFC_SECRET, code, 59 * SECOND) is None


def test_a_secret_has_160_bits_and_can_be_typed() -> None:
    secret = totp.new_shared_secret()
    assert len(secret) * 8 == 160
    assert totp.new_shared_secret() != secret
    groups = totp.typed(secret).split(" ")
    assert {len(group) for group in groups} == {4}
    assert b32decode("".join(groups)) == secret


def test_the_picture_tells_the_app_all_it_needs() -> None:
    said = urlsplit(totp.address(RFC_SECRET, "•••018", "Một Cửa"))
    assert (said.scheme, said.netloc) == ("otpauth", "totp")
    told = {name: value for name, [value] in parse_qs(said.query).items()}
    assert told["issuer"] == "Một Cửa"
    assert (told["digits"], told["period"], told["algorithm"]) == ("6", "30", "SHA1")
    assert b32decode(told["secret"]) == RFC_SECRET


def test_recovery_codes_are_ten_of_120_bits() -> None:
    codes = recovery.new_codes()
    assert len({*codes, *recovery.new_codes()}) == 20
    for code in codes:
        letters = code.replace("-", "")
        assert len(letters) * 5 == 120
        assert {*letters} <= {*recovery.LETTERS}
    assert len(recovery.LETTERS) == 32


@pytest.mark.parametrize(
    "typed",
    ["0123-4567-89ab-1100-wxyz-vvvv", "0123 4567 89AB IL0O WXYZ VVVV", "oi23456789abl10owxyzvvvv"],
)
def test_a_recovery_code_may_be_typed_as_it_is_read(typed: str) -> None:
    assert recovery.code_digest(typed) == recovery.code_digest("0123456789ab1100wxyzvvvv")
