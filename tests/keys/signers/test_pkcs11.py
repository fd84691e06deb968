"""K-21 to K-24: keys that a token makes and keeps, and nothing signs in its place."""

import asyncio
import ctypes
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from pkcs11 import (
    Attribute,
    AttributeSensitive,
    Mechanism,
    MechanismFlag,
    ObjectClass,
    PKCS11Error,
)

from keys.algorithms import ALGORITHMS
from keys.compact import decoded
from keys.ring import KeyRing
from keys.signers import cryptoki
from keys.signers.held import CannotSign
from keys.signers.keepers import Keepers
from keys.signers.login import Login
from keys.signers.mechanisms import ASKED, HOW, SAID
from keys.signers.pkcs11 import Pkcs11, said
from keys.signers.public import ec_members
from keys.signers.sessions import Place, find, found
from keys.signing_key import KeyFault, SigningKey, State
from tests.keys.samples import CLAIMS
from tests.keys.signers.softhsm import PIN, Token
from tests.keys.signers.told import Told

pytestmark = pytest.mark.anyio

HOLD = """
import fcntl, pathlib, sys
files = [path.open("r+b") for path in pathlib.Path(sys.argv[1]).rglob("*") if path.is_file()]
[fcntl.lockf(file, fcntl.LOCK_EX) for file in files]
print("held", flush=True)
sys.stdin.read()
"""
LOOK = """
import asyncio, pathlib, sys
from keys.signers import cryptoki
from keys.signers.pkcs11 import Pkcs11
module, label, pin_file = sys.argv[1:]
print(cryptoki.load(pathlib.Path(module)).get_slots(token_present=True), flush=True)
sys.stdin.readline()
asyncio.run(Pkcs11(pathlib.Path(module), label, pathlib.Path(pin_file), 1).open())
print("open")
"""


@asynccontextmanager
async def stuck(token: Token) -> AsyncIterator[None]:
    """Another process holds the files of the token, so every call of the module waits."""
    program = [sys.executable, "-c", HOLD, str(token.files)]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*program, stdin=pipe, stdout=pipe)
    assert process.stdout is not None
    await process.stdout.readline()
    yield
    await process.communicate(b"")


async def made(keeper: Pkcs11, told: Told, patience: float = 10) -> SigningKey:
    keepers = Keepers([keeper], makes="pkcs11", patience=patience, watch=told)
    return await keepers.make("ES256", State.ACTIVE)


def place(token: Token) -> Place:
    return Place(Login(token.module, token.label, token.pin_file))


@pytest.mark.parametrize("alg", ["ES256", "RS256", "Ed25519"])
async def test_a_private_part_never_leaves_and_does_nothing_but_sign(
    token: Token, keeper: Pkcs11, alg: str
) -> None:
    reference, _ = await keeper.make(alg)
    key = find(place(token).open(), reference, ObjectClass.PRIVATE_KEY)
    for name, value in ASKED.items():
        assert key[name] is value
    assert all(key[name] for name in SAID)
    secret = Attribute.PRIVATE_EXPONENT if alg == "RS256" else Attribute.VALUE
    with pytest.raises(AttributeSensitive):
        key[secret]


async def test_a_key_that_could_leave_is_refused(token: Token, keeper: Pkcs11) -> None:
    """Attributes are read back: somebody else may have made it."""
    session = place(token).open()
    session.create_domain_parameters(
        HOW["ES256"].kind, {Attribute.EC_PARAMS: HOW["ES256"].curve}, local=True
    ).generate_keypair(
        id=b"\x01",
        store=True,
        capabilities=MechanismFlag.SIGN | MechanismFlag.DERIVE,
        private_template={Attribute.EXTRACTABLE: True},
    )
    with pytest.raises(CannotSign, match="EXTRACTABLE, MODIFIABLE, SIGN_RECOVER, DERIVE"):
        await keeper.inspect("01", "ES256")


async def test_every_algorithm_of_ours_can_be_kept() -> None:
    assert HOW.keys() == ALGORITHMS.keys()


def slot_of(token: Token) -> int:
    """Others may have been taken out of this process, and answer nothing any more."""
    for slot in cryptoki.load(token.module).get_slots():
        with suppress(PKCS11Error):
            if slot.get_token().label == token.label:
                return slot.slot_id
    raise AssertionError(f"{token.label} is in no slot")


