"""Pages for what goes wrong: what happened, and what to do next. WCAG 2.2, 3.3.1 and 3.3.3.

RFC 6749 section 4.1.2.1: where no address is proven, the person is told, not the client. Nothing
that came with the request is repeated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from types import MappingProxyType

from idp.pages.builder import Builder, Page
from idp.pages.paths import ACCOUNT
from idp.pages.words import later
from oidc.endpoints.message import Answer, Request
from oidc.errors import OAuthError


@dataclass(frozen=True, slots=True)
class Problem:
    """Three sentences, said in the reader's language, and perhaps a way on."""

    title: str
    happened: str
    advice: str
    way: str | None = None
    way_name: str = ""


_AGENCY = Problem(
    later("This link does not work"),
    later("The service that sent you here made a mistake, so nothing was done and nothing shared."),
    later("Go back to the service and start again. If it happens again, tell the service."),
)
_OVER = Problem(
    later("This took too long"),
    later("What you began has ended, to keep it safe. Nothing was shared."),
    later("Go back to the service and start again."),
)
_FORM = Problem(
    later("This page was too old"),
    later("Your answer did not count: it came from an old page, or not from this one."),
    later("Open your account, or go back to the service, and do it again."),
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
_UNREAD = Problem(
    later("We could not read that"),
    later(
        "Something in the address or in the form is not as our pages write it. Nothing was done."
    ),
    later("Open your account, or go back to the service and start again."),
    ACCOUNT,
    later("Open your account"),
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
        "form_expired": _FORM,
        "not_found": _LOST,
        "server_error": _FAULT,
        "temporarily_unavailable": _BUSY,
    }
)
"""By code, whoever is at fault; for other codes it matters whose page it was."""


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
        return self._page(error, PROBLEMS.get(error.code, _AGENCY), request)

    def own(self, error: OAuthError, request: Request) -> Answer:
        """At a page of ours."""
        return self._page(error, PROBLEMS.get(error.code, _UNREAD), request)

    def _page(self, error: OAuthError, problem: Problem, request: Request) -> Answer:
        """RFC 9110 section 15.5.2: a 401 would need a challenge, and programs know it only."""
        unknown = error.status == HTTPStatus.UNAUTHORIZED
        reader = self._builder.reader(request)
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
            status=HTTPStatus.BAD_REQUEST if unknown else error.status,
        )
        return self._builder.build(page, reader)
