"""Codes that carry, sealed, what they stand for. RFC 6749 sections 10.5 and 10.10."""

from dataclasses import replace

import pytest

from consent.policy import claims_of_scopes
from keys.compact import decoded, encoded
from keys.versions import Secrets
from oidc.artefacts import AuthorizationCode
from oidc.codes import Codes
from store.micros import DAY, MINUTE
from tests.oidc.values import CALLBACK, NOON

ABOUT = 900
CODE = AuthorizationCode(
    client_id="shop",
    redirect_uri=CALLBACK,
    code_challenge="c" * 43,
    account_id="00065e8a1b2c3d" + "a" * 32,
    subject="s" * 43,
    scope=frozenset({"openid", "profile", "email"}),
    claims=frozenset({"name", "family_name", "given_name", "birthdate", "email"}),
    nonce="n",
    auth_time=NOON,
    acr="urn:nid:acr:1",
    amr=("pwd",),
    session_id="00065e8a1b2c3d" + "b" * 32,
    sid="i" * 43,
    purpose_id="delivery",
    record_id=None,
    expires_at=NOON + MINUTE,
)
CODES = Codes(Secrets.of(b"k" * 32))


def test_a_code_says_what_it_was_made_of_and_only_to_us() -> None:
    code = CODES.issue(CODE, NOON)
    assert CODES.read(code) == CODE
    assert Codes(Secrets.of(b"o" * 32)).read(code) is None
    assert len(code) < ABOUT
    for value in (CODE.account_id, CODE.subject, CODE.session_id):
        assert value.encode() not in decoded(code.partition(".")[2])


def test_claims_that_the_scope_asks_for_make_a_code_no_longer() -> None:
    as_asked = replace(CODE, claims=claims_of_scopes(CODE.scope))
    code = CODES.issue(as_asked, NOON)
    assert CODES.read(code) == as_asked
    assert len(code) < len(CODES.issue(CODE, NOON))


def test_no_two_codes_are_the_same() -> None:
    assert len({CODES.issue(CODE, NOON) for _ in range(100)}) == 100


def test_codes_grow_with_time() -> None:
    codes = [CODES.issue(CODE, NOON + later) for later in (0, 1, MINUTE, DAY, 400 * DAY)]
    assert codes == sorted(codes)


def test_yesterdays_code_is_still_read_after_midnight() -> None:
    midnight = NOON - NOON % DAY + DAY
    code = CODES.issue(CODE, midnight - 1)
    CODES.issue(CODE, midnight)
    assert CODES.read(code) == CODE


@pytest.mark.parametrize("place", [0, 13, 15, 16, 30, 200, -1])
def test_whatever_is_changed_in_a_code_makes_it_none(place: int) -> None:
    code = CODES.issue(CODE, NOON)
    for other in "0aZ_":
        changed = code[:place] + other + (code[place + 1 :] if place != -1 else "")
        assert changed == code or CODES.read(changed) is None


def test_a_code_is_written_in_one_way_only() -> None:
    code = CODES.issue(CODE, NOON)
    born, _, sealed = code.partition(".")
    for same in (born.upper() + "." + sealed, code + "=", code + "A", " " + code, code + "\n"):
        assert same == code or CODES.read(same) is None


@pytest.mark.parametrize(
    "nonsense",
    ["", ".", "nothing", "ộ\t", f"{NOON:014x}.", f"{NOON:014x}.AAAA", "f" * 14 + "." + "A" * 64],
)
def test_what_is_no_code_stands_for_nothing(nonsense: str) -> None:
    assert CODES.read(nonsense) is None


def test_a_code_moved_to_another_moment_is_none() -> None:
    code = CODES.issue(CODE, NOON)
    moved = f"{NOON + 1:014x}.{encoded(decoded(code.partition('.')[2])).decode()}"
    assert CODES.read(moved) is None
