"""What a client asks for, what is still to be decided, and what may be released.

OpenID Connect Core sections 5.4 and 5.5. What was not asked for is never sent, and what was
optional and not switched on is never sent.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from consent.catalogue import CLAIMS, SCOPES, attribute_of
from consent.model import OFFLINE, Record
from consent.purposes import Purpose
from store.value import as_value

REMEMBERED = 1000  # clients ask the same again and again


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a record shall say: everything asked so far, and what of it is allowed."""

    asked: frozenset[str]
    allowed: frozenset[str]


@as_value()
class LiveGrant:
    """What of a grant releases are decided by, as of one moment; ``claims`` go to userinfo.

    ``allowed``: by its record at that moment, if there is one, and if it is of the same purpose.
    ``contact``: what its account holds, as it lies there, sealed.
    """

    grant_id: str
    client_id: str
    subject: str
    account_id: str | None
    record_id: str | None
    purpose_id: str | None
    scope: frozenset[str]
    claims: frozenset[str]
    allowed: frozenset[str]
    contact: bytes | None = field(repr=False)


def asked_claims(scope: Iterable[str], userinfo: Collection[str] = ()) -> frozenset[str]:
    """The claims that scopes and the ``claims`` parameter name; unknown names are ignored."""
    of_scopes = claims_of_scopes(frozenset(scope))
    return of_scopes | (CLAIMS.keys() & set(userinfo)) if userinfo else of_scopes


@lru_cache(maxsize=REMEMBERED)
def claims_of_scopes(scope: frozenset[str]) -> frozenset[str]:
    return frozenset().union(*(SCOPES.get(name, frozenset()) for name in scope))


@lru_cache(maxsize=REMEMBERED)
def attributes_of(claims: frozenset[str]) -> frozenset[str]:
    """The attributes that these claims are part of."""
    found = (attribute_of(claim) for claim in claims)
    return frozenset(attribute.attr_id for attribute in found if attribute is not None)


def wanted(claims: frozenset[str], purpose: Purpose | None) -> frozenset[str]:
    """The attributes asked for, within the cells of the purpose: outside it nothing is asked."""
    if purpose is None:
        return frozenset()
    return attributes_of(claims).intersection(purpose.by_attribute)


def unanswered(wanted: frozenset[str], record: Record | None) -> frozenset[str]:
    """What the person has not been asked yet. What they refused before is not asked again."""
    return wanted if record is None else wanted - record.asked


def answer(
    shown: frozenset[str], record: Record | None, purpose: Purpose, ticked: Collection[str]
) -> Answer:
    """*Share* was pressed on a page that showed these. ``ticked`` may hold anything at all."""
    cells = [cell for cell in purpose.cells if cell.attr_id in shown]
    allowed = {
        cell.attr_id for cell in cells if cell.necessity == "required" or cell.attr_id in ticked
    }
    offline = shown & {OFFLINE}  # said on the page, and part of what is pressed
    before = Answer(asked=frozenset(), allowed=frozenset())
    if record is not None:  # a live one: of the same version of the same purpose
        before = Answer(asked=record.asked - shown, allowed=record.allowed - shown)
    return Answer(
        asked=before.asked | {cell.attr_id for cell in cells} | offline,
        allowed=before.allowed | allowed | offline,
    )


def released(purpose: Purpose, allowed: frozenset[str], claims: frozenset[str]) -> frozenset[str]:
    """The attributes that may leave: asked for, in a cell, and allowed or read by law."""
    return _leaving(claims, allowed, *purpose.reach)


@lru_cache(maxsize=REMEMBERED)
def _leaving(
    claims: frozenset[str],
    allowed: frozenset[str],
    in_cells: frozenset[str],
    by_law: frozenset[str],
) -> frozenset[str]:
    return attributes_of(claims) & in_cells & (allowed | by_law)
