"""A person's authenticator app, and the paper with the recovery codes."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, update

from idp.accounts.person import Person
from idp.accounts.sql import AccountRow
from idp.authentication.recovery import new_codes
from idp.authentication.totp import code_at, new_shared_secret, step_of
from idp.pages.paths import CODE
from oidc.endpoints.cookies import FLOW
from store.database import Write
from store.schema import table
from tests.browser import Browser
from tests.idp.pages.front import ENGLISH, enter, token_for
from tests.sample import ADA
from tests.world import World


@dataclass(frozen=True)
class App:
    """``papers`` are the codes for the day on which it is lost."""

    secret: bytes
    papers: Sequence[str]

    def code(self, now: int, *, steps: int = 0) -> str:
        """What it shows, or shows some steps later."""
        return code_at(self.secret, step_of(now) + steps)

    def wrong(self, now: int) -> str:
        """Six digits that it shows at no time near this one."""
        near = {self.code(now, steps=steps) for steps in range(-3, 4)}
        return next(it for it in map("{:06}".format, range(10)) if it not in near)


async def give_app(world: World, person: Person = ADA) -> App:
    """An account at level 2, with an app and ten codes, as if they had been there for long."""
    parts, app = world.house.parts, App(new_shared_secret(), new_codes())
    account = await parts.accounts.find_by_number(person.identifier)
    assert account is not None
    factors, before = parts.factors, step_of(world.now) - 100
    await parts.storage.database.commit(
        factors.totps.add(account.account_id, app.secret, before, world.now),
        *factors.recovery_codes.replace(account.account_id, app.papers, world.now),
    )
    await set_level(world, person, 2)
    return app


async def set_level(world: World, person: Person, level: int) -> None:
    """How surely we know who this is."""
    parts = world.house.parts
    digest = parts.accounts.number_digest(person.identifier)
    accounts = table(AccountRow)
    statement = update(accounts).where(accounts.c.number_digest == bindparam("digest"))
    prepared = parts.storage.database.prepare(statement.values(level=bindparam("new")))
    await parts.storage.database.commit(Write(prepared, {"digest": digest, "new": level}))


async def at_the_code(world: World, person: Person = ADA, address: str = "/sign-in") -> Browser:
    """The password was right; before the page that asks for the code."""
    browser = world.browser()
    browser.http.headers.update(ENGLISH)
    await browser.open(address)
    await enter(browser, person)
    assert "/sign-in/code?" in browser.here, browser.page.text
    return browser


async def say(browser: Browser, code: str) -> None:
    await browser.press("action", "code", code=code)


async def say_anew(world: World, browser: Browser, code: str) -> None:
    """From another showing of the same page: for a race past the token of the form."""
    token = token_for(world, browser, CODE, FLOW)
    await browser.press("action", "code", code=code, csrf=token)
