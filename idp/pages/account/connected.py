"""What a person shares now: each service with every fact, whence it comes and when it was read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consent.catalogue import ATTRIBUTES
from consent.looks import Wish
from consent.model import OFFLINE, Record
from consent.narrowing import needed
from consent.purposes import Purpose
from idp.pages.account.names import Called, Names
from idp.pages.account.owner import Owner
from idp.pages.dates import day, moment
from idp.pages.site import Site
from idp.pages.values import initials
from store.micros import DAY

YEAR = 365 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """``read``: when the service last got it; empty if it never did. ``needed``: or all stops."""

    called: Called
    read: str
    needed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """``offline``: it may look when the person is not there."""

    record: Record
    who: Mapping[str, str]
    initials: str
    purpose: str
    consequence: str
    since: str
    until: str
    facts: Sequence[Fact]
    offline: bool

    def fact(self, attr_id: str) -> Fact | None:
        return next((it for it in self.facts if it.called.attr_id == attr_id), None)


async def connected(site: Site, owner: Owner, now: int) -> Sequence[Service]:
    """The newest first."""
    records = await site.records.live(owner.account_id, now)
    names = Names(site, owner.language, now)
    reads = {(record.client_id, name) for record in records for name in record.allowed - {OFFLINE}}
    wish = Wish(since=now - YEAR, before=(now + 1, ""))
    last = await site.looks.last(owner.account_id, reads, wish) if reads else {}
    return [await _service(record, names, last) for record in records]


async def _service(record: Record, names: Names, last: Mapping[tuple[str, str], int]) -> Service:
    who, purpose = await names.service(record.client_id), await names.purpose(record.purpose_id)
    language = names.language
    read = {name: at for (client_id, name), at in last.items() if client_id == record.client_id}
    return Service(
        record=record,
        who=who,
        initials=initials(who["agency"]),
        purpose=await names.title(record.purpose_id),
        consequence=language.of(purpose.refusal) if purpose else "",
        since=day(record.given_at, language),
        until=day(record.expires_at, language),
        facts=[_fact(name, purpose, names, read.get(name)) for name in _in_order(record.allowed)],
        offline=OFFLINE in record.allowed,
    )


def _fact(attr_id: str, purpose: Purpose | None, names: Names, read: int | None) -> Fact:
    return Fact(
        called=names.fact(attr_id),
        read="" if read is None else moment(read, names.language),
        needed=needed(purpose, attr_id),
    )


def _in_order(allowed: frozenset[str]) -> Sequence[str]:
    """As the catalogue lists them, which is how every screen does."""
    return [attr_id for attr_id in ATTRIBUTES if attr_id in allowed]
