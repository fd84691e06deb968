"""The people of the examples: plausible, none real, the same each time."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from examples.registers import make_people
from idp.accounts.person import Person
from idp.authentication.password import judge

ROOT = Path(__file__).parent.parent.parent
REGISTER: list[dict[str, Any]] = json.loads(make_people.PEOPLE.read_text("utf-8"))
ACCOUNTS: list[dict[str, Any]] = json.loads((ROOT / "examples/people.json").read_text("utf-8"))
UNASSIGNED = {"097", "098", "099"}  # codes that no province has


def numbers() -> list[str]:
    return [person["id_number"]["value"] for person in REGISTER]


def test_a_hundred_people_have_a_hundred_numbers() -> None:
    assert len(REGISTER) == 100
    assert len(set(numbers())) == 100


@pytest.mark.parametrize("number", [*numbers(), *(one["identifier"] for one in ACCOUNTS)])
def test_no_number_can_be_that_of_a_real_person(number: str) -> None:
    assert number.isascii()
    assert number.isdigit()
    assert len(number) == 12
    assert number[:3] in UNASSIGNED


def test_some_are_known_well_enough_for_level_2_and_some_are_not() -> None:
    assert {one.get("level", 1) for one in ACCOUNTS} == {1, 2}


@pytest.mark.parametrize("person", REGISTER, ids=numbers())
def test_a_number_tells_the_sex_and_year_of_its_person(person: dict[str, Any]) -> None:
    number, born = person["id_number"]["value"], date.fromisoformat(person["birthdate"]["value"])
    assert int(number[3]) == (born.year // 100 - 19) * 2 + (person["sex"]["value"] == "female")
    assert number[4:6] == f"{born.year % 100:02}"


@pytest.mark.parametrize("person", REGISTER, ids=numbers())
def test_a_name_is_made_of_its_parts_in_the_order_of_the_country(person: dict[str, Any]) -> None:
    name = person["name"]["value"]
    parts = (name["family_name"], name.get("middle_name"), name["given_name"])
    assert name["name"] == " ".join(filter(None, parts))


def test_addresses_name_no_district() -> None:
    """Since July 2025 there is none: a commune, then a province or a city."""
    places = [one["address_permanent"]["value"] for one in REGISTER if "address_permanent" in one]
    assert Counter(len(place["formatted"].split(", ")) for place in places) == {3: 99}
    assert not [place for place in places if "quận" in place["formatted"].lower()]
    assert len({place["region"] for place in places}) <= 34


def test_the_list_is_what_its_maker_makes() -> None:
    assert make_people.PEOPLE.read_text("utf-8") == make_people.the_list()


def test_all_who_can_sign_in_but_one_are_in_the_register() -> None:
    missing = [one for one in ACCOUNTS if one["identifier"] not in numbers()]
    assert len(ACCOUNTS) == 6
    assert len(missing) == 1


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account["identifier"])
def test_everyone_who_can_sign_in_may_have_an_account(account: dict[str, Any]) -> None:
    person = Person.model_validate(account)
    judge(person.password, (person.identifier,))
    assert person.note.endswith(".")


def test_no_contact_can_be_that_of_a_real_person() -> None:
    """No telephone number of the country begins with 60, and ``.example`` is no domain."""
    assert all(one.get("phone_number", "+8460").startswith("+8460") for one in ACCOUNTS)
    assert all(one.get("email", ".example").endswith(".example") for one in ACCOUNTS)
