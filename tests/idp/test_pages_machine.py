"""Two browsers, several errands, and steps in any order. RFC 9700 sections 2.1 and 4.7.

Whatever is skipped, repeated or swapped between errands and browsers: no session is above what was
proven in its browser, no code is for somebody who did not prove there who they are, nobody changes
how they sign in who did not prove it just now, and a form with a wrong token changes nothing.
"""

import asyncio
import re
from base64 import b32decode
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from httpx2 import Response
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from idp.accounts.person import Person
from idp.sessions.fresh import FRESH
from oidc.endpoints.cookies import BROWSER
from store.micros import DAY, HOUR, MINUTE, SECOND
from tests.authenticator import App, give_app, set_level
from tests.browser import Browser, Form, Forms
from tests.idp.pages.front import address
from tests.idp.pages.keyring import with_passkey
from tests.oidc.front import exchange, read_token
from tests.sample import ADA, BAO, CALLBACK
from tests.soft_passkey import Authenticator
from tests.world import World, open_world

Made = TypeVar("Made")
PEOPLE, BROWSERS, TOKENS = (ADA, BAO), (0, 1), ("missing", "foreign", "made up")
NEEDED = '{"id_token": {"acr": {"essential": true, "value": "urn:nid:acr:2"}}}'
WISHES: tuple[dict[str, str], ...] = (
    {},
    {"prompt": "login"},
    {"prompt": "select_account"},
    {"max_age": "5"},
    {"acr_values": "urn:nid:acr:2"},
    {"claims": NEEDED},
    {"response_mode": "form_post"},
)
"""What a service may ask beside the rest."""
SPANS = (MINUTE, 5 * MINUTE, HOUR, DAY)
"""A code's, a fresh proof's, an idle hour's, and that of level 2."""
ROOMS = ("security/app", "security/app/remove", "security/codes", "security/password", "passkeys")
CHANGES = {"PasswordChanged", "TotpAdded", "TotpRemoved", "RecoveryCodesMade", "PasskeyRemoved"}
NEW = ("four quiet herons wade", "a kettle on the roof")
WAYS = (
    ("passkey", BAO, True),
    ("password", ADA, True),
    ("password", ADA, False),
    ("password", BAO, False),
)
"""By what, who, and whether it is right."""
KEY = re.compile('class="key"[^>]*>([^<]+)<')
TABLES = ("session", "record", "event", '"grant"')


NO_APP = App(bytes(20), ())


def ticket(address: str) -> str:
    """The ``t`` of the page that asks for a code."""
    found = re.search(r"/sign-in/code\?(?:.*&)?t=([^&]+)", address)
    return found[1] if found else ""


