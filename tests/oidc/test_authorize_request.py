"""RFC 6749 section 4.1.1, RFC 7636 and OpenID Connect Core 3.1.2.1: what a request may say."""

from dataclasses import replace

import pytest

from oidc.authorize.channel import check
from oidc.authorize.request import AuthorizeRequest, parse
from oidc.errors import OAuthError
from oidc.params import Params
from oidc.scopes import REMEMBERED, remembered
from oidc.tokens import ACCESS, ID
from store.micros import SECOND
from tests.oidc.values import CONFIG, EMAIL, NAME, NOON, RING, SHOP, asked, asker, params

ID_TOKEN = RING.sign({"sub": "s-1", "aud": "shop", "exp": 1}, typ=ID)
NO_PKCE = {"code_challenge": None, "code_challenge_method": None}
ONE, TWO = "urn:nid:acr:1", "urn:nid:acr:2"


def checked(sent: Params) -> AuthorizeRequest:
    check(sent, SHOP)
    return parse(sent, asker(), NOON)


@pytest.mark.protocol(26, 27, 35, 36, 61)
def test_a_scope_of_any_length_is_read_and_only_a_short_one_is_remembered() -> None:
    """Anybody may ask for anything: what they say must not fill the memory."""
    before = remembered.cache_info().currsize
    for number in range(50):
        assert asked(scope=f"openid {number:0400}").scope == {"openid"}
    assert remembered.cache_info().currsize <= before + 1
    assert remembered.cache_info().maxsize == REMEMBERED


def test_a_request_says_what_is_wanted() -> None:
    request = asked(max_age="60", ui_locales="vi en", login_hint="ada", prompt="login consent")
    assert (request.state, request.nonce, request.received_at) == ("s", "n", NOON)
    assert request.scope == {"openid", "profile", "email"}
    assert {"name", "birthdate", "email", "email_verified"} <= request.claims
    assert request.wanted == NAME | EMAIL
    assert request.max_age == 60 * SECOND
    assert request.prompt == {"login", "consent"}
    assert (request.login_hint, request.ui_locales) == ("ada", "vi en")
    assert AuthorizeRequest.load(request.dump()) == request


@pytest.mark.protocol(44)
@pytest.mark.parametrize(
    ("scope", "kept"),
    [
        ("openid", {"openid"}),
        ("email openid", {"openid", "email"}),
        ("openid unknown offline_access  phone", {"openid", "phone"}),
        ("openid openid", {"openid"}),
    ],
)
def test_unknown_scopes_are_ignored(scope: str, kept: set[str]) -> None:
    assert asked(scope=scope).scope == kept


def test_scopes_the_client_may_not_ask_are_ignored() -> None:
    assert parse(params(), asker(scope="openid email"), NOON).scope == {"openid", "email"}


@pytest.mark.protocol(64)
def test_claims_work_alone_and_beside_scopes() -> None:
    email = '{"userinfo": {"email": null, "unknown": null}}'
    assert asked(scope="openid", claims=email).wanted == EMAIL
    assert asked(scope="openid profile", claims=email).wanted == NAME | EMAIL
    assert asked(scope="openid", claims=email).claims == {"email"}


@pytest.mark.protocol(45, 46)
@pytest.mark.parametrize("name", ["display", "ui_locales", "claims_locales", "login_hint", "odd"])
def test_a_wish_is_never_an_error(name: str) -> None:
    for value in ("popup", "?", "x" * 30_000, "vi-VN ộ"):
        check(params(**{name: value}).sound(), SHOP)
        assert asked(**{name: value}).scope
    assert asked(login_hint="x" * 257).login_hint is None


@pytest.mark.protocol(25, 56)
def test_the_default_max_age_holds_where_none_is_sent() -> None:
    client = asker(default_max_age=30)
    assert parse(params(), client, NOON).max_age == 30 * SECOND
    assert parse(params(max_age="0"), client, NOON).max_age == 0
    assert asked().max_age is None


@pytest.mark.protocol(49)
def test_a_client_that_may_do_without_pkce() -> None:
    assert parse(params(**NO_PKCE), asker(require_pkce=False), NOON).code_challenge is None
    assert parse(params(), asker(require_pkce=False), NOON).code_challenge


@pytest.mark.protocol(25, 47)
def test_the_registered_wish_holds_where_none_is_sent() -> None:
    config, default = replace(CONFIG, acr_values=(ONE, TWO)), (ONE, "x")
    ours = asker(config, default_acr_values=default)
    assert parse(params(), ours, NOON).acr_values == (ONE,)
    assert parse(params(acr_values=TWO), ours, NOON).acr_values == (TWO,)


@pytest.mark.protocol(47)
def test_wishes_for_acr_are_those_that_can_be_met() -> None:
    claims = f'{{"id_token": {{"acr": {{"values": ["{TWO}"]}}}}}}'
    ours = asker(replace(CONFIG, acr_values=("urn:nid:acr:1", TWO)))
    wished = parse(params(acr_values="a urn:nid:acr:1", claims=claims), ours, NOON)
    assert wished.acr_values == ("urn:nid:acr:1", TWO)
    assert asked(acr_values="a b", claims=claims).acr_values == ()


