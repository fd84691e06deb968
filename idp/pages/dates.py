"""Times for people: in their language, by the clock of the country. CLDR patterns.

The only module of the pages that knows calendars; it never asks what time it is.
"""

from datetime import UTC, date, datetime, timedelta, timezone

from babel.dates import format_date, format_datetime, format_time

from idp.pages.languages import Language
from store.micros import SECOND

COUNTRY = timezone(timedelta(hours=7))  # Viet Nam, without summer time


def day(micros: int, language: Language) -> str:
    """*23 November 2026*."""
    return format_date(_there(micros), "long", locale=language.locale)


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


def _there(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / SECOND, UTC).astimezone(COUNTRY)
