"""How a refusal leaves. Each endpoint has one of three forms; all are made here.

RFC 6749 section 5.2 (as JSON); RFC 6750 section 3 (to who brings a token); section 4.1.2.1 and
RFC 9110 sections 10.2.3 (``Retry-After``) and 15.5.9 (a request that came too late).
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from types import MappingProxyType

from oidc.access import MissingToken
from oidc.authorize.redirect import Redirect
from oidc.endpoints.message import NO_STORE, Answer, Header, Request, json
from oidc.errors import (
    InvalidRequest,
    OAuthError,
    Refused,
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
        HTTPStatus.SERVICE_UNAVAILABLE: ((b"retry-after", b"1"),),
    }
)
_LOG = logging.getLogger("motcua")


def as_refusal(error: Exception) -> OAuthError:
    """A fault of ours in the protocol's words: its details go to the log."""
    match error:
        case OAuthError():
            return error
        case Unavailable():
            return TemporarilyUnavailable(str(error))
        case Unstorable():
            return InvalidRequest(str(error))
    _LOG.error("fault", exc_info=error)
    return ServerError(type(error).__name__)


@contextmanager
def refusing_at(redirect: Redirect) -> Iterator[None]:
    """From here on, whatever goes wrong is told to the client at its proven address."""
    try:
        yield
    except Exception as error:
        refusal = as_refusal(error)
        raise Refused(redirect.refusal(refusal), refusal) from error


def as_json(error: OAuthError, request: Request, pages: Pages) -> Answer:
    unproven = (BASIC,) if error.status == HTTPStatus.UNAUTHORIZED else ()
    return json(error.body(), error.status, *unproven, *again(error))


def as_bearer(error: OAuthError, request: Request, pages: Pages) -> Answer:
    if isinstance(error, MissingToken):
        return Answer(error.status, b"", (challenge(), NO_STORE))
    if error.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return json(error.body(), error.status, challenge(**error.body()))
    return json(error.body(), error.status, *again(error))


def challenge(**said: str) -> Header:
    text = ", ".join(f'{name}="{value}"' for name, value in {"realm": "motcua", **said}.items())
    return (b"www-authenticate", f"Bearer {text}".encode("ascii"))


def as_page(error: OAuthError, request: Request, pages: Pages) -> Answer:
    page = pages.refusal(error, request)
    return Answer(page.status, page.body, (*page.headers, *again(error)))


def again(error: OAuthError) -> tuple[Header, ...]:
    return BESIDES.get(error.status, ())
