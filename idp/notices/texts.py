"""What people are told, in plain words. The sentences are in the pages' catalogues."""

from typing import NamedTuple

from idp.notices.write import Kind
from idp.pages.words import later


class Told(NamedTuple):
    """``what`` happened, as subject and first sentence; ``label`` says what the label is of."""

    what: str
    label: str


_DEVICE, _PASSKEY = later("Device: %(label)s"), later("Passkey: %(label)s")

TOLD: dict[Kind, Told] = {
    "new_device": Told(later("A new device signed in to your National account"), _DEVICE),
    "passkey_added": Told(later("A passkey was added to your National account"), _PASSKEY),
    "passkey_removed": Told(later("A passkey was removed from your National account"), _PASSKEY),
    "password_changed": Told(later("The password of your National account was changed"), _DEVICE),
    "totp_added": Told(later("An authenticator app was added to your National account"), _DEVICE),
    "totp_removed": Told(
        later("The authenticator app was removed from your National account"), _DEVICE
    ),
    "codes_made": Told(later("New recovery codes were made for your National account"), _DEVICE),
    "code_used": Told(
        later("A recovery code was used to sign in to your National account"), _DEVICE
    ),
    "means_reset": Told(
        later("At a counter, everything but the password was removed from your National account"),
        _DEVICE,
    ),
}
WHEN = later("When: %(moment)s, Viet Nam time")
REST = (
    later("If it was you, there is nothing to do."),
    later(
        "If it was not you, open your National account as you always do: type its address "
        "yourself. Under Security, change your password and remove what is not yours. Under "
        "Devices, end every session that you do not know."
    ),
    later(
        "If you cannot sign in any more, go to the office that gave you your identity card: "
        "they will help you."
    ),
    later(
        "There is no link in this message, on purpose. Nobody will ever ask you for a password "
        "or a code by mail."
    ),
)
