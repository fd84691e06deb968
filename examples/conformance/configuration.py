"""The suite's configuration: what is typed into it, or handed to its ``run-test-plan.py``.

Its ``browser`` member says how a person gets through our pages, and ``override`` what one module
expects instead (``journeys.py``).
"""

from collections.abc import Mapping
from typing import Any

from examples.conformance.addresses import ALIAS
from examples.conformance.journeys import Person, browser, overrides
from examples.conformance.registration import CLIENTS, KEY, Keys

STATIC = "[client_registration=static_client]"
DYNAMIC = "[client_registration=dynamic_client]"
DISCOVERED, CODE = "[server_metadata=discovery]", "[response_type=code]"
CERTIFICATION = "certification-test-plan"
PAIRS = {
    "secrets": ("suite-1", "suite-2"),
    "keys": ("suite-key-1", "suite-key-2"),
    "called": ("suite-called", "suite-2"),
    "framed": ("suite-framed", "suite-2"),
}
"""The two clients of each configuration."""

PLANS = {
    f"oidcc-config-{CERTIFICATION}": "secrets",
    **{
        f"oidcc-{name}-{CERTIFICATION}{DISCOVERED}{how}": "secrets"
        for name in ("basic", "formpost-basic")
        for how in (STATIC, DYNAMIC)
    },
    **{
        f"oidcc-{kind}rp-initiated-logout-{CERTIFICATION}{CODE}{how}": name
        for kind, name in (("", "secrets"), ("backchannel-", "called"), ("frontchannel-", "framed"))
        for how in (STATIC, DYNAMIC)
    },
    f"oidcc-dynamic-{CERTIFICATION}{CODE}": "secrets",
    f"oidcc-3rdparty-init-login-{CERTIFICATION}{CODE}": "secrets",
    f"oidcc-test-plan{DISCOVERED}{CODE}{STATIC}[response_mode=default][client_auth_type={KEY}]": (
        "keys"
    ),
}
"""As ``run-test-plan.py`` names them, each with the variants that it leaves open; and by which
configuration each is run. Those with dynamic clients leave the static ones aside."""


def configurations(
    issuer: str, secrets: Mapping[str, str], keys: Keys, person: Person
) -> dict[str, dict[str, Any]]:
    """By their names in ``PLANS``."""
    same = {
        "alias": ALIAS,
        "description": "Motcua",
        "publish": "summary",
        "server": {
            "discoveryUrl": f"{issuer}/.well-known/openid-configuration",
            "login_hint": person["identifier"],
        },
        "client_secret_post": _client("suite-post", secrets, keys),
        "browser": browser(issuer, person),
        "override": overrides(issuer, person),
    }
    return {
        name: {
            **same,
            "client": {**_client(first, secrets, keys), "client_name": "Conformance suite"},
            "client2": {**_client(second, secrets, keys), "client_name": "Conformance suite, 2nd"},
        }
        for name, (first, second) in PAIRS.items()
    }


def _client(client_id: str, secrets: Mapping[str, str], keys: Keys) -> dict[str, Any]:
    secret = {} if CLIENTS[client_id] == KEY else {"client_secret": secrets[client_id]}
    return {"client_id": client_id, **secret, "jwks": {"keys": [keys[client_id]]}}
