"""The decision: what one service asks for, with the real values, and two equal answers.

OpenID Connect Core section 3.1.2.4. Nothing is kept between the page and
its form but the digest of what was shown: when that no longer fits, the person looks again.
"""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from clients.model import Client
from consent.model import Decision, Notice, Refusal
from consent.policy import answer
from idp.pages.asked import Asked, still_open
from idp.pages.builder import Page
from idp.pages.errand import call_off, errand
from idp.pages.forms import Form
from idp.pages.languages import Language
from idp.pages.preview import NAME, facts, name_of
from idp.pages.reader import Reader
from idp.pages.service.about import about
from idp.pages.site import Site
from idp.pages.values import initials
from oidc.endpoints.message import Answer, Request, see_other
from oidc.errors import InvalidRequest

PATH = "/decide"


async def show(site: Site, request: Request, now: int) -> Answer:
    one = await errand(site, request, now)
    asked = await still_open(site, request, one, now)
    return see_other(one.resume) if asked is None else await _page(site, asked, now)


async def submit(site: Site, request: Request, now: int) -> Answer:
    form = Form.of(request, several="item")
    one = await errand(site, request, now)
    asked = await still_open(site, request, one, now)
    if asked is None:
        return see_other(one.resume)
    notice = asked.question.notice()
    if not site.csrf.made(form.need("shown"), _shown(asked, notice)):
        return await _page(site, asked, now, changed=True)
    act = _ANSWERS.get(form.need("decision"))
    if act is None:
        raise InvalidRequest("unknown decision")
    return await act(site, asked, notice, form.several, now)


async def _page(site: Site, asked: Asked, now: int, *, changed: bool = False) -> Answer:
    one, question, session = asked.errand, asked.question, asked.session
    language = one.reader.language
    shown = await site.releases.preview(session.account_id, asked.attributes | {NAME}, now)
    values: dict[str, Any] = {
        "action": f"{PATH}?{urlencode(one.query)}",
        "changed": changed,
        "instead": _instead(one.reader),
        "csrf": site.csrf.token(one.flow, PATH, now),
        **_service(one.client, language),
        "me": name_of(shown, language),
        "shown": site.csrf.mark(_shown(asked, question.notice())),
        "question": question,
        "values": facts(shown, asked.attributes, language),
    }
    page = Page(
        template="decide.html",
        values=values,
        status=HTTPStatus.CONFLICT if changed else HTTPStatus.OK,
        error="changed" if changed else "",
        here=(PATH, one.query),
        answers_to=one.answers_to,
    )
    return site.builder.build(page, one.reader)


def _service(client: Client, language: Language) -> Mapping[str, Any]:
    said = about(client, language)
    return {"about": said, "initials": initials(said["agency"])}


def _instead(reader: Reader) -> Mapping[str, str] | None:
    """A word to whoever would rather read a language that this service is not written in."""
    own = reader.own
    if own.tag == reader.language.tag:
        return None
    text = own.gettext("This service is not written in your language yet. You read it in another.")
    return {"tag": own.tag, "direction": own.direction, "text": text}


def _shown(asked: Asked, notice: Notice) -> str:
    """What was shown, and to whom: an answer is good for nothing else, and for nobody else."""
    return f"{notice.sha256} {asked.session.account_id}"


async def _share(
    site: Site, asked: Asked, notice: Notice, ticked: frozenset[str], now: int
) -> Answer:
    reached = answer(asked.missing, asked.record, asked.purpose, ticked)
    decision = Decision(
        interaction_id=asked.errand.interaction.interaction_id,
        session_id=asked.session.session_id,
        account_id=asked.session.account_id,
        client_id=asked.errand.client.client_id,
        purpose=asked.purpose,
        asked=reached.asked,
        allowed=reached.allowed,
        acr=asked.session.acr,
        notice=notice,
    )
    await site.records.decide(decision, now)
    return see_other(asked.errand.resume)


async def _refuse(
    site: Site, asked: Asked, notice: Notice, ticked: frozenset[str], now: int
) -> Answer:
    refusal = Refusal(
        interaction_id=asked.errand.interaction.interaction_id,
        account_id=asked.session.account_id,
        client_id=asked.errand.client.client_id,
        purpose=asked.purpose,
        asked=asked.missing,
        notice=notice,
    )
    await site.records.refuse(refusal, now)
    return await call_off(site, asked.errand, now)


_ANSWERS = MappingProxyType({"share": _share, "refuse": _refuse})
