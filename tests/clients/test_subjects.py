"""OpenID Connect Core section 8; protocol 69: one name for each person at each agency, for good."""

import pytest
from sqlalchemy import delete, insert

from clients.rows import SUBJECT
from clients.subjects import SqlSubjects
from store.database import Conflict, Database, Write
from tests.clients.samples import NOON
from tests.conftest import OpenDatabase
from tests.store.races import race


@pytest.mark.anyio
async def test_a_person_is_the_same_at_all_services_of_an_agency(database: Database) -> None:
    subjects = SqlSubjects(database)
    first = await subjects.ensure("a-1", "tax-department", NOON)
    assert await subjects.ensure("a-1", "tax-department", NOON + 1) == first
    assert await SqlSubjects(database).ensure("a-1", "tax-department", NOON + 2) == first


@pytest.mark.anyio
async def test_two_agencies_and_two_people_share_nothing(database: Database) -> None:
    subjects = SqlSubjects(database)
    made = {
        await subjects.ensure(account, agency, NOON)
        for account in ("a-1", "a-2")
        for agency in ("tax-department", "portal")
    }
    assert len(made) == 4
    assert {len(subject) for subject in made} == {43}


@pytest.mark.anyio
async def test_a_subject_is_kept_not_computed(database: Database) -> None:
    """Whoever forgets it makes another: there is nothing in the account it could come from."""
    subjects = SqlSubjects(database)
    first = await subjects.ensure("a-1", "tax-department", NOON)
    await database.commit(Write(database.prepare(delete(SUBJECT)), {}))
    assert await subjects.ensure("a-1", "tax-department", NOON) != first


@pytest.mark.anyio
async def test_nobody_has_two_names_at_one_agency(database: Database) -> None:
    await SqlSubjects(database).ensure("a-1", "tax-department", NOON)
    row = {"subject": "2", "account_id": "a-1", "agency_id": "tax-department", "created_at": NOON}
    with pytest.raises(Conflict):
        await database.commit(Write(database.prepare(insert(SUBJECT)), row))


def test_all_who_race_get_the_same(open_database: OpenDatabase) -> None:
    async def ensure(database: Database, number: int) -> str:
        return await SqlSubjects(database).ensure("a-1", "tax-department", NOON + number)

    assert len(set(race(open_database, ensure))) == 1