# The library cannot end a search in a session that is lost, and says so where nobody can catch it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_lost_session_is_opened_again(token: Token, keeper: Pkcs11, told: Told) -> None:
    ring = KeyRing([await made(keeper, told)])
    number = ctypes.c_ulong(slot_of(token))

    for _ in range(2):
        assert ctypes.CDLL(str(token.module)).C_CloseAllSessions(number) == 0
        for _ in range(4):
            assert await ring.signed(CLAIMS, typ="JWT")

    assert not told.refused


def log_out(token: Token) -> None:
    """The whole process, of which our sessions hear nothing."""
    module, session = ctypes.CDLL(str(token.module)), ctypes.c_ulong()
    slot, serial = ctypes.c_ulong(slot_of(token)), 4
    assert module.C_OpenSession(slot, serial, None, None, ctypes.byref(session)) == 0
    assert module.C_Logout(session) == 0
    assert module.C_CloseSession(session) == 0


async def test_a_key_signs_for_who_was_logged_out(token: Token, keeper: Pkcs11, told: Told) -> None:
    ring = KeyRing([await made(keeper, told)])
    for _ in range(3):
        assert await ring.signed(CLAIMS, typ="JWT")
        log_out(token)
    assert await ring.signed(CLAIMS, typ="JWT")
    assert not told.refused


async def test_a_key_is_destroyed_by_who_was_logged_out(token: Token, keeper: Pkcs11) -> None:
    """It is not there for who is not logged in."""
    reference, _ = await keeper.make("ES256")
    log_out(token)
    await keeper.discard(reference)
    session = place(token).open()
    for kind in (ObjectClass.PRIVATE_KEY, ObjectClass.PUBLIC_KEY):
        assert not found(session, reference, kind)


async def test_what_cannot_be_looked_for_was_not_destroyed(my_token: Token) -> None:
    keeper = my_token.keeper(sessions=1)
    reference, _ = await keeper.make("ES256")
    log_out(my_token)
    my_token.pin_file.unlink()
    with pytest.raises(CannotSign, match="cannot be read"):
        await keeper.discard(reference)
    my_token.pin_file.touch(mode=0o600)
    my_token.pin_file.write_text(PIN)
    assert await keeper.inspect(reference, "ES256")
    keeper.close()


async def test_a_token_that_is_taken_out_signs_nothing(my_token: Token, told: Told) -> None:
    keeper = my_token.keeper()
    await keeper.open()
    key = await made(keeper, told)
    ring = KeyRing([key])
    with my_token.taken_out():
        for _ in range(3):
            with pytest.raises(CannotSign):
                await ring.signed(CLAIMS, typ="JWT")
        with pytest.raises(CannotSign):
            await made(keeper, told)
    assert {(event.provider, event.kid) for event in told.refused} == {("pkcs11", key.kid)}
    assert len(told.refused) == 3
    keeper.close()


async def test_a_token_that_was_missed_at_the_first_look_is_found_at_the_next(
    my_token: Token,
) -> None:
    """A module looks once, and misses a token that another process writes to at that moment."""
    words = [sys.executable, "-c", LOOK, str(my_token.module), my_token.label]
    pipe = asyncio.subprocess.PIPE
    with my_token.taken_out():
        process = await asyncio.create_subprocess_exec(
            *words, str(my_token.pin_file), stdin=pipe, stdout=pipe
        )
        assert process.stdout is not None
        await process.stdout.readline()
    said, _ = await process.communicate(b"\n")
    assert said == b"open\n"


async def test_a_slow_module_holds_up_nobody(token: Token, keeper: Pkcs11, told: Told) -> None:
    """Who waited stops waiting, the loop goes on, and what nobody waits for is not begun."""
    ring, beats = KeyRing([await made(keeper, told, patience=0.5)]), 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.01)
            beats += 1

    async with stuck(token):
        heart = asyncio.create_task(beat())
        waiting = [ring.signed(CLAIMS, typ="JWT") for _ in range(6)]
        refused = await asyncio.gather(*waiting, return_exceptions=True)
        heart.cancel()
    assert [str(it) for it in refused] == ["pkcs11: it took too long"] * 6
    assert beats > 5

    assert await KeyRing([await made(keeper, told)]).signed(CLAIMS, typ="JWT")


