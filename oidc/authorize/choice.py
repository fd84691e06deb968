"""Who of those signed in in a browser goes on with a request, as far as that is clear.

OpenID Connect Core sections 3.1.2.1 (``prompt=select_account``, hints) and 5.5.1 (``sub``). Pure.
"""

from collections.abc import Sequence

from oidc.authorize.request import AuthorizeRequest
from oidc.standing import Session, Whom
from store.value import as_value


@as_value()
class Those:
    """Who may be meant, the newest first. ``chosen``: on our pages, for this request."""

    sessions: Sequence[Session]
    chosen: bool = False


@as_value()
class Choice:
    """Made on our pages. ``as_is``: with what is proven; more cannot be had, or is not wanted."""

    account_id: str
    as_is: bool = False


def whom(request: AuthorizeRequest, choice: Choice | None = None) -> Whom:
    return Whom(
        chosen=choice.account_id if choice else None,
        as_is=choice.as_is if choice else False,
        subjects=request.subjects,
        login_hint=request.login_hint,
        since=request.received_at,
    )


def those(meant: Whom, here: Sequence[Session]) -> Those:
    """One was chosen; else one whom the client names; else one who came for this very request.

    If who was chosen is here no more, it is nobody: never somebody else in silence.
    """
    if meant.chosen is not None:
        found = [it for it in here if it.account_id == meant.chosen]
        return Those(found, chosen=bool(found))
    if meant.subjects:
        here = [it for it in here if it.subject in meant.subjects] or here[:1]
    return Those(came_for_it(meant, here) or here)


def came_for_it(meant: Whom, here: Sequence[Session]) -> Sequence[Session]:
    """Of several, the one who signed in since."""
    found = [it for it in here if meant.since is not None and it.auth_time >= meant.since]
    return found if len(found) == 1 else ()