class Pages(RuleBasedStateMachine):
    """``seen`` are the forms that were shown, each with the browser that saw it.

    ``proven``: by browser and account, how surely at most that person was proven there; ``last``:
    when, by level. ``passwords``: of each account, the one that holds first, then those before.
    ``keys``: of apps that are being added, by the ``e`` of the page. ``halves``: whose password
    was right, by the ``t`` of the page that asks for the code.
    """

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = TemporaryDirectory(prefix="motcua-")
        self.opened = open_world(Path(self.folder.name))
        self.world: World = self.run(self.opened.__aenter__())
        self.browsers: list[Browser] = [self.world.browser() for _ in BROWSERS]
        self.seen: list[tuple[int, str, Form]] = []
        self.apps: dict[str, App] = {}
        self.run(set_level(self.world, BAO, 2))
        self.passkey = Authenticator()
        self.accounts: dict[str, str] = {}
        self.passwords: dict[str, list[str]] = {}
        self.keys: dict[str, bytes] = {}
        self.halves: dict[str, str] = {}
        self.proven: dict[tuple[int, str], int] = {}
        self.last: dict[tuple[int, str, int], int] = {}
        self.codes: list[tuple[int, str]] = []

    def run(self, work: Awaitable[Made]) -> Made:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        self.run(self.opened.__aexit__(None, None, None))
        self.loop.close()
        self.folder.cleanup()

    @initialize()
    def enrol(self) -> None:
        find = self.world.house.parts.accounts.find_by_number
        for person in PEOPLE:
            account = self.run(find(person.identifier))
            assert account is not None
            self.accounts[person.identifier] = account.account_id
            self.passwords[account.account_id] = [person.password]
        self.apps[self.account_of(ADA)] = self.run(give_app(self.world))
        self.run(with_passkey(self.world, self.passkey, BAO))

    def account_of(self, person: Person) -> str:
        return self.accounts[person.identifier]

    def settle(self, number: int, work: Callable[[Browser], Awaitable[Response]]) -> None:
        """A step in one browser; the form it shows is kept, and the code it brings."""
        self.world.now += SECOND
        browser, before = self.browsers[number], len(self.world.events())
        best = {it: self.run(self.means(it)) for it in self.passwords}
        page = self.run(work(browser))
        assert page.status_code < 500, page.text
        for event in self.world.events()[before:]:
            if event["type"] in CHANGES:
                self.was_proven_just_now(number, event["account_id"], best[event["account_id"]])
        forms = Forms(page.text).found
        if key := KEY.search(page.text):
            [adding] = [it.values["e"] for it in forms if "e" in it.values]
            self.keys[adding] = b32decode(key[1].replace(" ", ""))
        self.seen += [(number, browser.here, form) for form in forms if form.action != CALLBACK]
        address = browser.left_for or ""
        said = dict(pair.split("=", 1) for pair in address.partition("?")[2].split("&") if pair)
        posted = next((form.values for form in forms if form.action == CALLBACK), {})
        if code := said.get("code") or posted.get("code"):
            self.codes.append((number, code))

    async def means(self, account_id: str) -> int:
        """How surely at best this person can prove who they are."""
        return (await self.world.house.site.security.means.of(account_id)).level

    def was_proven_just_now(self, number: int, account_id: str, best: int) -> None:
        """NIST SP 800-63B-4 section 4.1.2."""
        when = max(self.last.get((number, account_id, it), 0) for it in range(best, 3))
        assert self.world.now - when <= FRESH

    @rule(number=st.sampled_from(BROWSERS), wish=st.sampled_from(WISHES))
    def a_service_sends(self, number: int, wish: dict[str, str]) -> None:
        self.settle(number, lambda it: it.open(address(scope="openid", **wish)))

    @rule(number=st.sampled_from(BROWSERS), way=st.sampled_from(WAYS))
    def enter(self, number: int, way: tuple[str, Person, bool]) -> None:
        """All steps at once, so that level 2 is there often: Bao by passkey, Ada by code."""
        self.world.now += MINUTE  # the app shows another code
        self.settle(number, lambda it: it.open("/sign-in"))
        how, person, right = way
        self.press_here(number, ("action", how), person, right=right)
        self.press_here(number, ("action", "code"))

    @rule(span=st.sampled_from(SPANS))
    def time_passes(self, span: int) -> None:
        """What was proven is worth less with time, by this record as by the sessions."""
        self.world.now += span

    @rule(number=st.sampled_from(BROWSERS), room=st.sampled_from(ROOMS))
    def change_how_one_signs_in(self, number: int, room: str) -> None:
        """To a room of the account where ways in are added and removed, if it lets one in."""
        self.settle(number, lambda it: it.open(f"/account/{room}"))

    @rule(number=st.sampled_from(BROWSERS), right=st.booleans())
    def add_an_app(self, number: int, right: bool) -> None:
        self.settle(number, lambda it: it.open("/account/security/app"))
        self.press_here(number, ("add", "yes"), right=right)

    @rule(number=st.sampled_from(BROWSERS), new=st.sampled_from(NEW))
    def change_the_password(self, number: int, new: str) -> None:
        self.settle(number, lambda it: it.open("/account/security/password"))
        self.press_here(number, ("change", "yes"), new=new)

    def press_here(
        self,
        number: int,
        button: tuple[str, str],
        person: Person = ADA,
        *,
        right: bool = True,
        new: str = NEW[0],
    ) -> None:
        """If there is such a button: a room may not have let anybody in."""
        forms = Forms(self.browsers[number].page.text).found
        form = next((it for it in forms if button in it.buttons), None)
        if form is not None:
            self.send(number, form, person, right, new)

    @rule(number=st.sampled_from(BROWSERS), again=st.booleans())
    def come_for_the_account(self, number: int, again: bool) -> None:
        query = "?again=/account" if again else ""
        self.settle(number, lambda it: it.open(f"/sign-in{query}"))

    @rule(number=st.sampled_from(BROWSERS), which=st.integers(0, 9))
    def go_back(self, number: int, which: int) -> None:
        """To any address that was seen, also by the other browser; or past the page."""
        if self.seen:
            saw, where, _ = self.seen[-1 - which % len(self.seen)]
            self.settle(number, lambda it: it.open(where))
            self.is_over(number, saw, where)

    @rule(number=st.sampled_from(BROWSERS), which=st.integers(0, 9))
    def skip(self, number: int, which: int) -> None:
        """On to the end of an errand, whatever is still missing."""
        if self.seen:
            saw, where, _ = self.seen[-1 - which % len(self.seen)]
            self.settle(number, lambda it: it.open("/authorize/resume?" + where.partition("?")[2]))
            self.is_over(number, saw, where)

    def is_over(self, number: int, saw: int, where: str) -> None:
        """An errand of the other browser leads nowhere here."""
        if saw != number and "?i=" in where:
            assert self.browsers[number].page.status_code == 400, where

    @rule(
        number=st.sampled_from(BROWSERS),
        which=st.integers(0, 9),
        person=st.sampled_from(PEOPLE),
        right=st.booleans(),
    )
    def press(self, number: int, which: int, person: Person, right: bool) -> None:
        """Fill in any form that was seen, here or in the other browser, as it asks."""
        if not self.seen:
            return
        saw, _, form = self.seen[-1 - which % len(self.seen)]
        before = self.rows()
        if saw == number:
            self.send(number, form, person, right)
            return
        pairs = [*{**form.values, **dict(self.filled(form, person, right))}.items()]
        self.settle(number, lambda it: it.send(form.action, pairs))
        assert self.browsers[number].page.status_code in {400, 403}
        assert self.rows() == before

    def send(self, number: int, form: Form, person: Person, right: bool, new: str = NEW[0]) -> None:
        """A form that was shown here, and what comes of it."""
        pairs = [*{**form.values, **dict(self.filled(form, person, right, new))}.items()]
        known = len(self.world.events())
        self.settle(number, lambda it: it.send(form.action, pairs))
        self.prove(number, form, person, right)
        for event in self.world.events()[known:]:
            if event["type"] == "TotpAdded":
                self.apps[event["account_id"]] = App(self.keys[form.values["e"]], ())
            elif event["type"] == "PasswordChanged":
                self.passwords[event["account_id"]].insert(0, new)
                for other in {*BROWSERS} - {number}:  # there the person is signed out
                    self.proven.pop((other, event["account_id"]), None)

    def filled(
        self, form: Form, person: Person, right: bool, new: str = NEW[0]
    ) -> list[tuple[str, str]]:
        names = {name for name, _ in form.buttons}
        if names & {"session", "remove", "make"}:
            return [form.buttons[0]]
        if "change" in names:
            return [("password", new), ("change", "yes")]
        if "add" in names:
            app = App(self.keys[form.values["e"]], ())
            return [("code", self.shown(app, right)), ("add", "yes")]
        return self.proof(form, person, right) if "action" in names else []

    def proof(self, form: Form, person: Person, right: bool) -> list[tuple[str, str]]:
        """``right``: else nonsense, or the password that was changed."""
        if ("action", "passkey") in form.buttons:
            credential = self.passkey.sign_in(form.options) if right else "{}"
            return [("credential", credential), ("action", "passkey")]
        if ("action", "code") in form.buttons:
            app = self.apps.get(self.account_of(person), NO_APP)
            return [("code", self.shown(app, right)), ("action", "code")]
        holds, *before = self.passwords[self.account_of(person)]
        typed = holds if right else (before or ["x" * 15])[-1]
        return [("identifier", person.identifier), ("password", typed), ("action", "password")]

    def shown(self, app: App, right: bool) -> str:
        return (app.code if right else app.wrong)(self.world.now + SECOND)

    def prove(self, number: int, form: Form, person: Person, right: bool) -> None:
        """At most: a password one level, Bao's passkey two; a code two, after one's password."""
        account_id = self.account_of(person)
        if not right:
            return
        if ("action", "code") in form.buttons:
            if self.halves.get(ticket(form.action), account_id) != account_id:
                return
            reached = 2 if (number, account_id) in self.proven else 0
        elif ("action", "passkey") in form.buttons:
            account_id, reached = self.account_of(BAO), 2
        elif ("action", "password") in form.buttons:
            reached = 1
            if where := ticket(self.browsers[number].here):
                self.halves[where] = account_id
        else:
            return
        self.last[number, account_id, reached] = self.world.now
        self.proven[number, account_id] = max(reached, self.proven.get((number, account_id), 0))

    @rule(
        number=st.sampled_from(BROWSERS),
        which=st.integers(0, 9),
        token=st.sampled_from(TOKENS),
    )
    def press_with_a_wrong_token(self, number: int, which: int, token: str) -> None:
        mine = [form for saw, _, form in self.seen if saw == number]
        others = [form for saw, _, form in self.seen if saw != number]
        if not mine or (token == "foreign" and not others):
            return
        form, before = mine[-1 - which % len(mine)], self.rows()
        wrong = {"missing": "", "made up": "A" * 43}
        said = wrong.get(token) or (others[0].values.get("csrf", "") if others else "")
        values = {**form.values, "csrf": said if token == "foreign" else wrong[token]}
        pairs = [*{**values, **dict(self.filled(form, ADA, right=True))}.items()]
        self.settle(number, lambda it: it.send(form.action, pairs))
        assert self.browsers[number].page.status_code in {400, 403}, token
        assert self.rows() == before

    def rows(self) -> list[Any]:
        return [self.world.rows(f"SELECT count(*) FROM {table}") for table in TABLES]

    @invariant()
    def no_session_is_above_what_was_proven(self) -> None:
        for number, browser in enumerate(self.browsers):
            secret = browser.http.cookies.get(BROWSER)
            here = self.run(self.world.house.parts.sessions.of_browser(secret, self.world.now))
            for session in here:
                reached = self.proven.get((number, session.account_id), 0)
                late = self.world.now - session.auth_time >= DAY
                idle = self.world.now - session.seen_at >= HOUR
                assert int(session.acr[-1]) <= (min(reached, 1) if late or idle else reached)

    @invariant()
    def no_code_is_for_somebody_else(self) -> None:
        for number, code in self.codes:
            answer = self.run(exchange(self.world, code))
            assert answer.status_code == 200, answer.text
            claims = self.run(read_token(self.world, answer.json()["id_token"])).claims
            statement = "SELECT account_id FROM subject WHERE subject = '{}'"
            [account] = self.world.rows(statement.format(claims["sub"]))
            assert int(claims["acr"][-1]) <= self.proven.get((number, account), 0)
        self.codes.clear()


Pages.TestCase.settings = settings(
    max_examples=10, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestPages = Pages.TestCase
