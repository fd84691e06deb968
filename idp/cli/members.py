"""Members of a client that have no option of their own: ``--set NAME=VALUE``.

By their names in RFC 7591 section 2, and ours of ``clients/model.py``. A list is written as JSON.
Keys come in a file; what is an agency's, approved here or secret is said in other ways.
"""

from collections.abc import Sequence
from typing import Any

import orjson

from clients.model import APPROVED, FROM_AGENCY, OF_SECRETS, Client
from idp.cli.console import fail

_OTHERWISE = {"client_id", "jwks", *FROM_AGENCY, *APPROVED, *OF_SECRETS}
SAYABLE = sorted(Client.model_fields.keys() - _OTHERWISE)


def members(said: Sequence[str]) -> dict[str, Any]:
    """No value is repeated in a fault: it may be a secret in the wrong place."""
    return dict(map(_member, said))


def _member(said: str) -> tuple[str, Any]:
    name, sign, text = said.partition("=")
    if not sign or name not in SAYABLE:
        fail(f"--set is NAME=VALUE, where NAME is one of {', '.join(SAYABLE)}")
    if not text.startswith(("[", "{")):
        return name, text
    try:
        return name, orjson.loads(text)
    except ValueError:
        fail(f"--set {name}: this is no JSON")
