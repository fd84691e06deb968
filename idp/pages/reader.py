"""Who reads a page: which language they get, and what their browser remembers of it.

OpenID Connect Core section 3.1.2.1 and RP-Initiated Logout 1.0 section 2 (``ui_locales``). What
the person chose counts most and stays; then what the agency wishes, which lasts as long as the
browser is open, so that no page on the way speaks another language; then what the browser accepts.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from idp.pages.languages import TAGS, Language, accepted, first
from oidc.endpoints.cookies import set_cookie
from oidc.endpoints.message import Header, Request
from oidc.errors import OAuthError

CHOICE = "__Host-motcua-language"
WISH = "__Host-motcua-wished"
PARAMETER = "ui_locales"
ACCEPT = b"accept-language"


@dataclass(frozen=True, slots=True)
class Reader:
    """``cookies`` keep what this very request said. ``own``: the language they would rather read.

    ``offered`` are those that the page can be had in.
    """

    language: Language
    own: Language
    offered: tuple[str, ...] = TAGS
    cookies: tuple[Header, ...] = ()


@dataclass(frozen=True, slots=True)
class Wishes:
    """The person's by ``chosen`` and ``kept``, the agency's by ``wished`` and ``lent``."""

    chosen: str | None
    kept: str | None
    wished: str | None
    lent: str | None
    accepted: str

    def best(self, offered: Sequence[str]) -> str:
        """The tag of the first that can be met; else of the first there is."""
        wishes = (self.chosen, self.kept, self.wished, self.lent, self.accepted)
        return first(wishes, offered) or offered[0]

    def cookies(self) -> tuple[Header, ...]:
        """What is news to the browser."""
        chosen, wished = first([self.chosen], TAGS), first([self.wished], TAGS)
        mine = (set_cookie(CHOICE, chosen),) if chosen not in {None, self.kept} else ()
        theirs = (set_cookie(WISH, wished),) if wished not in {None, self.lent} else ()
        return (*mine, *theirs)


def reader(
    languages: Mapping[str, Language], said: Wishes, offered: Sequence[str] = TAGS
) -> Reader:
    tag, own = said.best(offered), said.best(TAGS)
    return Reader(languages[tag], languages[own], tuple(offered), said.cookies())


def wishes(request: Request, wished: str | None) -> Wishes:
    """At a page: its links name what the person chooses."""
    return _wishes(request, _asked(request), wished)


def of_agency(request: Request) -> Wishes:
    """At an endpoint of the protocol: what is asked there is the agency's wish.

    Asked for alone it is the person's: the link of an error page that was shown there.
    """
    alone = b"&" not in request.query
    return wishes(request, None) if alone else _wishes(request, None, _asked(request))


def _wishes(request: Request, chosen: str | None, wished: str | None) -> Wishes:
    headers = (value.decode("latin-1") for name, value in request.headers if name == ACCEPT)
    return Wishes(
        chosen=chosen,
        kept=request.cookie(CHOICE),
        wished=wished,
        lent=request.cookie(WISH),
        accepted=accepted(",".join(headers)),
    )


def _asked(request: Request) -> str | None:
    """A query that cannot be read asks nothing."""
    try:
        return request.params().get(PARAMETER)
    except OAuthError:
        return None


def errand_in(request: Request) -> Mapping[str, str]:
    """The name of an errand, if it may be one of ours; nothing else of a query is repeated."""
    try:
        name = request.params().get("i") or ""
    except OAuthError:
        name = ""
    return {"i": name} if _NAME.fullmatch(name) else {}


_NAME = re.compile(r"[\w.-]{40,80}", re.ASCII)
