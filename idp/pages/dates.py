"""Times for people: in their language, by the clock of the country. CLDR patterns.

The only module of the pages that knows calendars; it never asks what time it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from babel.dates import format_date, format_datetime, format_skeleton, format_time

from idp.pages.languages import Language
from store.micros import DAY, HOUR, MINUTE, SECOND

COUNTRY = timezone(timedelta(hours=7))  # Viet Nam, without summer time
_SHIFT = 7 * HOUR
_STEPS = (
    *((it * SECOND, "Hms") for it in (1, 5, 15)),
    *((it * MINUTE, "Hm") for it in (1, 5, 15, 60, 360)),
    *((it * DAY, "MMMd") for it in (1, 7)),
)
_APART = (1, 2, 3, 6, 12)  # months


def day(micros: int, language: Language) -> str:
    """*23 November 2026*."""
    return format_date(_there(micros), "long", locale=language.locale)


def brief_day(micros: int, language: Language) -> str:
    """*23 Nov 2026*, for a table."""
    return format_skeleton("yMMMd", _there(micros), locale=language.locale)


def moment(micros: int, language: Language) -> str:
    """The day and the minute."""
    return format_datetime(
        _there(micros), language.gettext("d MMM y, HH:mm"), locale=language.locale
    )


def second(micros: int, language: Language) -> str:
    """The time to the second: *14:02:11*."""
    return format_time(_there(micros), "HH:mm:ss", locale=language.locale)


def calendar_day(text: str, language: Language) -> str:
    """A date as registers write it (ISO 8601), as people read it; else the text itself."""
    try:
        return format_date(date.fromisoformat(text[:10]), "long", locale=language.locale)
    except ValueError:
        return text


def stamp(micros: int) -> str:
    """For machines, to the second: *2026-11-23T14:02:11+07:00* (RFC 3339)."""
    return _there(micros).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Month:
    """``key`` like *2026-11*; from ``begins`` until before ``ends``."""

    key: str
    label: str
    begins: int
    ends: int


def months(since: int, now: int, language: Language) -> Sequence[Month]:
    """Every month of which some lies between, the newest first."""
    first, found = _there(since).date().replace(day=1), []
    day = _there(now).date().replace(day=1)
    while day >= first:
        after = (day + timedelta(days=31)).replace(day=1)
        label = format_skeleton("yMMMM", day, locale=language.locale)
        found.append(Month(f"{day:%Y-%m}", label, _midnight(day), _midnight(after)))
        day = (day - timedelta(days=1)).replace(day=1)
    return found


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on a line of time, and what stands at it."""

    at: int
    label: str


def ticks(begins: int, ends: int, most: int, language: Language) -> Sequence[Tick]:
    """Round times between the two, about ``most`` of them: months, days, or what is shorter."""
    step, skeleton = next((it for it in _STEPS if (ends - begins) // it[0] <= most), (0, "MMM"))
    if step:
        first = -(-(begins + _SHIFT) // step) * step - _SHIFT
        found: Sequence[int] = range(first, ends, step)
    else:
        firsts = [it for it in months(begins, ends, language) if it.begins > begins]
        apart = next(it for it in _APART if len(firsts) <= most * it)
        found = [it.begins for it in reversed(firsts) if (int(it.key[-2:]) - 1) % apart == 0]
        skeleton = "y" if apart == _APART[-1] else skeleton
    locale = language.locale
    return [Tick(at, format_skeleton(skeleton, _there(at), locale=locale)) for at in found]


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=COUNTRY).timestamp()) * SECOND


def _there(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / SECOND, UTC).astimezone(COUNTRY)
