"""A purpose is refused whole, in sentences, or stands; and its version counts material changes."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from clients.declared import Applied
from consent.material import is_material
from consent.purposes import Purpose, parse
from store.micros import DAY, HOUR
from tests.conftest import OpenDatabase
from tests.consent.house import BOTH, DECLARED, NOON, REFUND, House, cell, declared, racing

CELLS = DECLARED["cells"]
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a text is missing": ({"titles": {"vi": "x"}}, "titles is missing in language en."),
    "a text is blank": ({"refusal": {"vi": "x", "en": " "}}, "refusal is missing in language en."),
    "no retention": ({"data_life": {}}, "data_life is missing in language vi."),
    "no description": ({"descriptions": {}}, "descriptions is missing in language vi."),
    "half in Arabic": ({"titles": {**BOTH, "ar": "x"}}, "refusal is missing in language ar."),
    "a reason in Arabic alone": (
        {"cells": [cell("person.name", "required", "request", why={**BOTH, "ar": "x"})]},
        "titles is missing in language ar.",
    ),
    "no such attribute": (
        {"cells": [cell("person.shoe_size", "required", "request")]},
        "person.shoe_size: the catalogue has no such attribute.",
    ),
    "a basis that is not allowed": (
        {"cells": [cell("person.id_number", "optional", "consent")]},
        "person.id_number: it may not be shared on the basis consent.",
    ),
    "required consent": (
        {"cells": [cell("person.sex", "required", "consent")]},
        "person.sex: what is required cannot rest on consent: it would not be free.",
    ),
    "a law without its name": (
        {"cells": [cell("person.name", "required", "statutory")]},
        "person.name: citation is missing in language vi.",
    ),
    "a law that is optional": (
        {"cells": [cell("person.name", "optional", "statutory", citation=BOTH)]},
        "person.name: what a law requires is not optional.",
    ),
    "no reason": (
        {"cells": [cell("person.name", "required", "request", why={"vi": "x"})]},
        "person.name: why is missing in language en.",
    ),
    "two cells": ({"cells": [CELLS[1], CELLS[1]]}, "an attribute has two cells."),
    "an unknown word": ({"color": "red"}, "color: Extra inputs are not permitted."),
    "an unknown basis": (
        {"cells": [cell("person.name", "required", "whim")]},
        "cells.0.basis: Input should be 'consent', 'request' or 'statutory'.",
    ),
    "a version": ({"version": 7}, "version is counted here; leave it out."),
    "for ever": (
        {"max_duration_days": 4000},
        "max_duration_days: Input should be less than or equal to 3650.",
    ),
}


def test_a_good_purpose_has_no_faults() -> None:
    parsed = parse([DECLARED])
    assert parsed.faults == ()
    assert parsed.purposes == (REFUND,)
    assert REFUND.max_duration == 30 * DAY
    found = REFUND.by_attribute.get("person.birthdate")
    assert found is not None
    assert found.max_age == HOUR
    assert REFUND.by_attribute.get("person.email") is None
    in_cells, by_law = REFUND.reach
    assert in_cells == {cell["attr_id"] for cell in DECLARED["cells"]}
    assert by_law == {"person.name"}


@pytest.mark.parametrize(("change", "sentence"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_in_a_sentence(change: dict[str, Any], sentence: str) -> None:
    assert f"purpose refund: {sentence}" in parse([{**DECLARED, **change}]).faults


def test_two_purposes_of_one_name_are_refused() -> None:
    assert parse([DECLARED, DECLARED]).faults == ("purpose refund: it is declared twice.",)


def test_what_has_no_name_is_named_by_its_place() -> None:
    assert parse([DECLARED, {}]).faults[0].startswith("purpose 2: purpose_id: ")
    assert parse(["nonsense"]).faults[0].startswith("purpose 1: ")  # type: ignore[list-item]  # as a file may hold


LOOSER = [{**CELLS[0], "max_age_minutes": 5}, *CELLS[1:-1]]
MATERIAL: dict[str, tuple[dict[str, Any], bool]] = {
    "nothing": ({}, False),
    "spelling": ({"titles": {"vi": "Khác", "en": "Other"}}, False),
    "fewer attributes": ({"cells": CELLS[:-1]}, False),
    "fresher values": ({"cells": LOOSER}, False),
    "shorter": ({"max_duration_days": 29}, False),
    "longer": ({"max_duration_days": 31}, True),
    "kept otherwise": ({"data_life": {"vi": "Mãi mãi", "en": "For ever"}}, True),
    "told in Arabic too": ({"data_life": {**DECLARED["data_life"], "ar": "سنة"}}, False),
    "more often": ({"access": "recurring"}, True),
    "a machine joins": ({"automated": True}, True),
    "a new attribute": ({"cells": [*CELLS, cell("person.email", "optional", "consent")]}, True),
    "optional became required": (
        {"cells": [*CELLS[:3], cell("person.sex", "required", "request"), CELLS[4]]},
        True,
    ),
}


@pytest.mark.parametrize(("change", "material"), MATERIAL.values(), ids=MATERIAL)
def test_i7_a_material_change_is_told_from_spelling(change: dict[str, Any], material: bool) -> None:
    assert is_material(REFUND, declared(**change)) is material


@pytest.mark.anyio
async def test_i7_only_a_material_change_raises_the_version(house: House) -> None:
    steps: tuple[tuple[Purpose, Any, int], ...] = (
        (REFUND, "unchanged", 1),
        (declared(titles={"vi": "a", "en": "b"}), "changed", 1),
        (declared(max_duration_days=31), "changed", 2),
        (declared(max_duration_days=31), "unchanged", 2),
    )
    for purpose, change, version in steps:
        report = await house.purposes.apply([purpose], NOON)
        assert report == [Applied("purpose", "refund", change)]
        stands = await house.purposes.show("refund")
        assert stands is not None
        assert stands.version == version
    assert [
        (event["purpose_version"], event["change"])
        for event in await house.events("PurposeApplied")
    ] == [(1, "added"), (1, "changed"), (2, "changed")]


@pytest.mark.anyio
async def test_a_purpose_is_found_as_it_stands(house: House) -> None:
    assert await house.purposes.find("refund", NOON) == REFUND
    assert await house.purposes.find("unknown", NOON) is None


@pytest.mark.anyio
async def test_of_thirty_racing_changes_one_counts(
    open_database: OpenDatabase, tmp_path: Path
) -> None:
    async def race(houses: list[House]) -> tuple[int, int]:
        longer = [declared(max_duration_days=31)]
        reports = await asyncio.gather(
            *(houses[number % 6].purposes.apply(longer, NOON) for number in range(30))
        )
        events = await houses[0].events("PurposeApplied")
        changed = [one for report in reports for one in report if one.change == "changed"]
        return len(changed), len(events)

    assert await racing(open_database, tmp_path, race) == (1, 2)
