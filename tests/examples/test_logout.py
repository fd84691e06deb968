"""What an agency takes for a logout token, and whom it signs out then.

OpenID Connect Back-Channel Logout 1.0 section 2.6.
"""

from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from examples.agency.logout import EVENT, Ended, NoLogoutToken, read
from examples.agency.visits import Visit, Visits
from oidc.endpoints.http import utc_now
from store.micros import seconds

KEY = ECKey.generate_key("P-256", auto_kid=True)
JWKS = KeySet([KEY]).as_dict(private=False)
NOW = seconds(utc_now())
CLAIMS: dict[str, Any] = {
    "iss": "https://id.example",
    "aud": "portal",
    "iat": NOW,
    "exp": NOW + 7200,  # tests may take a while to come to this
    "jti": "one",
    "sub": "ada",
    "sid": "here",
    "events": {EVENT: {}},
}


def token(key: ECKey = KEY, typ: str = "logout+jwt", **changes: object) -> str:
    """None leaves a claim out."""
    said = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}
    return jwt.encode({"alg": "ES256", "typ": typ, "kid": KEY.kid}, said, key)


def ended(token: str) -> Ended:
    return read(token, JWKS, issuer="https://id.example", client_id="portal", now=NOW)


def test_a_logout_token_says_whose_session_has_ended() -> None:
    assert ended(token()) == Ended("ada", "here")
    assert ended(token(sid=None)) == Ended("ada", None)
    assert ended(token(sub=None)) == Ended(None, "here")


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "a.b.c",
        "ộ",
        token(typ="JWT"),
        token(key=ECKey.generate_key("P-256")),
        token(iss="https://evil.example"),
        token(aud="tax"),
        token(exp=NOW - 600),
        token(exp=None),
        token(iat=None),
        token(jti=None),
        token(nonce="n"),
        token(events=None),
        token(events=[EVENT]),
        token(events={"another": {}}),
        token(events={EVENT: "yes"}),
        token(sub=None, sid=None),
    ],
)
def test_anything_else_signs_nobody_out(wrong: str) -> None:
    with pytest.raises(NoLogoutToken):
        ended(wrong)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (Ended("ada", "here"), ["ada there", "bao here"]),
        (Ended("ada", None), ["bao here"]),
        (Ended(None, "there"), ["ada here", "bao here"]),
        (Ended("ada", "nowhere"), ["ada here", "ada there", "bao here"]),
    ],
    ids=str,
)
def test_those_visits_end_that_it_is_about(said: Ended, left: list[str]) -> None:
    visits = Visits()
    names = {
        visits.begin(Visit({"userinfo": {"sub": sub, "sid": sid}}, {})): f"{sub} {sid}"
        for sub, sid in (("ada", "here"), ("ada", "there"), ("bao", "here"))
    }
    visits.end_all(said)
    assert [who for name, who in names.items() if visits.find(name)] == left
