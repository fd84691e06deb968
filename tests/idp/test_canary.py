"""K-16: who has every byte that is kept, and not the key file, has no key, no secret, no person.

A house that has been lived in: the people of the demonstration, sign-ins with an app, decisions,
tokens, a client with a secret that is read back, messages that wait.
"""

import json
from base64 import b32encode, b64encode, urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from sqlalchemy import Table, select

from clients.secrets import ClientSecrets
from idp.accounts.person import Person
from idp.authentication.enrol import Enrolment
from idp.sealing.columns import PRIVATE
from keys.algorithms import PrivateKey
from keys.kek import read_kek
from keys.purposes import PURPOSES
from keys.signing_key import private_key, private_octets
from store.schema import Row, table
from tests.authenticator import give_app
from tests.idp.pages.front import at_home
from tests.oidc.front import Browser
from tests.oidc.offline import allowed
from tests.oidc.test_par import pushed
from tests.sample import ADA, AGENCIES, BAO, PERSONAL, POST_SECRET, client
from tests.world import NOON, World

pytestmark = pytest.mark.anyio

SECRET = "what the mill and we alone know, 43 letters"
PEOPLE = [
    Person.model_validate(it)
    for it in json.loads((Path(__file__).parents[2] / "examples/people.json").read_text("utf-8"))
]


async def live(world: World) -> list[str | bytes]:
    """Everything happens once; what was secret in it."""
    parts = world.house.parts
    for person in PEOPLE:
        await Enrolment(parts).add(person, NOON)
    app = await give_app(world, BAO)
    sealed = ClientSecrets(parts.storage.vault).seal("mill", SECRET)
    mill = client(
        "mill",
        token_endpoint_auth_method="client_secret_jwt",
        token_endpoint_auth_signing_alg="HS256",
        client_secret_sealed=sealed,
    )
    await parts.clients.apply(AGENCIES, (mill,), NOON)
    ada = Browser(world, await at_home(world))
    refresh = await allowed(world, ada)
    tokens = await ada.tokens()
    request_uri, code = await pushed(world), await ada.code()
    cookies = [value for value in ada.http.cookies.values() if len(value) > 20]
    assert cookies
    said = [*refresh.values(), *tokens.values()]
    return [
        *PERSONAL,
        *(it for person in PEOPLE for it in (person.identifier, person.password)),
        *(it for it in said if isinstance(it, str) and len(it) > 40),
        *cookies,
        *app.papers,
        app.secret,
        request_uri.rpartition(":")[2],
        code,
        SECRET,
        POST_SECRET,
    ]


async def keys(world: World, folder: Path) -> list[bytes]:
    """The key file's, those that it wraps, and what signs."""
    parts = world.house.parts
    vault, database = parts.storage.vault, parts.storage.database
    found = [read_kek(folder / "kek")]
    found += [secret for purpose in PURPOSES for secret in vault.secrets(purpose).all]
    for row in await database.read(database.prepare(select(PRIVATE.table))):
        sealed = row[PRIVATE.column]
        private = private_key(vault.open(sealed, PRIVATE.place(row["kid"])))
        found += numbers(private)
    assert len(found) > len(PURPOSES) + 5
    return found


def numbers(private: PrivateKey) -> list[bytes]:
    if isinstance(private, RSAPrivateKey):
        said = private.private_numbers()
        return [it.to_bytes(-(-it.bit_length() // 8)) for it in (said.d, said.p, said.q)]
    if isinstance(private, EllipticCurvePrivateKey):
        return [private.private_numbers().private_value.to_bytes(32)]
    return [private_octets(private)[-32:]]


def written(needle: str | bytes) -> Iterator[bytes]:
    """In whatever way somebody might have kept it."""
    plain = needle.encode() if isinstance(needle, str) else needle
    yield plain
    yield plain.hex().encode()
    yield json.dumps(needle)[1:-1].encode() if isinstance(needle, str) else plain
    for encode in (b64encode, urlsafe_b64encode, b32encode):
        yield encode(plain).rstrip(b"=")


async def everything(world: World, folder: Path) -> dict[str, bytes]:
    """Every value of every table, and the files as they lie there."""
    database = world.house.parts.storage.database
    found: dict[str, bytes] = {}
    for each in ours():
        rows = await database.read(database.prepare(select(each)))
        found[each.name] = b"\n".join(octets(it) for row in rows for it in dict(row).values())
    found |= files(folder)
    url = world.house.settings.database_url
    if url is not None:
        connection = await asyncpg.connect(str(url))
        rows = await connection.fetch("SELECT * FROM one_time")
        await connection.close()
        found["one_time"] = b"\n".join(octets(it) for row in rows for it in row.values())
    return found


def ours() -> list[Table]:
    """Every table of the program, none of another test's."""
    rows = Row.__subclasses__()
    return [table(row) for row in rows if not row.__module__.startswith("tests.")]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.is_file() and path.name != "kek"
    }


def octets(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


async def test_nothing_secret_lies_in_clear(each_world: World, tmp_path: Path) -> None:
    secrets = await live(each_world)
    everywhere = await everything(each_world, tmp_path)
    assert all(everywhere[name] for name in ("account", "signing_key", "data_key", "totp", "grant"))
    everywhere["a canary"] = BAO.identifier.encode()

    found = {
        (name, needle)
        for needle in (*secrets, *await keys(each_world, tmp_path))
        for form in written(needle)
        for name, content in everywhere.items()
        if form in content
    }

    assert found == {("a canary", BAO.identifier)}
    assert ADA.identifier in secrets
