"""The words of the pages for what goes wrong: what happened, and what to do next.

WCAG 2.2, 3.3.1 and 3.3.3. Nothing that came with the request is repeated.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from idp.pages.paths import ACCOUNT, PASSKEYS
from idp.pages.words import later


@dataclass(frozen=True, slots=True)
class Problem:
    """Three sentences, said in the reader's language, and perhaps a way on."""

    title: str
    happened: str
    advice: str
    way: str | None = None
    way_name: str = ""


AGENCY = Problem(
    later("This link does not work"),
    later("The service that sent you here made a mistake, so nothing was done and nothing shared."),
    later("Go back to the service and start again. If it happens again, tell the service."),
)
_OVER = Problem(
    later("This took too long"),
    later("What you began has ended, to keep it safe. Nothing was shared."),
    later("Go back to the service and start again."),
)
_REQUEST = Problem(
    later("Start again at the service"),
    later("What the service asked for has ended, or was answered already. Nothing was shared now."),
    later("Go back to the service and start again."),
)
_FORM = Problem(
    later("This page was too old"),
    later("Your answer did not count: it came from an old page, or not from this one."),
    later("Open your account, or go back to the service, and do it again."),
    ACCOUNT,
    later("Open your account"),
)
_USED = Problem(
    later("This was sent before"),
    later("What you sent counted the first time. It was not done again."),
    later("Open your account to see how things stand, or go back to the service."),
    ACCOUNT,
    later("Open your account"),
)
_LOST = Problem(
    later("There is nothing here"),
    later("The address is not one of ours, or what was here is gone."),
    later("Check the address, or open your account."),
    ACCOUNT,
    later("Open your account"),
)
UNREAD = Problem(
    later("We could not read that"),
    later(
        "Something in the address or in the form is not as our pages write it. Nothing was done."
    ),
    later("Open your account, or go back to the service and start again."),
    ACCOUNT,
    later("Open your account"),
)
_PASSKEY = Problem(
    later("The passkey was not added"),
    later("It took longer than five minutes, or your device and this page did not agree."),
    later("Go back to your passkeys and try once more, perhaps with another device or browser."),
    PASSKEYS,
    later("Back to your passkeys"),
)
_FAULT = Problem(
    later("Something went wrong on our side"),
    later("It is written down, and we look into it. Nothing was shared."),
    later("Wait a minute, then try again. If it happens again, tell a public service counter."),
)
_BUSY = Problem(
    later("We cannot do this right now"),
    later("The service is too busy, or a part of it is away. Nothing was lost and nothing shared."),
    later("Wait a few seconds, then load this page again."),
)

PROBLEMS: Mapping[str, Problem] = MappingProxyType(
    {
        "interaction_expired": _OVER,
        "invalid_request_uri": _REQUEST,
        "form_expired": _FORM,
        "form_used": _USED,
        "not_found": _LOST,
        "passkey_not_added": _PASSKEY,
        "server_error": _FAULT,
        "temporarily_unavailable": _BUSY,
    }
)
"""By code, whoever is at fault; for other codes it matters whose page it was."""
