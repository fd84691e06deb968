"""The catalogue says everything about an attribute once, in both languages."""

import pytest

from consent.catalogue import (
    ATTRIBUTES,
    CLAIMS,
    LANGUAGES,
    REGISTER_NAMES,
    SCOPES,
    Attribute,
    attribute_of,
)
from store.micros import HOUR, MINUTE

every_attribute = pytest.mark.parametrize("attribute", ATTRIBUTES.values(), ids=ATTRIBUTES)


@every_attribute
def test_it_has_a_label_and_a_source_that_people_can_read(attribute: Attribute) -> None:
    for texts in (attribute.labels, REGISTER_NAMES[attribute.register_id]):
        assert texts.keys() == set(LANGUAGES)
        assert all(texts.values())


@every_attribute
def test_i17_each_claim_is_part_of_one_attribute(attribute: Attribute) -> None:
    assert all(attribute_of(claim) is attribute for claim in attribute.claims)


def test_the_personal_number_never_rests_on_consent_alone() -> None:
    assert ATTRIBUTES["person.id_number"].bases == {"request", "statutory"}


def test_protocol_61_every_claim_of_a_scope_can_be_had() -> None:
    assert SCOPES.keys() == {"profile", "email", "phone", "address"}
    assert all(claims <= CLAIMS.keys() for claims in SCOPES.values())


def test_i18_no_scope_asks_for_the_personal_number() -> None:
    assert attribute_of("nid:personal_id_number") is ATTRIBUTES["person.id_number"]
    assert "nid:personal_id_number" not in frozenset().union(*SCOPES.values())
    assert attribute_of("unknown") is None


def test_identity_is_fresh_for_a_day_and_an_address_for_a_quarter_of_an_hour() -> None:
    assert ATTRIBUTES["person.name"].fresh == 24 * HOUR
    assert ATTRIBUTES["person.address.permanent"].fresh == 15 * MINUTE
    assert ATTRIBUTES["person.phone"].fresh == 0


@pytest.mark.parametrize(
    ("attr_id", "text", "masked"),
    [
        ("person.id_number", "001190004127", "0•••••••4127"),
        ("person.phone", "+84901234567", "+84••••••567"),
        ("person.phone", "+8490", "+8490"),
        ("person.name", "Nguyễn Minh Anh", "Nguyễn Minh Anh"),
        ("person.phone", "", ""),
    ],
)
def test_a_mask_hides_the_middle(attr_id: str, text: str, masked: str) -> None:
    assert ATTRIBUTES[attr_id].masked(text) == masked
