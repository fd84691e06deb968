"""What somebody whom we believe says of a client's software. RFC 7591 sections 2.3 and 3.1.1."""

from collections.abc import Mapping
from typing import Any, get_args

from clients.dynamic.policy import Policy
from clients.dynamic.refused import BadMetadata
from clients.model import SigningAlg
from keys.compact import BadToken, decoded, json_object, parts
from keys.foreign import means
from keys.statement import named_algorithm, read_statement
from store.micros import SECOND, seconds

LEEWAY = 10 * SECOND
_ENVELOPE = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "software_statement"})


def believed(said: Mapping[str, Any], policy: Policy, now: int) -> dict[str, Any]:
    """The metadata with what its statement says; that wins. Raises ``BadMetadata``."""
    statement = said.get("software_statement")
    if statement is None:
        return dict(said)
    if not isinstance(statement, str):
        raise _invalid("it is a JWT.")
    claims = _claims(statement, policy)
    latest, earliest = claims.get("exp"), max(claims.get("nbf", 0), claims.get("iat", 0))
    if latest is not None and seconds(now - LEEWAY) >= latest:
        raise _invalid("it has expired.")
    if earliest > seconds(now + LEEWAY):
        raise _invalid("it is of the future.")
    return {**said, **{name: it for name, it in claims.items() if name not in _ENVELOPE}}


def _claims(statement: str, policy: Policy) -> dict[str, Any]:
    try:
        issuer = json_object(decoded(parts(statement)[1])).get("iss")
        keys = policy.issuers.get(issuer) if isinstance(issuer, str) else None
        if keys is not None:
            return read_statement(statement, keys, alg=_algorithm(statement), types=(None, "jwt"))
    except BadToken as error:
        raise _invalid("it is no JWT, or not signed by its issuer.") from error
    raise BadMetadata(
        "software_statement: its issuer is not known here.", "unapproved_software_statement"
    )


def _algorithm(statement: str) -> str:
    named = named_algorithm(statement)
    return next((alg for alg in get_args(SigningAlg) if means(named, alg)), "none of ours")


def _invalid(why: str) -> BadMetadata:
    return BadMetadata(f"software_statement: {why}", "invalid_software_statement")
