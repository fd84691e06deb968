"""The ``claims`` parameter. OpenID Connect Core sections 5.2, 5.5 and 5.5.1.

Claims of a person are given at userinfo alone; for the ID token only ``acr`` and ``sub`` can be
asked for, and ``auth_time``, which it always holds. Both may say whom they mean by ``sub``. What is
not known is ignored. Registers hold each value in one language: it is what there is for who asks
for a claim in any (``name#vi``).
"""

from typing import Any

import orjson

from oidc.errors import InvalidRequest
from store.value import as_value

LONGEST = 16 * 1024  # characters
DEEPEST = 8  # objects and lists in one another; what we know needs four


@as_value(kw_only=True)
class AskedClaims:
    """``acr_needed``, ``subjects``: one of them must be reached, or be meant, if there are any."""

    userinfo: frozenset[str] = frozenset()
    acr_needed: frozenset[str] = frozenset()
    acr_wished: tuple[str, ...] = ()
    subjects: frozenset[str] = frozenset()


NOTHING = AskedClaims()


def parse(text: str | None) -> AskedClaims:
    if text is None:
        return NOTHING
    asked = read(text)
    userinfo, id_token = members(asked, "userinfo"), members(asked, "id_token")
    acr = values(id_token, "acr")
    needed = id_token.get("acr", {}).get("essential") is True
    return AskedClaims(
        userinfo=frozenset(name.partition("#")[0] for name in userinfo),
        acr_needed=frozenset(acr) if needed else frozenset(),
        acr_wished=() if needed else acr,
        subjects=meant(values(userinfo, "sub"), values(id_token, "sub")),
    )


def read(text: str) -> dict[str, Any]:
    if len(text) > LONGEST:
        raise malformed("too long")
    try:
        asked = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise malformed("no JSON") from error
    if not isinstance(asked, dict):
        raise malformed("no object")
    if is_deeper(asked, DEEPEST):
        raise malformed("too deep")
    return asked


def is_deeper(value: object, most: int) -> bool:
    """Whether more objects and lists than so many lie in one another."""
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return most == 0 or any(is_deeper(each, most - 1) for each in inner)


def members(asked: dict[str, Any], name: str) -> dict[str, dict[str, Any]]:
    """Each claim and what is said of it; ``null`` says nothing."""
    found = asked.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise malformed(f"{name} is no object")
    if not all(said is None or isinstance(said, dict) for said in found.values()):
        raise malformed(f"a claim of {name} is neither null nor an object")
    return {claim: said or {} for claim, said in found.items()}


def values(claims: dict[str, dict[str, Any]], name: str) -> tuple[str, ...]:
    said = claims.get(name, {})
    several = said.get("values", [])
    found = [said["value"]] if "value" in said else several
    if not isinstance(found, list) or not all(isinstance(value, str) for value in found):
        raise malformed(f"the values of {name} are no texts")
    return tuple(found)


def meant(userinfo: tuple[str, ...], id_token: tuple[str, ...]) -> frozenset[str]:
    """Both speak of one person."""
    if not (userinfo and id_token):
        return frozenset(userinfo or id_token)
    both = frozenset(userinfo) & frozenset(id_token)
    if not both:
        raise malformed("userinfo and id_token mean different persons")
    return both


def malformed(detail: str) -> InvalidRequest:
    return InvalidRequest(f"claims: {detail}", public="The claims parameter is malformed.")
