"""The pages that ask somebody to sign in, and the one that says it would not be enough.

Whoever is known already is greeted by name; the number is not shown. WCAG 2.2, 3.3.7.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from idp.accounts.person import personal_number
from idp.pages.builder import Page
from idp.pages.door import Door
from idp.pages.entry.need import Need
from idp.pages.entry.passkey import SCRIPT
from idp.pages.entry.trouble import Trouble
from idp.pages.paths import SIGN_IN
from idp.pages.preview import NAME, name_of
from idp.pages.service.about import about
from idp.pages.site import Site
from idp.pages.values import initials, waiting
from oidc.endpoints.message import Answer


async def sign_in_form(site: Site, to: Door, need: Need, why: Trouble, now: int) -> Answer:
    language = to.reader.language
    values: dict[str, Any] = {
        **await _values(site, to, need, now),
        "again": to.again,
        "identifier": personal_number(why.typed) or "",  # nothing else is ever said again
        "optional": need.optional,
        "passkey": await site.passkeys.sign_in.options(to.flow, now),
        "wait": waiting(why.wait, language),
    }
    page = Page(
        template="sign_in.html",
        values=values,
        status=why.status,
        error=why.name,
        here=(SIGN_IN, to.query),
        answers_to=to.answers_to,
        scripts=(SCRIPT,),
        headers=(*to.cookies, *why.headers()),
    )
    return site.builder.build(page, to.reader)


async def too_weak(site: Site, to: Door, need: Need, now: int) -> Answer:
    """OpenID Connect Core section 5.5.1.1: a needed level is reached, or the service is told."""
    page = Page(
        template="too_weak.html",
        values={**await _values(site, to, need, now), "lacking": need.out_of_reach},
        status=HTTPStatus.OK,
        error="out_of_reach",
        here=(SIGN_IN, to.query),
        answers_to=to.answers_to,
    )
    return site.builder.build(page, to.reader)


async def _values(site: Site, to: Door, need: Need, now: int) -> Mapping[str, Any]:
    language = to.reader.language
    return {
        "action": to.at(SIGN_IN),
        "another": to.at(SIGN_IN, other="yes"),
        "csrf": site.csrf.token(to.flow, SIGN_IN, now),
        "held": need.held,
        "known": await _greeting(site, to, need, now),
        "service": to.client and about(to.client, language),
        "why": need.why,
    }


async def _greeting(site: Site, to: Door, need: Need, now: int) -> Mapping[str, str] | None:
    if need.known is None:
        return None
    shown = await site.releases.preview(need.known.account_id, frozenset({NAME}), now)
    name = name_of(shown, to.reader.language)
    return {
        "name": name,
        "initials": initials(name) if name else "",
        "session_id": need.known.session_id,
    }
