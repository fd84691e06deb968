"""Registers over HTTP: asked as agreed, believed only as agreed, and never waited for long."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from consent.registers.breaker import MOST_FAILURES, PAUSE
from consent.registers.connector import LARGEST, Connector
from consent.registers.question import Question, RegisterDown
from consent.registers.question import Register as Paired
from keys.current import Keys
from keys.ring import KeyRing
from store.database import Unavailable
from store.micros import MINUTE, SECOND, seconds
from store.one_time_redis import RedisOneTime
from tests.consent.house import ISSUER, NOON, NUMBER, House, open_house
from tests.consent.register import AS_OF, PAIRING_KEY, Register, open_register, response, unchanged
from tests.keys.samples import new_ring

pytestmark = pytest.mark.anyio
RING = new_ring()
DOWN = response("503 Service Unavailable", "{}")


def question(*fields: str, number: str = NUMBER, etag: str | None = None) -> Question:
    return Question(
        number=number,
        fields=frozenset(fields or ("name",)),
        txn="txn-1",
        purpose="refund:1",
        basis="request",
        on_behalf="tax",
        etag=etag,
    )


async def load(now: int) -> KeyRing:
    return RING


def paired(register: Register, register_id: str = "population") -> Paired:
    return Paired(register_id=register_id, url=register.url, pairing_key=PAIRING_KEY)


@pytest.fixture
async def register() -> AsyncIterator[Register]:
    async with open_register(NUMBER) as opened:
        yield opened


@pytest.fixture
async def connector(register: Register) -> AsyncIterator[Connector]:
    async with Connector([paired(register)], ISSUER, Keys(load)) as opened:
        yield opened


async def test_the_register_learns_who_asks_and_why(
    connector: Connector, register: Register
) -> None:
    await connector.ask("population", question("name", "sex"), NOON)

    (said,) = register.heard
    scheme, _, token = said.headers["authorization"].partition(" ")
    assert scheme == "Bearer"
    claims = RING.verify(token, typ="register-access+jwt")
    assert claims.pop("jti")
    assert claims == {
        "iss": ISSUER,
        "sub": ISSUER,
        "aud": "population",
        "iat": seconds(NOON),
        "exp": seconds(NOON + MINUTE),
    }
    assert {name: said.headers[f"nid-{name}"] for name in ("txn", "purpose", "basis")} == {
        "txn": "txn-1",
        "purpose": "refund:1",
        "basis": "request",
    }
    assert said.headers["nid-on-behalf"] == "tax"
    assert said.fields == {"name", "sex"}


async def test_no_address_holds_personal_data(connector: Connector, register: Register) -> None:
    await connector.ask("population", question(), NOON)
    (said,) = register.heard
    assert NUMBER not in said.target
    assert NUMBER not in str(said.headers)
    assert NUMBER not in repr(question())
    assert "ppp" not in repr(paired(register))


async def test_what_it_holds_and_what_it_does_not(connector: Connector, register: Register) -> None:
    register.held.pop("sex")
    reply = await connector.ask("population", question("birthdate", "sex"), NOON)
    assert reply.fields is not None
    assert (reply.fields["birthdate"].value, reply.fields["sex"].value) == ("1990-03-05", None)
    assert reply.fields["birthdate"].as_of == NOON - 60 * MINUTE
    assert AS_OF.startswith("2030-01-01T11")
    assert reply.etag == '"rv-1"'


async def test_what_has_not_changed_is_not_sent_again(
    connector: Connector, register: Register
) -> None:
    reply = await connector.ask("population", question(etag='"rv-1"'), NOON)
    assert (reply.fields, reply.etag, reply.as_of) == (None, '"rv-1"', NOON - 60 * MINUTE)


@pytest.mark.parametrize("as_of", ["", "Nid-As-Of: now\r\n", "Nid-As-Of: 9999-12-31T23:59:59Z\r\n"])
async def test_it_must_say_as_of_when_nothing_has_changed(
    connector: Connector, register: Register, as_of: str
) -> None:
    register.mode = unchanged('"rv-1"', as_of)
    with pytest.raises(RegisterDown):
        await connector.ask("population", question(etag='"rv-1"'), NOON)


async def test_a_person_it_does_not_know_is_nothing_held(connector: Connector) -> None:
    reply = await connector.ask("population", question(number="000000000000"), NOON)
    assert reply.fields is not None
    assert reply.fields["name"].value is None


ANSWER = '{"as_of": "2030-01-01T11:00:00Z", "attributes": {}}'


def holding(value: str) -> str:
    return ANSWER.replace("{}", f'{{"sex": {{"value": {value}}}}}')


WRONG = {
    "down": DOWN,
    "fault": response("500 Internal Server Error", "oops"),
    "no token": response("401 Unauthorized", '{"error": "invalid_token"}'),
    "elsewhere": response("302 Found", "", "Location: http://127.0.0.1:1/\r\n"),
    "not there": response("404 Not Found", "<html>"),
    "unchanged since never": response("304 Not Modified", ""),
    "not JSON": response("200 OK", "<html>"),
    "not an object": response("200 OK", "[]"),
    "no time": response("200 OK", '{"attributes": {}}'),
    "a time without a zone": response("200 OK", ANSWER.replace("Z", "")),
    "attributes of another kind": response("200 OK", ANSWER.replace("{}", "[1]")),
    "too many": response(
        "200 OK",
        ANSWER.replace("{}", str({f"a{n}": {"value": 1} for n in range(101)}).replace("'", '"')),
    ),
    "too long": response("200 OK", ANSWER + " " * LARGEST),
    "too deep": response("200 OK", "[" * 20_000),
    "twice": response("200 OK", ANSWER.replace("{}", '{"sex": {"value": 1}, "sex": {"value": 2}}')),
    "nested": response("200 OK", holding("[" * 20 + "]" * 20)),
    "a number that not all can count": response("200 OK", holding("9007199254740992")),
    "a number past every register's needs": response("200 OK", holding("1" + "0" * 30)),
    "a number deep inside": response("200 OK", holding('{"name": "A", "x": [-9007199254740992]}')),
    "no number": response("200 OK", holding("NaN")),
    "an infinite number": response("200 OK", holding("1e999")),
    "a text that ends early": response("200 OK", holding(r'{"name": "A\u0000"}')),
    "a name that ends early": response("200 OK", holding(r'{"na\u0000me": "A"}')),
    "half a letter": response("200 OK", holding(r'"\ud800"')),
    "a text of nobody's": response("200 OK", ANSWER.replace("{}", r'{"a\ud800": {"value": 1}}')),
    "a nobody who ends early": response(
        "404 Not Found", r'{"error": "no_record", "why": "\u0000"}'
    ),
    "of another type": response("200 OK", ANSWER, media="text/html"),
    "nobody, of another type": response("404 Not Found", '{"error": "no_record"}', media=""),
    "compressed": response("200 OK", ANSWER, "Content-Encoding: gzip\r\n"),
    "not HTTP": "hello\r\n\r\n",
    "nothing": "",
}


@pytest.mark.parametrize("said", WRONG.values(), ids=WRONG)
async def test_what_is_not_as_agreed_is_no_answer(
    connector: Connector, register: Register, said: str
) -> None:
    register.mode = said
    with pytest.raises(RegisterDown):
        await connector.ask("population", question(), NOON)


async def test_what_is_compressed_is_not_unpacked(connector: Connector, register: Register) -> None:
    """A body of a kilobyte can unpack to a gigabyte."""
    register.mode = response("200 OK", ANSWER, "Content-Encoding: br, \r\n")
    with pytest.raises(RegisterDown):
        await connector.ask("population", question(), NOON)
    assert register.heard[0].headers["accept-encoding"] == "identity"


async def test_the_question_goes_to_nobody_else(connector: Connector, register: Register) -> None:
    async with open_register(NUMBER) as other:
        elsewhere = f"Location: {other.url}/v1/subjects/a/attributes?fields=sex\r\n"
        for status in ("301 Moved Permanently", "302 Found", "307 Temporary Redirect"):
            register.mode = response(status, ANSWER, elsewhere)
            with pytest.raises(RegisterDown):
                await connector.ask("population", question(), NOON)
        assert other.heard == []


async def test_a_register_cannot_leave_a_mark_on_the_next_question(
    connector: Connector, register: Register
) -> None:
    register.mode = response("200 OK", ANSWER, "Set-Cookie: person=1\r\n")
    for _ in range(2):
        await connector.ask("population", question(), NOON)
    assert "cookie" not in register.heard[1].headers


@pytest.mark.parametrize("media", ["Application/JSON", "application/json; charset=utf-8"])
async def test_json_may_be_said_in_other_words(
    connector: Connector, register: Register, media: str
) -> None:
    register.mode = response("200 OK", ANSWER, media=media)
    assert (await connector.ask("population", question(), NOON)).fields


def at(as_of: str, day: str = '"2030-01-01"') -> str:
    return (
        f'{{"as_of": {as_of}, "attributes": {{"sex": {{"value": "male", "updated_at": {day}}}}}}}'
    )


@pytest.mark.parametrize(
    "said",
    [
        at("1893495600"),
        at('"1893495600"'),
        at('"2030-01-01 11:00:00Z"'),
        at('"2030-01-01T11:00Z"'),
        at('"2030-01-01"'),
        at('"2030-02-30T11:00:00Z"'),
        at('"2029-01-01T25:00:00Z"'),
        at('"٢030-01-01T11:00:00Z"'),
        at('"2030-01-01T11:00:00Z\\n"'),
        at('"2030-01-01T12:01:01Z"'),
        at('"1989-12-31T23:59:59Z"'),
        at('"9999-12-31T23:59:59Z"'),
        at('"9999-12-31T23:59:59-14:00"'),
        at('"0001-01-01T00:00:00+14:00"'),
        at(f'"{AS_OF}"', "20300101"),
        at(f'"{AS_OF}"', '"2029-99-99"'),
        at(f'"{AS_OF}"', '"2029-02-29"'),
        at(f'"{AS_OF}"', '"2029-02-28T00:00:00Z"'),
        at(f'"{AS_OF}"', '"2030-01-03"'),
        at(f'"{AS_OF}"', '"1989-12-31"'),
        at(f'"{AS_OF}"', '"9999-12-31"'),
        at(f'"{AS_OF}"', '"0001-01-01"'),
    ],
)
async def test_a_time_that_cannot_be_is_no_answer(
    connector: Connector, register: Register, said: str
) -> None:
    register.mode = response("200 OK", said)
    with pytest.raises(RegisterDown):
        await connector.ask("population", question("sex"), NOON)


@pytest.mark.parametrize(
    ("as_of", "micros"),
    [
        ("2030-01-01T12:01:00Z", NOON + MINUTE),
        ("2030-01-01T19:00:00.25+07:00", NOON + SECOND // 4),
        ("1990-01-01T00:00:00Z", 631_152_000 * SECOND),
    ],
)
async def test_clocks_may_differ_by_a_minute_and_zones_by_hours(
    connector: Connector, register: Register, as_of: str, micros: int
) -> None:
    for day in ('"2030-01-02"', '"1990-01-01"', "null"):
        register.mode = response("200 OK", at(f'"{as_of}"', day))
        reply = await connector.ask("population", question("sex"), NOON)
        assert reply.fields is not None
        assert reply.fields["sex"].as_of == micros
        assert reply.fields["sex"].updated_at == json.loads(day)


async def test_numbers_that_everybody_counts_are_kept(
    connector: Connector, register: Register
) -> None:
    for said in ("9007199254740991", "-9007199254740991", "0.5", "true", r'"\ud83d\ude00"'):
        register.mode = response("200 OK", holding(said))
        reply = await connector.ask("population", question("sex"), NOON)
        assert reply.fields is not None
        assert reply.fields["sex"].value == json.loads(said)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (DOWN, "status 503"),
        (response("200 OK", holding('"Anh\\u0000"')), "not an answer"),
        ("", "RemoteProtocolError"),
    ],
)
async def test_the_log_says_why_a_register_failed_and_nothing_that_it_said(
    connector: Connector, register: Register, said: str, why: str
) -> None:
    register.mode = said
    with capture_logs() as log, pytest.raises(RegisterDown):
        await connector.ask("population", question(), NOON)
    assert log == [
        {"event": "register failed", "log_level": "warning", "register": "population", "why": why}
    ]


async def test_whatever_goes_wrong_while_it_is_read_is_the_registers_failure(
    connector: Connector, register: Register
) -> None:
    """An entity tag that no header can hold stands for what nobody has thought of yet."""
    for _ in range(MOST_FAILURES + 1):
        with pytest.raises(RegisterDown):
            await connector.ask("population", question(etag="\u2028"), NOON)
    with pytest.raises(RegisterDown):
        await connector.ask("population", question(), NOON)
    assert register.heard == []


async def test_a_fault_of_our_own_is_not_the_registers(register: Register) -> None:
    async def gone(now: int) -> KeyRing:
        raise Unavailable

    async with Connector([paired(register)], ISSUER, Keys(gone)) as connector:
        for _ in range(MOST_FAILURES + 1):
            with pytest.raises(Unavailable):
                await connector.ask("population", question(), NOON)


async def test_what_is_not_current_is_not_held(connector: Connector, register: Register) -> None:
    old = '{"name": {"value": {"name": "Old"}, "status": "disputed"}, "other": {"value": 1}}'
    register.mode = response("200 OK", ANSWER.replace("{}", old))
    reply = await connector.ask("population", question(), NOON)
    assert reply.fields is not None
    assert {name: it.value for name, it in reply.fields.items()} == {"name": None}


async def test_a_register_nobody_is_paired_with_is_down(connector: Connector) -> None:
    with pytest.raises(RegisterDown):
        await connector.ask("land", question(), NOON)


async def test_one_that_keeps_failing_is_left_alone_and_then_tried_again(
    connector: Connector, register: Register
) -> None:
    register.mode = DOWN
    for _ in range(MOST_FAILURES + 3):
        with pytest.raises(RegisterDown):
            await connector.ask("population", question(), NOON)
    assert len(register.heard) == MOST_FAILURES
    register.mode = "ok"
    with pytest.raises(RegisterDown):
        await connector.ask("population", question(), NOON + PAUSE - 1)
    for _ in range(2):
        await connector.ask("population", question(), NOON + PAUSE)


async def test_after_the_pause_one_caller_tries_for_all(
    connector: Connector, register: Register
) -> None:
    register.mode = DOWN
    for _ in range(MOST_FAILURES):
        with pytest.raises(RegisterDown):
            await connector.ask("population", question(), NOON)
    register.mode = "slow"
    register.asked.clear()
    trying = asyncio.create_task(connector.ask("population", question(), NOON + PAUSE))
    await register.asked.wait()
    with pytest.raises(RegisterDown):
        await connector.ask("population", question(), NOON + PAUSE)
    register.released.set()
    assert (await trying).fields
    assert len(register.heard) == MOST_FAILURES + 1


async def test_a_slow_register_is_given_up_and_holds_up_no_other(register: Register) -> None:
    """The only test that waits: two seconds, for a register that says nothing."""
    register.mode = "slow"
    async with open_register(NUMBER) as quick:
        pairs = [paired(register), paired(quick, "land")]
        async with Connector(pairs, ISSUER, Keys(load)) as connector:
            slow = asyncio.create_task(connector.ask("population", question(), NOON))
            await register.asked.wait()
            reply = await connector.ask("land", question(), NOON)
            assert reply.fields is not None
            assert not slow.done()
            with pytest.raises(RegisterDown):
                await slow


async def test_what_is_unchanged_is_fresh_again(house: House) -> None:
    wanted = frozenset({"person.address.permanent"})
    for now in (NOON, NOON + 16 * MINUTE, NOON + 17 * MINUTE):
        shown = await house.releases.preview("account-1", wanted, now)
        assert shown["person.address.permanent"].state == "known"
        house.register.as_of = "2030-01-01T12:15:00Z"
    assert shown["person.address.permanent"].as_of == NOON + 15 * MINUTE
    assert [said.headers.get("if-none-match") for said in house.register.heard] == [
        None,
        '"rv-1"',
    ]


async def test_an_etag_is_shown_only_for_the_question_it_answered(house: House) -> None:
    for wanted in ("person.address.permanent", "person.sex"):
        await house.releases.preview("account-1", frozenset({wanted}), NOON)
    await house.releases.preview(
        "account-1", frozenset({"person.address.permanent"}), NOON + 16 * MINUTE
    )
    assert [said.headers.get("if-none-match") for said in house.register.heard] == [None] * 3


async def test_that_nothing_is_held_is_believed_for_a_minute(house: House) -> None:
    house.register.held.pop("sex")
    wanted = frozenset({"person.sex"})
    for now in (NOON, NOON + MINUTE, NOON + MINUTE + 1):
        shown = await house.releases.preview("account-1", wanted, now)
        assert shown["person.sex"].state == "nothing held"
    assert len(house.register.heard) == 2


@pytest.mark.parametrize(
    "etag",
    [
        '"\xe9"',
        '"\u2028"',
        '"a" b',
        '"a","b"',
        "*",
        "a",
        "",
        '"a\x7f"',
        f'"{"e" * 127}"',
        '"a"\r\nETag: "b"',
    ],
)
async def test_an_etag_that_cannot_be_sent_back_is_forgotten(house: House, etag: str) -> None:
    house.register.etag = etag
    wanted = frozenset({"person.address.permanent"})
    for now in (NOON, NOON + 16 * MINUTE):
        shown = await house.releases.preview("account-1", wanted, now)
        assert shown["person.address.permanent"].state == "known"
    assert [said.headers.get("if-none-match") for said in house.register.heard] == [None, None]


@pytest.mark.parametrize("etag", [f'"{"e" * 126}"', 'W/"a/b,c"', '""'])
async def test_an_etag_that_can_be_sent_back_is(
    connector: Connector, register: Register, etag: str
) -> None:
    register.etag = etag
    assert (await connector.ask("population", question(), NOON)).etag == etag


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("one-time.db*"))


async def test_i15_what_is_kept_is_sealed_and_bound_to_its_person(
    house: House, tmp_path: Path
) -> None:
    await house.releases.preview("account-1", frozenset({"person.birthdate"}), NOON)
    kept = everything_in(tmp_path)
    assert b"register:population:" in kept
    for word in (b"1990-03-05", NUMBER.encode(), b"account-1"):
        assert word not in kept
    assert not (await house.cache.load("population", "account-2")).fields


async def test_i15_what_is_a_day_old_is_dropped_when_more_is_kept(house: House) -> None:
    async def kept() -> Any:
        return (await house.cache.load("population", "account-1")).fields.keys()

    await house.releases.preview("account-1", frozenset({"person.sex"}), NOON)
    await house.releases.preview("account-1", frozenset({"person.name"}), NOON + SECOND)
    assert await kept() == {"sex", "name"}
    late = NOON + 24 * 60 * MINUTE + SECOND
    await house.releases.preview("account-1", frozenset({"person.birthdate"}), late)
    assert await kept() == {"name", "birthdate"}


async def test_without_its_one_time_store_values_are_fetched_each_time(
    house: House, free_port: int
) -> None:
    async with (
        RedisOneTime(f"redis://127.0.0.1:{free_port}", patience=1) as nobody,
        open_house(house.database, nobody) as other,
    ):
        for _ in range(2):
            shown = await other.releases.preview("account-1", frozenset({"person.sex"}), NOON)
            assert shown["person.sex"].state == "known"
        assert len(other.register.heard) == 2
        record = await other.decide()
        assert await other.records.withdraw(record.record_id, "account-1", NOON)
