"""Which language a person gets."""

import pytest

from idp.pages.languages import TAGS, accepted, first, load


@pytest.mark.parametrize(
    ("wishes", "tag"),
    [
        ((), None),
        ((None, "en"), "en"),
        (("fr de",), None),
        (("ar-EG en",), "ar"),
        (("fr en-GB vi",), "en"),
        (("vi-VN", "en"), "vi"),
        (("EN",), "en"),
        (("x" * 10_000,), None),
    ],
)
def test_the_first_wish_that_can_be_met_is(wishes: tuple[str | None, ...], tag: str | None) -> None:
    assert first(wishes, TAGS) == tag


@pytest.mark.parametrize(
    ("header", "wishes"),
    [
        (None, ""),
        ("en", "en"),
        ("fr;q=0.3, en;q=0.9, vi;q=0.5", "en vi fr"),
        ("vi;q=0, en;q=0.1", "en"),
        ("en;q=x, vi;q=0.2", "vi"),
        ("en;q=½, vi;q=²", ""),
        (",,;;q=,", ""),
    ],
)
def test_accept_language_is_read_dearest_first(header: str | None, wishes: str) -> None:
    assert accepted(header) == wishes


@pytest.mark.parametrize(
    ("tag", "listed", "days"),
    [
        ("vi", "a, b và c", ["1 ngày", "1.000 ngày"]),
        ("en", "a, b and c", ["1 day", "1,000 days"]),
        ("ar", "a وb وc", ["يوم واحد", "1,000 يوم"]),
    ],
)
def test_lists_and_numbers_are_written_as_the_language_does(
    tag: str, listed: str, days: list[str]
) -> None:
    language = load()[tag]
    assert language.listed(["a", "b", "c"]) == listed
    assert [language.ngettext("%(num)s day", "%(num)s days", num) for num in (1, 1000)] == days


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "أقل من يوم"),
        (2, "يومين"),
        (3, "3 أيام"),
        (11, "11 يومًا"),
        (100, "100 يوم"),
        (103, "103 أيام"),
    ],
)
def test_arabic_counts_in_six_forms(number: int, said: str) -> None:
    assert load()["ar"].ngettext("%(num)s day", "%(num)s days", number) == said
