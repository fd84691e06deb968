"""The ways a registration can be refused. RFC 7591 section 3.2.2; RFC 6585 section 4 (429)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from clients.dynamic.refused import BadMetadata, NotInvited, NotItsOwn, TooMany
from oidc.access import InvalidToken
from oidc.errors import OAuthError


class InvalidClientMetadata(OAuthError):
    code = "invalid_client_metadata"
    public = "What is said of the client cannot be read."


class InvalidRedirectUri(OAuthError):
    code = "invalid_redirect_uri"
    public = "A redirect URI may not be registered."


class InvalidSoftwareStatement(OAuthError):
    code = "invalid_software_statement"
    public = "The software statement does not hold."


class UnapprovedSoftwareStatement(OAuthError):
    code = "unapproved_software_statement"
    public = "The software statement is of nobody who is believed here."


class RegistrationIsOff(OAuthError):
    code = "access_denied"
    status = 403
    public = "Clients do not register themselves here."


class TooManyRegistrations(OAuthError):
    code = "temporarily_unavailable"
    status = 429
    public = "Too many clients have registered in this hour."


_KINDS: Mapping[str, type[OAuthError]] = MappingProxyType(
    {
        kind.code: kind
        for kind in (
            InvalidClientMetadata,
            InvalidRedirectUri,
            InvalidSoftwareStatement,
            UnapprovedSoftwareStatement,
        )
    }
)


@contextmanager
def refusing() -> Iterator[None]:
    """What the registrar says, in the words of the protocol."""
    try:
        yield
    except BadMetadata as error:
        raise _KINDS[error.code](error.text, public=error.text) from error
    except (NotInvited, NotItsOwn) as error:
        raise InvalidToken(str(error)) from error
    except TooMany as error:
        raise TooManyRegistrations(str(error)) from error
