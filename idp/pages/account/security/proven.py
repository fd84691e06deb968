"""Only who proved just now who they are, as surely as they can, changes how they sign in.

NIST SP 800-63B-4 section 4.1.2.
"""

from dataclasses import dataclass

from idp.authentication.means import Held
from idp.pages.account.owner import Owner, owner
from idp.pages.door import sign_in_again, sign_in_first
from idp.pages.site import Site
from idp.sessions.fresh import is_fresh
from oidc.endpoints.message import Answer, Request, see_other
from oidc.params import Params


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """The owner of an account, and what they sign in with."""

    who: Owner
    held: Held

    @property
    def account_id(self) -> str:
        return self.who.account_id


async def proven(site: Site, request: Request, path: str, now: int) -> Proven | Answer:
    """The person; or where they prove it first, to come back to ``path``."""
    who = await owner(site, request, now)
    if who is None:
        return sign_in_first(path)
    held = await site.security.means.of(who.account_id)
    if not is_fresh(who.session, held.level, now):
        return see_other(sign_in_again(path))
    return Proven(who=who, held=held)


async def proven_by_form(
    site: Site, request: Request, path: str, now: int
) -> tuple[Params, Proven | Answer]:
    """The same for a form. Raises ``InvalidRequest`` for what is no form."""
    return request.form().sound(), await proven(site, request, path, now)
