"""Whatever a register answers, a person sees a page: its values, or that they are not there."""

import asyncio
import json
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from consent.registers.cache import Cache
from store.micros import MINUTE
from tests.browser import Browser
from tests.consent.register import HELD, PAIRING_KEY, Register, open_register, response
from tests.idp.pages.front import before_the_decision
from tests.sample import ADA
from tests.world import NOON, World, open_world

GOOD = "2030-01-01T11:00:00Z"
TEXTS = st.text(st.characters(exclude_categories=()), max_size=20) | st.sampled_from(
    ["2030-02-31", "9999-12-31", "0000-01-01", "\0", "null", " ", "<b>", "\u202e", "%(day)s"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.just(10**30) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=10,
)
MEMBERS = st.sampled_from(["name", "family_name", "given_name", "formatted", "country"])
VALUES = JSON | st.dictionaries(MEMBERS, JSON | TEXTS)
TIMES = st.sampled_from(
    [GOOD, "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "1990-01-01T00:00:00Z"]
)
DAYS = st.sampled_from(["2021-05-02", "1990-01-01", "0001-01-01", "9999-12-31"])
ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        field: VALUES.map(lambda value: {"value": value})
        | st.fixed_dictionaries({"value": VALUES, "updated_at": DAYS | JSON})
        for field in HELD
    },
)
BELIEVABLE = st.fixed_dictionaries({"as_of": st.just(GOOD), "attributes": ATTRIBUTES})
ANSWERS = JSON | BELIEVABLE | st.fixed_dictionaries({"as_of": TIMES, "attributes": ATTRIBUTES})
STATUSES = st.sampled_from(["200 OK"] * 8 + ["404 Not Found", "304 Not Modified", "302 Found"])
ETAGS = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=9)


def holding(field: str, value: Any) -> dict[str, Any]:
    return {"as_of": GOOD, "attributes": {field: {"value": value}}}


async def look(world: World, browser: Browser, register: Register, said: str) -> str:
    """Twice, so that what was kept of the first answer is asked about; then as if for the first."""
    [account_id] = world.rows("SELECT DISTINCT account_id FROM session")
    cache = Cache(world.house.parts.storage.one_time, ["population"])
    register.mode = said
    for world.now in (NOON, NOON + MINUTE + 1):
        for address in (browser.here, "/account"):
            page = await browser.http.get(address)
            assert page.status_code == 200, (address, page.text)
    await cache.forget(account_id)
    register.mode = "ok"  # it answers well, so the breaker lets the next question through
    world.now = NOON
    well = await browser.http.get(browser.here)
    await cache.forget(account_id)
    return well.text


def test_no_answer_of_a_register_breaks_a_page(tmp_path: Path) -> None:
    @settings(max_examples=100, deadline=None, database=None)
    @example(holding("name", 10**30), "200 OK", '"a"')
    @example(holding("sex", None), "200 OK", '"\xe9"')
    @example(holding("name", {"name": "A"}) | {"as_of": "9999-12-31T23:59:59Z"}, "200 OK", "")
    @example(holding("name", {"name": "A"}) | {"as_of": "0001-01-01T00:00:00+14:00"}, "200 OK", "")
    @given(ANSWERS, STATUSES, ETAGS)
    def whatever_it_answers(answer: Any, status: str, etag: str) -> None:
        said = response(status, json.dumps(answer), f"ETag: {etag}\r\n")
        assert "Minh Anh" in runner.run(look(world, browser, register, said))

    with asyncio.Runner() as runner:
        registering = open_register(ADA.identifier)
        register = runner.run(registering.__aenter__())
        paired = {"url": register.url, "pairing_key": PAIRING_KEY.decode()}
        opened = open_world(tmp_path, registers={"population": paired})
        world = runner.run(opened.__aenter__())
        try:
            browser = runner.run(before_the_decision(world))
            whatever_it_answers()
        finally:
            runner.run(opened.__aexit__(None, None, None))
            runner.run(registering.__aexit__(None, None, None))
