"""The registration file: TOML, read into values or into a list of everything that is wrong.

No value that stands in the file is repeated in a fault: it may be a secret in the wrong place.
"""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from clients.model import APPROVED, FROM_AGENCY, Agency, Client
from clients.rules import ID, agency_faults, faults

TABLES = ("agency", "client", "purpose")
_SECRET = "client_secret"

Thing = TypeVar("Thing", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Registration:
    """With faults, use none of it. ``purposes`` are as they stand in the file."""

    agencies: tuple[Agency, ...] = ()
    clients: tuple[Client, ...] = ()
    purposes: tuple[Mapping[str, Any], ...] = ()
    faults: tuple[str, ...] = ()


def parse(content: bytes, *, demonstration: bool) -> Registration:
    """The file as values, or its faults in sentences that say where."""
    try:
        tables = tomllib.loads(content.decode())
    except UnicodeDecodeError:
        return Registration(faults=("The file is not UTF-8.",))
    except tomllib.TOMLDecodeError as error:
        return Registration(faults=(f"The file is not TOML: {error}.",))
    except RecursionError:
        return Registration(faults=("The file is nested too deeply.",))
    wrong = tuple(_shape(tables))
    return Registration(faults=wrong) if wrong else _registration(tables, demonstration)


def _shape(tables: Mapping[str, Any]) -> Iterator[str]:
    if tables.keys() - set(TABLES):
        yield f"The file has other tables than {', '.join(f'[[{name}]]' for name in TABLES)}."
    for name in TABLES:
        these = tables.get(name, [])
        if not isinstance(these, list) or not all(isinstance(one, dict) for one in these):
            yield f"{name} is written [[{name}]], in two brackets."


def _registration(tables: Mapping[str, Any], demonstration: bool) -> Registration:
    wrong: list[str] = []
    agencies = _read(tables.get("agency", []), Agency, "agency", agency_faults, wrong)
    clients = _read(
        tables.get("client", []),
        Client,
        "client",
        lambda client: faults(client, demonstration=demonstration),
        wrong,
    )
    wrong += _twice("agency", [agency.agency_id for agency in agencies])
    wrong += _twice("client", [client.client_id for client in clients])
    known = {agency.agency_id for agency in agencies}
    wrong += (
        f"client {client.client_id}: agency_id names no sound [[agency]] of this file."
        for client in clients
        if client.agency_id not in known
    )
    return Registration(agencies, clients, tuple(tables.get("purpose", [])), tuple(wrong))


def _read(
    tables: Sequence[dict[str, Any]],
    kind: type[Thing],
    word: str,
    judge: Callable[[Thing], Sequence[str]],
    wrong: list[str],
) -> tuple[Thing, ...]:
    things = []
    for number, one in enumerate(tables, 1):
        name = one.get(f"{word}_id")
        where = f"{word} {name if isinstance(name, str) and ID.fullmatch(name) else number}"
        try:
            thing = kind.model_validate(one)
        except ValidationError as error:
            wrong += (f"{where}: {_sentence(fault)}" for fault in error.errors())
        else:
            wrong += (f"{where}: {fault}" for fault in (*_misplaced(one, kind), *judge(thing)))
            things.append(thing)
    return tuple(things)


def _misplaced(one: Mapping[str, Any], kind: type[BaseModel]) -> Iterator[str]:
    for name in FROM_AGENCY:
        if kind is Client and name in one:
            yield f"{name} belongs to its [[agency]]."
    for name in APPROVED:
        if kind is Client and name in one:
            yield f"{name} is approved with `motcua clients logo`."


def _sentence(fault: ErrorDetails) -> str:
    place = ".".join(str(part) for part in fault["loc"])
    if place == _SECRET:
        return "client_secret does not belong in a file: write client_secret_digest."
    if fault["type"] == "extra_forbidden":
        return "it has a member that means nothing here."
    return f"{place or 'it'}: {fault['msg']}."


def _twice(word: str, names: Sequence[str]) -> list[str]:
    return [
        f"{word} {name}: is there twice." for name, times in Counter(names).items() if times > 1
    ]
