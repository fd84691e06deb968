"""How a refusal leaves. Each endpoint has one of three forms; all are made here.

RFC 6749 section 5.2 (as JSON); RFC 6750 section 3 (to who brings a token); section 4.1.2.1 and
RFC 9110 sections 10.2.3 (``Retry-After``) and 15.5.9 (a request that came too late).
"""

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType

from keys.signers.held import CannotSign
from oidc.access import MissingToken
from oidc.authorize.redirect import Redirect
from oidc.endpoints.message import NO_STORE, Answer, Header, Request, json
from oidc.endpoints.reply import Refused
from oidc.errors import (
    InvalidRequest,
    OAuthError,
    ServerError,
    TemporarilyUnavailable,
)
from oidc.ports import Pages
from store.database import Unavailable, Unstorable

Refuse = Callable[[OAuthError, Request, Pages], Answer]

BASIC: Header = (b"www-authenticate", b'Basic realm="motcua"')
BESIDES: Mapping[int, tuple[Header, ...]] = MappingProxyType(
    {
        HTTPStatus.REQUEST_TIMEOUT: ((b"connection", b"close"),),
        HTTPStatus.TOO_MANY_REQUESTS: ((b"retry-after", b"600"),),
        HTTPStatus.SERVICE_UNAVAILABLE: ((b"retry-after", b"1"),),
    }
)
CHALLENGED = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
"""RFC 6750 section 3.1: with these the challenge says what was wrong with the token."""

_LOG = logging.getLogger("motcua")


def as_refusal(error: Exception) -> OAuthError:
    """A fault of ours in the protocol's words: its details go to the log."""
    match error:
        case OAuthError():
            return error
        case Unavailable() | CannotSign():
            return TemporarilyUnavailable(str(error))
        case Unstorable():
            return InvalidRequest(str(error))
    _LOG.error("fault", exc_info=error)
    return ServerError(type(error).__name__)


class RefusingAt:
    """From here on, whatever goes wrong is told to the client at its proven address."""

    __slots__ = ("_redirect",)

    def __init__(self, redirect: Redirect) -> None:
        self._redirect = redirect

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception):
            refusal = as_refusal(error)
            raise Refused(self._redirect.refusal(refusal), refusal) from error


def as_json(error: OAuthError, request: Request, pages: Pages) -> Answer:
    unproven = (BASIC,) if error.status == HTTPStatus.UNAUTHORIZED else ()
    return json(error.body(), error.status, *unproven, *again(error))


def as_bearer(error: OAuthError, request: Request, pages: Pages) -> Answer:
    if isinstance(error, MissingToken):
        return Answer(error.status, b"", (challenge(), NO_STORE))
    if error.status in CHALLENGED:
        return json(error.body(), error.status, challenge(**error.body()))
    return json(error.body(), error.status, *again(error))


def challenge(**said: str) -> Header:
    text = ", ".join(f'{name}="{value}"' for name, value in {"realm": "motcua", **said}.items())
    return (b"www-authenticate", f"Bearer {text}".encode("ascii"))


def as_page(error: OAuthError, request: Request, pages: Pages) -> Answer:
    return pages.refusal(error, request).saying(*again(error))


def again(error: OAuthError) -> tuple[Header, ...]:
    return BESIDES.get(error.status, ())
