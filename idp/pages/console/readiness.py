"""Who has seen which key, in words: what ``keys/readiness/judge.py`` finds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from idp.pages.console.spoken import short
from idp.pages.dates import moment
from idp.pages.languages import Language
from idp.pages.words import later
from keys.lives.policy import Policy
from keys.readiness.judge import Has, Readiness, Seen
from keys.signing_key import State

HAS: Mapping[Has, str] = MappingProxyType(
    {
        Has.FETCHED: later("has it"),
        Has.NOT: later("does not have it"),
        Has.UNKNOWN: later("unknown"),
    }
)
TONES = {Has.FETCHED: "safe", Has.NOT: "soon", Has.UNKNOWN: ""}


@dataclass(frozen=True, slots=True)
class HeldKey:
    """A key that does not sign yet, for others have not fetched it. ``share``: what they carry."""

    short: str
    alg: str
    stale: str
    share: str


@dataclass(frozen=True, slots=True)
class Reader:
    """A service and whether it has the key. ``since`` is empty where nobody knows."""

    name: str
    has: str
    tone: str
    share: str
    since: str


def held(found: Iterable[Readiness], policy: Policy, language: Language) -> Sequence[HeldKey]:
    """Where the gate is shut. In a demonstration it never is."""
    return [
        HeldKey(short(it.kid), it.alg, _of(len(it.stale), it.known, language), _share(it, language))
        for it in found
        if it.state is State.PUBLISHED
        and not policy.demonstration
        and not it.is_ready(policy.stale_percent)
    ]


def seen_by(found: Readiness | None, language: Language) -> str:
    """For a line of the table; nothing of a key that is shown to nobody, or concerns nobody."""
    if found is None or not found.services:
        return ""
    return _of(len(found.fetched), found.known, language)


def reader(seen: Seen, name: str, language: Language) -> Reader:
    return Reader(
        name=name,
        has=language.gettext(HAS[seen.has]),
        tone=TONES[seen.has],
        share=language.per_cent(seen.share * 100),
        since="" if seen.first_at is None else moment(seen.first_at, language),
    )


def _of(some: int, known: int, language: Language) -> str:
    return language.gettext("%(some)s of %(all)s", some=some, all=known)


def _share(found: Readiness, language: Language) -> str:
    return language.per_cent(found.share(Has.NOT) * 100)
