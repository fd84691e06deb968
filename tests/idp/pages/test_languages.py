"""Which language a person gets."""

import pytest

from idp.pages.languages import accepted, choose


@pytest.mark.parametrize(
    ("wishes", "tag"),
    [
        ((), "vi"),
        ((None, "en"), "en"),
        (("fr de",), "vi"),
        (("fr en-GB vi",), "en"),
        (("vi-VN", "en"), "vi"),
        (("EN",), "en"),
        (("x" * 10_000,), "vi"),
    ],
)
def test_the_first_wish_that_can_be_met_is(wishes: tuple[str | None, ...], tag: str) -> None:
    assert choose(*wishes) == tag


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
