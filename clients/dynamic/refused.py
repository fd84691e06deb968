"""Why a registration is refused. RFC 7591 section 3.2.2; RFC 7592 section 2."""

from typing import Literal

Code = Literal[
    "invalid_redirect_uri",
    "invalid_client_metadata",
    "invalid_software_statement",
    "unapproved_software_statement",
]


class BadMetadata(Exception):
    """What was said may not be registered; ``text`` says why, and repeats nothing of it."""

    def __init__(self, text: str, code: Code = "invalid_client_metadata") -> None:
        super().__init__(text)
        self.text = text
        self.code = code


class NotInvited(Exception):
    """No invitation, or one that is used up, over or none of ours."""


class TooMany(Exception):
    """Those of the hour are used up, or the last one went to somebody else."""


class NotItsOwn(Exception):
    """There is no such client, it was deleted, or the token is another's."""