async def test_a_refused_pin_is_not_tried_again(my_token: Token, tmp_path: Path) -> None:
    """A token locks itself after some wrong ones."""
    wrong = tmp_path / "wrong"
    wrong.touch(mode=0o600)
    wrong.write_text("1234-wrong")
    keeper = my_token.keeper(sessions=1, pin_file=wrong)
    with pytest.raises(CannotSign, match="the token refuses the PIN"):
        await keeper.open()
    wrong.write_text(PIN)
    with pytest.raises(CannotSign, match="not tried again"):
        await keeper.make("ES256")
    keeper.close()


@pytest.mark.parametrize(
    ("module", "label", "mode", "why"),
    [
        ("/no/such.so", "motcua", 0o600, "module /no/such.so cannot be loaded"),
        (None, "no such token", 0o600, "0 tokens have the label no such token"),
        (None, None, 0o644, "is open to others"),
        (None, None, None, "cannot be read"),
    ],
    ids=["module", "label", "open", "missing"],
)
async def test_what_is_wrong_at_start_is_said(
    token: Token, module: str | None, label: str | None, mode: int | None, why: str
) -> None:
    if mode is None:
        token.pin_file.unlink()
    else:
        token.pin_file.chmod(mode)
    keeper = Pkcs11(
        Path(module) if module else token.module, label or token.label, token.pin_file, 1
    )
    with pytest.raises(CannotSign, match=why):
        await keeper.open()
    keeper.close()


async def test_a_key_that_cannot_be_proven_says_which(
    token: Token, keeper: Pkcs11, told: Told
) -> None:
    key = await made(keeper, told)
    await keeper.discard(key.held.reference if key.held else "")
    with pytest.raises(KeyFault, match=f"{key.kid} cannot sign: 0 keys have the id"):
        await Keepers([keeper], watch=told).prove(key)


async def test_a_process_that_was_forked_opens_the_module_anew(token: Token) -> None:
    """In a program of its own: this one has threads."""
    said, _ = await forked(token, {})
    assert said.split() == [b"child", b"parent"]


async def test_a_module_that_does_not_begin_is_said_to_be_no_use(token: Token) -> None:
    _, wrong = await forked(token, {"SOFTHSM2_CONF": "/no/such/file"})
    assert b"cannot be loaded" in wrong


async def forked(token: Token, changes: dict[str, str]) -> tuple[bytes, bytes]:
    program = Path(__file__).with_name("forking.py")
    arguments = [str(program), str(token.module), token.label, str(token.pin_file)]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=Path(__file__).parents[3],
        env={**os.environ, "PYTHONPATH": ".", **changes},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    return await process.communicate()


async def test_what_fails_without_a_session_closes_none(token: Token) -> None:
    slot, *_ = cryptoki.load(token.module).get_slots()
    with pytest.raises(CannotSign, match="MechanismInvalid"):
        place(token).once(lambda _: slot.get_mechanism_info(Mechanism.ML_DSA))


async def test_what_a_token_does_not_know_of_is_not_so(token: Token, keeper: Pkcs11) -> None:
    reference, _ = await keeper.make("ES256")
    key = find(place(token).open(), reference, ObjectClass.PRIVATE_KEY)
    assert not said(key, Attribute.MODULUS)


POINT = bytes(range(64))


@pytest.mark.parametrize(
    ("point", "fits"),
    [
        (b"\x04\x41\x04" + POINT, True),
        (b"\x04" + POINT, True),
        (b"\x02" + POINT, False),
        (b"\x02" + POINT[:32], False),
        (b"", False),
    ],
    ids=["wrapped", "bare", "another form", "compressed", "empty"],
)
async def test_a_point_is_read_in_the_two_forms_that_there_are(point: bytes, fits: bool) -> None:
    if fits:
        members = ec_members({Attribute.EC_POINT: point})
        assert decoded(members["x"]) + decoded(members["y"]) == POINT
        return
    with pytest.raises(CannotSign, match="form that is not ours"):
        ec_members({Attribute.EC_POINT: point})
