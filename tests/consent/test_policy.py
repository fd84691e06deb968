"""What is asked, what is still to be decided, and what may be released. Pure."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as some

from consent.catalogue import ATTRIBUTES, CLAIMS
from consent.model import Record
from consent.policy import answer, asked_claims, attributes_of, released, unanswered, wanted
from tests.consent.house import NOON, REFUND

NAME, SEX, PHONE = "person.name", "person.sex", "person.phone"
NOTHING: frozenset[str] = frozenset()
RECORD = Record(
    record_id="r-1",
    account_id="a-1",
    client_id="tax",
    purpose_id="refund",
    purpose_version=1,
    asked=frozenset({NAME, SEX}),
    allowed=frozenset({NAME}),
    given_at=NOON,
    expires_at=NOON + 1,
)
attributes = some.frozensets(some.sampled_from(sorted(ATTRIBUTES)))
claims = some.frozensets(some.sampled_from([*sorted(CLAIMS), "nickname", "\x00"]))
records = some.none() | some.builds(
    lambda asked, allowed: replace(RECORD, asked=asked, allowed=allowed & asked),
    attributes,
    attributes,
)


def test_openid_alone_asks_nothing() -> None:
    assert asked_claims({"openid"}) == frozenset()


def test_protocol_64_scopes_and_claims_add_up_and_unknown_names_are_ignored() -> None:
    asked = asked_claims({"openid", "phone", "nickname"}, ["birthdate", "shoe_size"])
    assert asked == {"phone_number", "phone_number_verified", "birthdate"}


def test_decision_15_what_is_asked_stays_within_the_cells() -> None:
    asked = asked_claims({"profile", "email"})
    assert wanted(asked, REFUND) == {NAME, "person.birthdate", SEX}
    assert wanted(asked, None) == frozenset()


def test_i8_the_same_or_a_narrower_need_is_not_asked_again() -> None:
    assert unanswered(frozenset({NAME, SEX}), RECORD) == frozenset()
    assert unanswered(frozenset({NAME}), RECORD) == frozenset()


def test_i8_of_a_wider_need_only_the_new_is_shown() -> None:
    assert unanswered(frozenset({NAME, PHONE}), RECORD) == {PHONE}
    assert unanswered(frozenset({NAME, PHONE}), None) == {NAME, PHONE}


def test_i2_an_optional_item_that_is_not_ticked_is_not_allowed() -> None:
    shown = frozenset({NAME, SEX, PHONE})
    given_answer = answer(shown, None, REFUND, {PHONE, "person.email", "\x00"})
    assert given_answer.asked == shown
    assert given_answer.allowed == {NAME, PHONE}


def test_what_was_decided_before_stays_as_it_was() -> None:
    reached = answer(frozenset({PHONE}), RECORD, REFUND, ())
    assert reached.asked == {NAME, SEX, PHONE}
    assert reached.allowed == {NAME}


def test_what_is_asked_anew_is_decided_anew() -> None:
    record = replace(RECORD, allowed=frozenset({NAME, SEX}))
    reached = answer(frozenset({SEX}), record, REFUND, ())
    assert reached.asked == {NAME, SEX}
    assert reached.allowed == {NAME}


def test_a_law_is_obeyed_without_a_record_but_only_when_asked() -> None:
    assert released(REFUND, NOTHING, frozenset({"name", "gender"})) == {NAME}
    assert released(REFUND, NOTHING, frozenset({"gender"})) == frozenset()


@given(attributes, claims)
def test_i1_and_i2_whatever_was_decided(allowed: frozenset[str], asked: frozenset[str]) -> None:
    leaving = released(REFUND, allowed, asked)
    assert leaving <= attributes_of(asked)
    assert leaving <= {cell.attr_id for cell in REFUND.cells}
    assert leaving <= {NAME} | allowed


@given(attributes, records, some.frozensets(some.text() | some.sampled_from(sorted(ATTRIBUTES))))
def test_i2_a_form_can_say_anything(
    shown: frozenset[str], record: Record | None, ticked: frozenset[str]
) -> None:
    reached = answer(shown, record, REFUND, ticked)
    cells = {cell.attr_id for cell in REFUND.cells}
    assert reached.allowed <= reached.asked
    assert reached.asked <= (shown & cells) | (record.asked if record else frozenset())
    optional = reached.allowed & shown & {SEX, PHONE}
    assert optional <= ticked
