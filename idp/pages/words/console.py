"""The words of the console for what goes wrong there: officers have no account to open.

WCAG 2.2, 3.3.1 and 3.3.3. Nothing that came with the request is repeated.
"""

from collections.abc import Mapping
from types import MappingProxyType

from idp.pages.console.paths import KEYS
from idp.pages.words import later
from idp.pages.words.problems import PROBLEMS, Problem

_WAY = (KEYS, later("Back to the keys"))
_FORM = Problem(
    later("This page of the console was too old"),
    later("Your answer did not count: it came from an old page, or not from this one."),
    later("Look at the keys, and begin again."),
    *_WAY,
)
_USED = Problem(
    later("This was sent before"),
    later("What you sent counted the first time. It was not done again."),
    later("Look at the keys to see how things stand."),
    *_WAY,
)
_LINK = Problem(
    later("This link works no longer"),
    later("It was used, its time is over, or another one was made after it."),
    later("Ask for a new one where this one came from."),
)
UNREAD = Problem(
    later("We could not read that"),
    later(
        "Something in the address or in the form is not as our pages write it. Nothing was done."
    ),
    later("Look at the keys, and begin again."),
    *_WAY,
)
AT_CONSOLE: Mapping[str, Problem] = MappingProxyType(
    {**PROBLEMS, "form_expired": _FORM, "form_used": _USED, "link_gone": _LINK}
)
"""By code."""
