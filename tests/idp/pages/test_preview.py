"""How old a value is, as the decision page says it."""

import pytest

from consent.values import Shown
from idp.pages.languages import load
from idp.pages.preview import facts
from store.micros import DAY

LANGUAGES = load()
SEX = "person.sex"


@pytest.mark.parametrize(
    ("updated_at", "as_of", "language", "origin"),
    [
        ("2021-05-02", 365 * DAY, "en", "Population register, as of 2 May 2021"),
        (None, 365 * DAY, "en", "Population register, as of 1 January 1971"),
        (None, None, "en", "Population register"),
        ("2021-05-02", None, "vi", "Cơ sở dữ liệu dân cư, tính đến 2 tháng 5, 2021"),
    ],
)
def test_the_day_of_the_last_change_counts_more_than_that_of_the_answer(
    updated_at: str | None, as_of: int | None, language: str, origin: str
) -> None:
    shown = Shown(value="female", state="known", updated_at=updated_at, as_of=as_of)

    [fact] = facts({SEX: shown}, [SEX], LANGUAGES[language]).values()

    assert fact.origin == origin


def test_a_register_that_answers_from_the_past_says_since_when() -> None:
    shown = Shown(
        value="female", state="known", updated_at="1970-01-01", as_of=365 * DAY, outdated=True
    )

    [fact] = facts({SEX: shown}, [SEX], LANGUAGES["en"]).values()

    assert fact.origin == "Population register, not confirmed since 1 Jan 1971, 07:00"
