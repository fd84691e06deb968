"""Accounts at rest, and what may be made of a list of people."""

import pytest
from pydantic import ValidationError

from idp.accounts.person import Person
from idp.accounts.sql import AccountExists, NoSuchAccount
from idp.authentication.enrol import Enrolment
from keys.vault import Unsealable
from store.micros import MINUTE, seconds
from tests.sample import ADA, BAO, PERSONAL
from tests.world import MORNING, NOON, World, beginning

pytestmark = pytest.mark.anyio


async def ada(world: World) -> str:
    account = await world.house.parts.accounts.find_by_number(ADA.identifier)
    assert account is not None
    return account.account_id


async def test_who_reads_the_file_learns_nothing_about_anybody() -> None:
    content = (await beginning())["motcua.db"]
    assert b"account" in content
    for word in PERSONAL:
        assert word.encode() not in content


async def test_number_and_contact_come_back_as_they_were_given(world: World) -> None:
    accounts = world.house.parts.accounts
    assert await accounts.number_of(await ada(world)) == ADA.identifier
    assert await accounts.contact(await ada(world)) == {
        "person.phone": {"phone_number": ADA.phone_number, "phone_number_verified": False},
        "person.email": {"email": ADA.email, "email_verified": False},
        "person.nickname": {"nickname": "Countess", "preferred_username": "ada.l"},
        "person.web": {
            "profile": "https://people.example/ada",
            "picture": "https://people.example/ada.png",
            "website": "https://ada.example/",
        },
        "person.preferences": {"locale": "en-GB", "zoneinfo": "Europe/London"},
        "person.updated_at": seconds(MORNING),
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("nickname", ""),
        ("nickname", " Countess"),
        ("preferred_username", "a" * 101),
        ("picture", "http://people.example/ada.png"),
        ("picture", "https://people.example/ad a.png"),
        ("website", "javascript:alert(1)"),
        ("locale", "en_GB"),
        ("locale", "english"),
        ("zoneinfo", "UTC+1:00"),
        ("zoneinfo", "../etc/passwd"),
    ],
)
def test_what_is_said_of_a_person_is_written_as_the_specification_has_it(
    field: str, value: str
) -> None:
    """OpenID Connect Core section 5.1; and what was wrong is not said again."""
    with pytest.raises(ValidationError) as raised:
        Person.model_validate({**ADA.model_dump(), field: value})
    assert not value or value not in str(raised.value)


async def test_a_seal_opens_in_its_own_row_only(world: World) -> None:
    world.sql.execute(
        "UPDATE account SET number_sealed ="
        " (SELECT number_sealed FROM account WHERE account_id <> ?) WHERE account_id = ?",
        (await ada(world), await ada(world)),
    )
    with pytest.raises(Unsealable):
        await world.house.parts.accounts.number_of(await ada(world))


async def test_a_number_has_one_account(world: World) -> None:
    again = ADA.model_copy(update={"identifier": " ".join(ADA.identifier)})
    with pytest.raises(AccountExists):
        await Enrolment(world.house.parts).add(again, NOON)


async def test_of_two_who_add_the_same_person_one_does(world: World) -> None:
    """Past the look whether there is one: the unique key decides."""
    parts = world.house.parts
    person = Person(identifier="001199000035", password="a third person's words")
    await parts.accounts.add("one", person, (), NOON)
    with pytest.raises(AccountExists):
        await parts.accounts.add("two", person, (), NOON)
    assert [event["account_id"] for event in world.events()] == ["one"]


async def test_how_surely_somebody_is_known_comes_with_the_list(world: World) -> None:
    parts = world.house.parts
    said = {"identifier": "001199000035", "password": "a third person's words", "level": 2}
    await Enrolment(parts).add(Person.model_validate(said), NOON)

    kept = await parts.accounts.find_by_number("001199000035")

    assert kept is not None
    assert kept.level == 2
    with pytest.raises(ValidationError):
        Person.model_validate({**said, "level": 3})


async def test_nobodys_number_is_nobodys(world: World) -> None:
    with pytest.raises(NoSuchAccount):
        await world.house.parts.accounts.number_of("nobody")
    assert await world.house.parts.accounts.contact("nobody") == {}


async def test_unlocking_forgets_failures_and_is_written_down(world: World) -> None:
    parts, enrolment = world.house.parts, Enrolment(world.house.parts)
    digest = parts.accounts.number_digest(BAO.identifier)
    world.sql.execute("INSERT INTO sign_in_failure VALUES (?, 100, 0)", (digest,))
    assert not await parts.failures.count(digest, NOON + MINUTE)

    assert await enrolment.unlock(BAO.identifier, NOON)

    assert await parts.failures.count(digest, NOON + MINUTE)
    assert world.events()[-1]["type"] == "AccountUnlocked"
    assert not await enrolment.unlock("001099000099", NOON)


@pytest.mark.parametrize(
    "change",
    [
        {"identifier": "12345"},
        {"identifier": "0010900000261"},
        {"phone_number": "0912345678"},
        {"email": "nobody"},
        {"email": "a b@example.org"},
        {"email": "ông@example.org"},
        {"email": "ong@ví-dụ.example"},
        {"email": "a..b@example.org"},
        {"email": "(b)a@example.org"},
        {"email": "a@example.org,b@example.org"},
        {"email": "a@example.org\nBcc: b@example.org"},
        {"email": f"{'a' * 250}@example.org"},
        {"surprise": "yes"},
    ],
    ids=str,
)
def test_a_person_who_cannot_be_is_refused_without_repeating_a_word(
    change: dict[str, str],
) -> None:
    with pytest.raises(ValidationError) as refused:
        Person.model_validate({**BAO.model_dump(), **change})
    assert not any(word in str(refused.value) for word in (*PERSONAL, "nobody", "12345"))


def test_a_person_does_not_show_their_password() -> None:
    assert not any(word in repr(ADA) for word in PERSONAL)
