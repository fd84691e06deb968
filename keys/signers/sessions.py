"""Sessions with one token, each used by one thread, and opened again when one is lost.

PKCS #11 section 5.6; K-23.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar, cast

from pkcs11 import (
    Attribute,
    DeviceError,
    DeviceRemoved,
    Object,
    ObjectClass,
    PKCS11Error,
    Session,
    SessionClosed,
    SessionHandleInvalid,
    SignMixin,
    TokenNotPresent,
    UserNotLoggedIn,
)

from keys.signers.held import CannotSign
from keys.signers.login import Login

T = TypeVar("T")

LOST = (
    DeviceError,
    DeviceRemoved,
    SessionClosed,
    SessionHandleInvalid,
    TokenNotPresent,
    UserNotLoggedIn,
)


@dataclass
class Place:
    """Of one thread: its session, and the private keys it has found there."""

    login: Login
    session: Session | None = None
    keys: dict[str, SignMixin] = field(default_factory=dict)

    def open(self) -> Session:
        if self.session is None:
            self.session = self.login.session()
        return self.session

    def key(self, reference: str) -> SignMixin:
        if reference not in self.keys:
            key = single(self.private(reference), reference)
            self.keys[reference] = cast("SignMixin", key)  # its class is made of what it may do
        return self.keys[reference]

    def private(self, reference: str) -> Sequence[Object]:
        """Where there is none, as who has just logged in sees it: from others a token hides them.

        PKCS #11 section 5.7 (``C_FindObjects``).
        """
        its = found(self.open(), reference, ObjectClass.PRIVATE_KEY)
        if not its:
            self._forget(UserNotLoggedIn())
            its = found(self.open(), reference, ObjectClass.PRIVATE_KEY)
        return its

    def retried(self, work: Callable[["Place"], T]) -> T:
        """Once more in a new session: the old one may have been lost. Raises ``CannotSign``."""
        try:
            return work(self)
        except PKCS11Error as error:
            self._forget(error)
            return self.once(work)

    def once(self, work: Callable[["Place"], T]) -> T:
        """What must not be done twice. Raises ``CannotSign``."""
        try:
            return work(self)
        except PKCS11Error as error:
            self._forget(error)
            raise CannotSign(type(error).__name__) from error

    def _forget(self, error: PKCS11Error) -> None:
        """The session, and where all of them may be lost the login, too."""
        self.keys.clear()
        session, self.session = self.session, None
        if isinstance(error, LOST):
            self.login.lost()
        elif session is not None:
            with suppress(PKCS11Error):
                session.close()


def found(session: Session, reference: str, kind: ObjectClass) -> Sequence[Object]:
    named = {Attribute.ID: bytes.fromhex(reference), Attribute.CLASS: kind}
    return [*session.get_objects(named)]


def find(session: Session, reference: str, kind: ObjectClass) -> Object:
    """The one that has this name. Raises ``CannotSign``."""
    return single(found(session, reference, kind), reference)


def single(its: Sequence[Object], reference: str) -> Object:
    if len(its) != 1:
        raise CannotSign(f"{len(its)} keys have the id {reference}")
    return its[0]
