"""Telling a person that the way into their account has changed. NIST SP 800-63B-4 section 4.6.

A notice is put in the outbox in the commit of the change it tells of: there is no change without
its notice, and none of what was not kept.
"""

from typing import Literal

from idp.letters import Letters
from keys.secrets import new_id
from store.database import Write

Kind = Literal[
    "new_device",
    "passkey_added",
    "passkey_removed",
    "password_changed",
    "totp_added",
    "totp_removed",
    "codes_made",
    "code_used",
    "means_reset",
]
NEW_DEVICE: Kind = "new_device"  # written by ``idp/sessions/devices.py``
NOTICE = "notice"
"""Their kind in the outbox."""


class Notices:
    def __init__(self, letters: Letters) -> None:
        self._letters = letters

    def write(self, kind: Kind, account_id: str, now: int, label: str = "") -> tuple[Write, ...]:
        """What joins the commit of the change.

        ``label``: the device or passkey it is about, in the words in which the person knows it.
        """
        content = {"kind": kind, "account_id": account_id, "at": now, "label": label}
        return (self._letters.insert(new_id(now), NOTICE, content, now),)
