"""Protocol 62: claims are said as OpenID Connect Core section 5.1 has them, or not at all."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from consent.catalogue import ATTRIBUTES
from consent.claims import claims_of, shown_of

SAID: list[tuple[str, Any, dict[str, Any]]] = [
    ("person.name", {"name": "A B", "given_name": "B"}, {"name": "A B", "given_name": "B"}),
    ("person.name", {"name": "A", "middle_name": "", "given_name": None}, {"name": "A"}),
    ("person.name", {"name": "null", "nickname": "x"}, {}),
    ("person.name", "A B", {}),
    ("person.birthdate", "1990-03-05", {"birthdate": "1990-03-05"}),
    ("person.birthdate", "1990", {"birthdate": "1990"}),
    ("person.birthdate", "0000-03-05", {"birthdate": "0000-03-05"}),
    ("person.birthdate", "1849-03-05", {}),
    ("person.birthdate", "1990-13-05", {}),
    ("person.birthdate", "1990-03-05T00:00", {}),
    ("person.birthdate", "1990-03-05\n", {}),
    ("person.birthdate", "١٩٩٠-03-05", {}),
    ("person.birthdate", 1990, {}),
    ("person.sex", "female", {"gender": "female"}),
    ("person.sex", " ", {}),
    ("person.sex", "null", {}),
    ("person.sex", None, {}),
    ("person.sex", ["female"], {}),
    ("person.id_number", "001190004127", {"nid:personal_id_number": "001190004127"}),
    (
        "person.address.permanent",
        {"formatted": "12 A", "locality": "", "country": 84, "geo": "x"},
        {"address": {"formatted": "12 A"}, "nid:address_permanent": {"formatted": "12 A"}},
    ),
    ("person.address.permanent", {}, {}),
    ("person.address.permanent", "12 A", {}),
    (
        "person.phone",
        {"phone_number": "+84", "phone_number_verified": False},
        {"phone_number": "+84", "phone_number_verified": False},
    ),
    (
        "person.phone",
        {"phone_number": "+84", "phone_number_verified": "yes"},
        {"phone_number": "+84"},
    ),
    ("person.phone", {"phone_number": "", "phone_number_verified": True}, {}),
    ("person.nickname", {"nickname": "A", "preferred_username": ""}, {"nickname": "A"}),
    ("person.updated_at", 1_893_499_200, {"updated_at": 1_893_499_200}),
    ("person.updated_at", 631_151_999, {}),
    ("person.updated_at", 1_893_499_200.5, {}),
    ("person.updated_at", True, {}),
    ("person.updated_at", "1893499200", {}),
    ("person.updated_at", 1 << 40, {}),
]


@pytest.mark.protocol(62)
@pytest.mark.parametrize(("attr_id", "value", "claims"), SAID)
def test_a_value_is_said_as_it_should_be_or_is_absent(
    attr_id: str, value: Any, claims: dict[str, Any]
) -> None:
    assert claims_of(ATTRIBUTES[attr_id], value) == claims


@pytest.mark.parametrize(
    ("attr_id", "claims", "shown"),
    [
        ("person.birthdate", {"birthdate": "1990"}, "1990"),
        ("person.address.permanent", {"address": {"country": "VN"}}, {"country": "VN"}),
        ("person.name", {"name": "A"}, {"name": "A"}),
        ("person.nickname", {"nickname": "A"}, {"nickname": "A"}),
        ("person.updated_at", {"updated_at": 1_893_499_200}, 1_893_499_200),
    ],
)
def test_a_person_is_shown_the_value_itself(attr_id: str, claims: Any, shown: Any) -> None:
    assert shown_of(ATTRIBUTES[attr_id], claims) == shown


anything = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(),
    lambda inner: some.lists(inner) | some.dictionaries(some.text(), inner),
)


@given(some.sampled_from(sorted(ATTRIBUTES)), anything)
def test_a_register_may_say_anything(attr_id: str, value: Any) -> None:
    attribute = ATTRIBUTES[attr_id]
    for claim, said in claims_of(attribute, value).items():
        assert claim in attribute.claims
        assert said not in (None, "", {}, "null")
