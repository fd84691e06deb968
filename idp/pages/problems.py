"""Pages for what goes wrong: what happened, and what to do next. WCAG 2.2, 3.3.1 and 3.3.3.

RFC 6749 section 4.1.2.1: where no address is proven, the person is told, not the client. Nothing
that came with the request is repeated.
"""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from idp.pages.builder import Builder, Page
from idp.pages.console.paths import CONSOLE
from idp.pages.posting import posting
from idp.pages.reader import Reader, errand_in
from idp.pages.words import console
from idp.pages.words.console import AT_CONSOLE
from idp.pages.words.problems import AGENCY, PROBLEMS, UNREAD, Problem
from oidc.authorize.redirect import Reply
from oidc.endpoints.message import Answer, Request
from oidc.errors import OAuthError


class NotFound(OAuthError):
    """RFC 9110 section 15.5.5."""

    code = "not_found"
    status = HTTPStatus.NOT_FOUND
    public = "There is nothing here."


class Problems:
    """Also ``oidc.ports.Pages``."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder

    def refusal(self, error: OAuthError, request: Request) -> Answer:
        """At an endpoint of the protocol: the agency sent the person there."""
        reader = self._builder.sent(request)
        return self._page(error, PROBLEMS.get(error.code, AGENCY), reader, {})

    def posting(self, reply: Reply, request: Request) -> Answer:
        """Nothing went wrong, or the service is told of it: on to its address."""
        return posting(self._builder, reply, request)

    def own(self, error: OAuthError, request: Request) -> Answer:
        """At a page of ours."""
        reader = self._builder.reader(request)
        own, unread = (PROBLEMS, UNREAD)
        if request.path.startswith(f"{CONSOLE}/"):
            own, unread = AT_CONSOLE, console.UNREAD
        return self._page(error, own.get(error.code, unread), reader, errand_in(request))

    def _page(
        self, error: OAuthError, problem: Problem, reader: Reader, query: Mapping[str, str]
    ) -> Answer:
        """RFC 9110 section 15.5.2: a 401 would need a challenge, and programs know it only.

        ``query`` leads to the same page in another language, wherever it is shown.
        """
        unknown = error.status == HTTPStatus.UNAUTHORIZED
        say = reader.language.gettext
        said = replace(
            problem,
            title=say(problem.title),
            happened=say(problem.happened),
            advice=say(problem.advice),
            way_name=say(problem.way_name) if problem.way else "",
        )
        page = Page(
            template="problem.html",
            values={"problem": said},
            error=error.code,
            here=("", query),
            status=HTTPStatus.BAD_REQUEST if unknown else error.status,
        )
        return self._builder.build(page, reader)
