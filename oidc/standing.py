"""Who is signed in in a browser, as one agency may know them, and whom a request means.

OpenID Connect Core sections 3.1.2.1 (``id_token_hint``, ``login_hint``), 5.5.1 (``sub``) and 8.
"""

from consent.model import Record
from store.value import as_value


@as_value(kw_only=True)
class Whom:
    """``chosen``: the account that was chosen, or signed in, on our pages for this request.

    ``as_is``: with what they have proven. ``subjects``: of them one must be it, if there are any.
    ``since``: who signed in at this time or later did so for this request; microseconds.
    """

    chosen: str | None = None
    as_is: bool = False
    subjects: frozenset[str] = frozenset()
    login_hint: str | None = None
    since: int | None = None


ANYBODY = Whom()


@as_value(kw_only=True)
class Session:
    """A live session, as one agency may know it.

    ``subject`` is pairwise, missing while the person has none at this agency. ``sid`` is one for
    each session and agency. Times are microseconds.
    """

    session_id: str
    account_id: str
    subject: str | None
    sid: str
    auth_time: int
    acr: str
    amr: tuple[str, ...]
    ends_at: int


@as_value()
class Standing:
    """Who is signed in in a browser, and the live record of what they agreed to.

    ``several`` may be meant: then it is nobody yet. ``chosen``: on our pages, for this request;
    ``as_is``: and with what they have proven, though the client wished for more.
    """

    session: Session | None
    record: Record | None
    several: bool = False
    chosen: bool = False
    as_is: bool = False