@pytest.mark.protocol(48)
def test_what_is_needed_and_within_reach() -> None:
    claims = f'{{"id_token": {{"acr": {{"essential": true, "values": ["x", "{TWO}"]}}}}}}'
    config = replace(CONFIG, acr_values=("urn:nid:acr:1", TWO))
    assert parse(params(claims=claims), asker(config), NOON).acr_needed == {TWO}
    with pytest.raises(OAuthError) as refused:
        asked(claims=claims)
    assert refused.value.code == "unmet_authentication_requirements"


@pytest.mark.protocol(59)
def test_whom_the_client_means() -> None:
    several = '{"userinfo": {"sub": {"values": ["s-2", "s-1"]}}}'
    claims = '{"id_token": {"sub": {"value": "s-1"}}}'
    assert asked(id_token_hint=ID_TOKEN).subjects == {"s-1"}
    assert asked(claims=claims).subjects == {"s-1"}
    assert asked(claims=claims, id_token_hint=ID_TOKEN).subjects == {"s-1"}
    assert asked(claims=several, id_token_hint=ID_TOKEN).subjects == {"s-1"}
    assert asked(claims=several).subjects == {"s-1", "s-2"}
    assert asked().subjects == set()


@pytest.mark.protocol(30, 32, 33, 35, 36, 40, 44, 49, 53, 59, 64)
@pytest.mark.parametrize(
    ("changes", "code", "detail"),
    [
        ({"response_type": None}, "invalid_request", "missing response_type"),
        ({"response_type": "token"}, "unsupported_response_type", "is not code"),
        ({"response_type": "code id_token"}, "unsupported_response_type", "is not code"),
        ({"response_type": "code code"}, "unsupported_response_type", "is not code"),
        ({"response_mode": "fragment"}, "invalid_request", "response_mode"),
        ({"response_mode": "nonsense"}, "invalid_request", "response_mode"),
        ({"registration": "{}"}, "registration_not_supported", "registration was sent"),
        ({"scope": None}, "invalid_scope", "no openid"),
        ({"scope": "email"}, "invalid_scope", "no openid"),
        ({"scope": "OPENID"}, "invalid_scope", "no openid"),
        (NO_PKCE, "invalid_request", "no code_challenge"),
        ({"code_challenge": None}, "invalid_request", "no code_challenge"),
        ({"code_challenge": "short"}, "invalid_request", "bad code_challenge"),
        ({"code_challenge": "x" * 129}, "invalid_request", "bad code_challenge"),
        ({"code_challenge": "x" * 42 + "="}, "invalid_request", "bad code_challenge"),
        ({"code_challenge_method": "plain"}, "invalid_request", "not S256"),
        ({"code_challenge_method": None}, "invalid_request", "not S256"),
        ({"code_challenge_method": "s256"}, "invalid_request", "not S256"),
        ({"prompt": "none login"}, "invalid_request", "prompt=none and more"),
        ({"prompt": "create"}, "invalid_request", "unknown prompt"),
        ({"max_age": "-1"}, "invalid_request", "max_age"),
        ({"max_age": "1.5"}, "invalid_request", "max_age"),
        ({"max_age": "soon"}, "invalid_request", "max_age"),
        ({"max_age": "٣"}, "invalid_request", "max_age"),
        ({"max_age": "9" * 11}, "invalid_request", "max_age"),
        ({"state": "s" * 4097}, "invalid_request", "state is too long"),
        ({"nonce": "n" * 4097}, "invalid_request", "nonce is too long"),
        ({"nonce": "ộ" * 1366}, "invalid_request", "nonce is too long"),
        ({"claims": "{"}, "invalid_request", "claims: no JSON"),
        ({"id_token_hint": "a.b.c"}, "invalid_request", "id_token_hint is not ours"),
        (
            {"id_token_hint": RING.sign({"sub": "s-1", "exp": 1}, typ=ACCESS)},
            "invalid_request",
            "id_token_hint is not ours",
        ),
        (
            {"id_token_hint": ID_TOKEN, "claims": '{"id_token": {"sub": {"value": "s-2"}}}'},
            "invalid_request",
            "different persons",
        ),
    ],
)
def test_what_is_refused(changes: dict[str, str | None], code: str, detail: str) -> None:
    with pytest.raises(OAuthError, match=detail) as refused:
        checked(params(**changes))
    assert refused.value.code == code


@pytest.mark.protocol(33)
def test_a_client_without_the_grant_type_is_not_authorized() -> None:
    clerk = SHOP.model_copy(update={"grant_types": frozenset({"client_credentials"})})
    with pytest.raises(OAuthError) as refused:
        check(params(), clerk)
    assert refused.value.code == "unauthorized_client"


@pytest.mark.protocol(35)
@pytest.mark.parametrize("nonce", ["n" * 64, "n" * 384, "n" * 4096, "a b+c%20&=ộ\t'\"\\"])
def test_a_nonce_is_kept_byte_for_byte(nonce: str) -> None:
    assert AuthorizeRequest.load(asked(nonce=nonce).dump()).nonce == nonce
