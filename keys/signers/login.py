"""Being logged in to one token: once for the whole program, by whichever thread needs it first.

PKCS #11 sections 5.6 and 5.7; K-23 and K-24. To be logged in belongs to the program, not to a
session. A PIN that was refused is not tried again: a token locks itself after a few.
"""

import threading
from pathlib import Path

from pkcs11 import (
    PinExpired,
    PinIncorrect,
    PinInvalid,
    PinLenRange,
    PinLocked,
    PKCS11Error,
    Session,
    Slot,
    Token,
    UserAlreadyLoggedIn,
)

from keys.kek import KeyFileError, read_private
from keys.signers.cryptoki import Module, load
from keys.signers.held import CannotSign

LONGEST = 256  # bytes of a file that holds a PIN
TRIES, PAUSE = 5, 0.1  # seconds: until the token is there that this process has never seen
OF_THE_PIN = (PinExpired, PinIncorrect, PinInvalid, PinLenRange, PinLocked)


class Login:
    """Shared by all threads: one of them logs in for all."""

    def __init__(self, module: Path, label: str, pin_file: Path) -> None:
        self._module = module
        self._label = label
        self._pin_file = pin_file
        self._one_at_a_time = threading.Lock()
        self._logged_in = False
        self._refused = False
        self._seen = False

    def session(self) -> Session:
        """A new one, logged in. Raises ``PKCS11Error`` and ``CannotSign``."""
        with self._one_at_a_time:
            if self._refused:
                raise CannotSign("the token has refused the PIN, which is not tried again")
            token = self._token()
            if not self._logged_in:
                self._log_in(token)
            return token.open(rw=True)

    def lost(self) -> None:
        """Whoever opens the next session logs in again."""
        with self._one_at_a_time:
            self._logged_in = False

    def _log_in(self, token: Token) -> None:
        try:
            token.open(user_pin=self._pin())  # stays open: with it goes the login
        except UserAlreadyLoggedIn:
            pass
        except OF_THE_PIN as error:
            self._refused = True
            raise CannotSign("the token refuses the PIN") from error
        except KeyFileError as error:
            raise CannotSign(str(error)) from error
        self._logged_in = True

    def _pin(self) -> str:
        return read_private(self._pin_file, LONGEST).decode(errors="replace").strip()

    def _token(self) -> Token:
        try:
            module = load(self._module)
        except (OSError, PKCS11Error) as error:
            raise CannotSign(f"the module {self._module} cannot be loaded") from error
        found = self._found(module)
        for _ in range(0 if self._seen else TRIES):
            if found:
                break
            threading.Event().wait(PAUSE)
            module.look_again()
            found = self._found(module)
        if len(found) != 1:
            raise CannotSign(f"{len(found)} tokens have the label {self._label}")
        self._seen = True
        return found[0]

    def _found(self, module: Module) -> list[Token]:
        present = [_token_in(slot) for slot in module.get_slots(token_present=True)]
        return [token for token in present if token is not None and token.label == self._label]


def _token_in(slot: Slot) -> Token | None:
    """That another token is broken is nothing to ours."""
    try:
        return slot.get_token()
    except PKCS11Error:
        return None
