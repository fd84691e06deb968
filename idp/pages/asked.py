"""What stands open on an errand: the engine's own thinking, asked again for the page.

OpenID Connect Core sections 3.1.2.3 and 3.1.2.4.
"""

from dataclasses import dataclass, replace

from consent.model import OFFLINE, Record
from consent.purposes import Purpose
from idp.pages.asking import ask, spoken
from idp.pages.errand import Errand
from idp.pages.question import Question
from idp.pages.site import Site
from oidc.authorize.choice import whom
from oidc.authorize.decision import Ask, decide, said
from oidc.endpoints.cookies import BROWSER
from oidc.endpoints.message import Request
from oidc.errors import OAuthError
from oidc.standing import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What stands open on this errand, and between whom.

    ``record``: what was decided before. ``wider``: only what it does not answer is asked.
    """

    errand: Errand
    session: Session
    record: Record | None
    purpose: Purpose
    missing: frozenset[str]
    wider: bool

    @property
    def attributes(self) -> frozenset[str]:
        """What of it a register holds."""
        return self.missing - {OFFLINE}

    @property
    def question(self) -> Question:
        one, language = self.errand, self.errand.reader.language
        return ask(one.client, self.purpose, self.missing, self.wider, language)


async def still_open(site: Site, request: Request, one: Errand, now: int) -> Asked | None:
    """What is still to be decided; nothing, and the engine knows the next step."""
    ports, wish = site.ports, one.interaction.request
    meant = whom(wish, one.interaction.choice)
    standing = await ports.people.standing(request.cookie(BROWSER), one.client, meant, now)
    purpose_id = one.client.purpose_id
    purpose = await ports.purposes.find(purpose_id, now) if purpose_id else None
    try:
        step = decide(wish, standing, now)
    except OAuthError:
        return None
    if standing.session is None or purpose is None or not isinstance(step, Ask):
        return None
    reader = site.builder.reader(request, wish.ui_locales, spoken(one.client, purpose))
    return Asked(
        errand=replace(one, reader=reader),
        session=standing.session,
        record=standing.record,
        purpose=purpose,
        missing=step.missing,
        wider=said(wish, standing.record) is not None,
    )
