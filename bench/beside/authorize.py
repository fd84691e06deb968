"""The corpus, first part: authorization requests. OpenID Connect Core section 3.1.2.1."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from httpx2 import Response

from bench.beside.visitor import Visitor
from bench.side import ASKS, HOME

Ask = Callable[[Visitor], Response]

NONSENSE = "nonsense"


def changed(**changes: str | None) -> Ask:
    return lambda visitor: visitor.authorize(changes)


def stranger(**changes: str | None) -> Ask:
    return lambda visitor: visitor.authorize(changes, signed_in=False)


def raw(more: str) -> Ask:
    return lambda visitor: visitor.ask(f"{urlencode(ASKS)}&{more}")


def posted(visitor: Visitor) -> Response:
    headers = {"Cookie": visitor.cookie}
    return visitor.http.post(visitor.url(visitor.side.authorize), data=ASKS, headers=headers)


CASES: Mapping[str, Ask] = {
    "everything right": changed(),
    "everything right, nobody signed in": stranger(),
    "the same, posted": posted,
    "no `client_id`": changed(client_id=None),
    "unknown `client_id`": changed(client_id="nobody"),
    "no `redirect_uri`": changed(redirect_uri=None),
    "`redirect_uri` not registered": changed(redirect_uri="https://evil.example/"),
    "`redirect_uri` with a query added": changed(redirect_uri=f"{HOME}?more=1"),
    "`redirect_uri` with a slash added": changed(redirect_uri=f"{HOME}/"),
    "`redirect_uri` in capitals": changed(redirect_uri=HOME.replace("agency", "AGENCY")),
    "no `response_type`": changed(response_type=None),
    "unknown `response_type`": changed(response_type="cookie"),
    "`response_type=token`": changed(response_type="token"),
    "`response_type=id_token`": changed(response_type="id_token"),
    "`response_type=code id_token`": changed(response_type="code id_token"),
    "no `scope`": changed(scope=None),
    "`scope` without `openid`": changed(scope="profile"),
    "an unknown `scope` more": changed(scope="openid weather"),
    "`scope` in another order": changed(scope="email profile openid"),
    "`state` twice": raw("state=second"),
    "`state` empty": changed(state=""),
    "no `state`": changed(state=None),
    "`state` of 4,000 characters": changed(state="s" * 4000),
    "`nonce` of 4,000 characters": changed(nonce="n" * 4000),
    "no `nonce`": changed(nonce=None),
    "an unknown parameter": raw("weather=fine"),
    "`prompt=none`": changed(prompt="none"),
    "`prompt=none`, nobody signed in": stranger(prompt="none"),
    "`prompt=none login`": changed(prompt="none login"),
    "`prompt=login`": changed(prompt="login"),
    "`prompt=consent`": changed(prompt="consent"),
    "`prompt=select_account`": changed(prompt="select_account"),
    "unknown `prompt`": changed(prompt="coffee"),
    "`max_age=0`": changed(max_age="0"),
    "`max_age` negative": changed(max_age="-1"),
    "`max_age` a word": changed(max_age="old"),
    "`max_age=10000`": changed(max_age="10000"),
    "`response_mode=query`": changed(response_mode="query"),
    "`response_mode=fragment`": changed(response_mode="fragment"),
    "`response_mode=form_post`": changed(response_mode="form_post"),
    "unknown `response_mode`": changed(response_mode="pigeon"),
    "an error by `form_post`": changed(response_mode="form_post", prompt="none login"),
    "no `code_challenge`": changed(code_challenge=None, code_challenge_method=None),
    "`code_challenge_method=plain`": changed(code_challenge_method="plain"),
    "no `code_challenge_method`": changed(code_challenge_method=None),
    "`code_challenge` too short": changed(code_challenge="short"),
    "`claims` no JSON": changed(claims="{"),
    "`claims` a list": changed(claims="[]"),
    "`claims` with unknown names": changed(claims='{"userinfo": {"weather": null}}'),
    "`id_token_hint` nonsense": changed(id_token_hint=NONSENSE),
    "`id_token_hint` nonsense, `prompt=none`": changed(id_token_hint=NONSENSE, prompt="none"),
    "unknown `display`": changed(display="billboard"),
    "unknown `ui_locales`": changed(ui_locales="tlh"),
    "unknown `acr_values`": changed(acr_values="urn:example:gold"),
    "`login_hint`": changed(login_hint="somebody"),
    "`request` nonsense": changed(request=NONSENSE),
    "`request_uri` nobody registered": changed(request_uri="https://agency.example/r.jwt"),
    "`request_uri` pushed by nobody": changed(
        request_uri="urn:ietf:params:oauth:request_uri:nothing"
    ),
    "`registration`": changed(registration="{}"),
}
