"""Keys in a PKCS #11 token: made there, used there, and never anywhere else. K-21 to K-25."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pkcs11 import Attribute, AttributeTypeInvalid, Object, ObjectClass

from keys.algorithms import RSA_BITS
from keys.signers.held import CannotSign
from keys.signers.login import Login
from keys.signers.mechanisms import ASKED, HOW, PAIR, SAID
from keys.signers.sessions import Place, find, found
from keys.signers.threads import Threads


class Pkcs11:
    """``keys.signers.held.Keeper``: the token with this label, through this module."""

    name = "pkcs11"

    def __init__(self, module: Path, token_label: str, pin_file: Path, sessions: int) -> None:
        login = Login(module, token_label, pin_file)
        self._threads = Threads(self.name, sessions, lambda: Place(login))

    async def open(self) -> None:
        """In the process that signs. Raises ``CannotSign``."""
        await self._threads.run(lambda place: place.retried(Place.open))

    def close(self) -> None:
        self._threads.stop()

    async def make(self, alg: str) -> tuple[str, Mapping[str, str]]:
        reference = os.urandom(16).hex()
        await self._threads.run(lambda place: place.once(lambda it: _make(it, reference, alg)))
        return reference, await self.inspect(reference, alg)

    async def inspect(self, reference: str, alg: str) -> Mapping[str, str]:
        work = self._threads.run
        return await work(lambda place: place.retried(lambda it: _inspected(it, reference, alg)))

    async def sign(self, reference: str, alg: str, message: bytes) -> bytes:
        how = HOW[alg]
        data = how.prepare(message)

        def signed(place: Place) -> bytes:
            return place.key(reference).sign(
                data, mechanism=how.mechanism, mechanism_param=how.parameters
            )

        return await self._threads.run(lambda place: place.retried(signed))

    async def discard(self, reference: str) -> None:
        await self._threads.run(lambda place: place.once(lambda it: _destroyed(it, reference)))


def _make(place: Place, reference: str, alg: str) -> None:
    how, session = HOW[alg], place.open()
    named: dict[str, Any] = {
        "id": bytes.fromhex(reference),
        "label": f"motcua {alg}",
        "store": True,
        "capabilities": PAIR,
        "private_template": dict(ASKED),
    }
    if how.curve is None:
        session.generate_keypair(how.kind, RSA_BITS, **named)
        return
    curve: dict[Attribute, Any] = {Attribute.EC_PARAMS: how.curve}
    session.create_domain_parameters(how.kind, curve, local=True).generate_keypair(**named)


def _inspected(place: Place, reference: str, alg: str) -> Mapping[str, str]:
    session = place.open()
    private = find(session, reference, ObjectClass.PRIVATE_KEY)
    wrong = [name.name for name, value in ASKED.items() if said(private, name) is not value]
    wrong += [name.name for name in SAID if not said(private, name)]
    if wrong:
        raise CannotSign(f"key {reference} is not kept as it has to be: {', '.join(wrong)}")
    return HOW[alg].members(find(session, reference, ObjectClass.PUBLIC_KEY))


def _destroyed(place: Place, reference: str) -> None:
    """The public part last: while that is there, somebody may still look for the private one."""
    place.keys.clear()
    for key in place.private(reference):
        key.destroy()
    for key in found(place.open(), reference, ObjectClass.PUBLIC_KEY):
        key.destroy()


def said(key: Object, name: Attribute) -> bool:
    """What a token does not know of is not so."""
    try:
        return bool(key[name])
    except AttributeTypeInvalid:
        return False
