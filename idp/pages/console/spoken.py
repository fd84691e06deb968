"""A signing key in words: a line of the table, and what the drawing says to who does not see it.

WCAG 2.2, 1.1.1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from markupsafe import Markup, escape

from idp.pages.console.timeline import turn_of
from idp.pages.dates import brief_day, moment
from idp.pages.languages import Language
from idp.pages.words import later
from keys.lives.lifecycle import Life
from keys.lives.places import Place
from keys.lives.plan import Task
from keys.signing_key import State

_NAMED = Markup('<span dir="ltr" translate="no">{} ({})</span>')
SHORT = 8  # of a kid's 43 letters: enough to tell those of one house apart

STATES: Mapping[State, str] = MappingProxyType(
    {
        State.PUBLISHED: later("published"),
        State.ACTIVE: later("active"),
        State.RETIRING: later("retiring"),
        State.RETIRED: later("retired"),
        State.SUSPENDED: later("suspended"),
        State.COMPROMISED: later("compromised"),
        State.PENDING_DESTRUCTION: later("to be destroyed"),
        State.DESTROYED: later("destroyed"),
    }
)
PLACES: Mapping[Place, str] = MappingProxyType(
    {
        Place.SOFTWARE: later("database, sealed"),
        Place.TOKEN: later("hardware module"),
        Place.SERVICE: later("signing service"),
        Place.ERASED: later("erased"),
    }
)
_TONES = {
    State.ACTIVE: "safe",
    State.PUBLISHED: "soon",
    State.SUSPENDED: "bad",
    State.COMPROMISED: "bad",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """``tone``: how its state is coloured. ``until``: by the plan, empty if there is none."""

    kid: str
    short: str
    alg: str
    state: str
    tone: str
    since: str
    until: str
    place: str


def short(kid: str) -> str:
    return kid[:SHORT]


def entry(life: Life, place: Place, tasks: Sequence[Task], language: Language) -> Entry:
    say, turn = language.gettext, turn_of(life, tasks)
    until = turn if life.state is State.ACTIVE else None
    return Entry(
        kid=life.kid,
        short=short(life.kid),
        alg=life.alg,
        state=say(STATES[life.state]),
        tone=_TONES.get(life.state, ""),
        since=brief_day(life.changed_at, language),
        until="" if until is None else brief_day(until, language),
        place=say(PLACES[place]),
    )


def aloud(life: Life, tasks: Sequence[Task], language: Language) -> Markup:
    """What its bars say."""
    say, at = language.gettext, turn_of(life, tasks)
    turn = "" if at is None else moment(at, language)
    said = {
        "key": _NAMED.format(short(life.kid), life.alg),
        "state": say(STATES[life.state]),
        "since": moment(life.changed_at, language),
        "turn": turn,
    }
    match life.state:
        case State.ACTIVE if turn:
            sentence = say("%(key)s signs since %(since)s, and is to sign until %(turn)s.")
        case State.ACTIVE:
            sentence = say("%(key)s signs since %(since)s.")
        case State.PUBLISHED if turn:
            sentence = say("%(key)s is shown since %(since)s, and is to sign from %(turn)s.")
        case State.PUBLISHED:
            sentence = say("%(key)s is shown since %(since)s.")
        case _:
            sentence = say("%(key)s is %(state)s since %(since)s.")
    return escape(sentence) % said
