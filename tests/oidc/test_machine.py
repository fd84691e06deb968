"""Ask, sign in, decide, redeem, refresh, give back, stop, sign out: in any order.

A small model of its own says what must come of each step. No code without a sign-in and a
decision, no token after an end, and never a fault of ours. OpenID Connect Core section 3.1; RFC
6749 sections 4.1.2 and 6; RFC 7009 section 2; RP-Initiated Logout section 2.
"""

import asyncio
import re
from collections.abc import Awaitable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlencode

import pytest
from httpx2 import Response
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from store.micros import SECOND
from tests.oidc.front import ADA, BAO, Browser, answered, browser, exchange, query, userinfo
from tests.oidc.offline import OFFLINE, SECRETS, refresh
from tests.world import World, open_world

Made = TypeVar("Made")
WHO, WHICH = st.sampled_from((ADA, BAO)), st.integers(0, 4)
PLAIN = {"scope": "openid profile", "client_id": "desk"}
CODE, TOKEN = 60 * SECOND, 300 * SECOND  # how long they live
MOST = 4  # tokens that are looked at after each step


@dataclass(eq=False)
class Session:
    """One person's, in one browser."""

    over: bool = False


@dataclass(eq=False)
class Grant:
    """What a code stands for. ``stopped``: by the person, its client or a replay."""

    who: int
    session: Session
    offline: bool
    stopped: bool = False

    @property
    def holds(self) -> bool:
        return not self.stopped and (self.offline or not self.session.over)


@dataclass(eq=False)
class Code:
    text: str
    grant: Grant
    made_at: int
    used: bool = False


@dataclass(eq=False)
class Tokens:
    said: dict[str, Any]
    grant: Grant
    made_at: int


@dataclass
class Model:
    """``agreed``: who has decided that the service may see what it asks."""

    sessions: dict[int, Session] = field(default_factory=dict)
    agreed: set[int] = field(default_factory=set)
    codes: list[Code] = field(default_factory=list)
    tokens: list[Tokens] = field(default_factory=list)


class Protocol(RuleBasedStateMachine):
    """Each person has a browser; the world goes on from one run to the next."""

    world: ClassVar[World]
    loop: ClassVar[asyncio.AbstractEventLoop]

    def __init__(self) -> None:
        super().__init__()
        for name in ("session", "record", '"grant"'):
            self.world.sql.execute(f"UPDATE {name} SET ended_at = 1 WHERE ended_at IS NULL")
        self.browsers: list[Browser] = [browser(self.world) for _ in (ADA, BAO)]
        self.model = Model()

    def run(self, work: Awaitable[Made]) -> Made:
        self.world.now += SECOND
        made = self.loop.run_until_complete(work)
        assert not isinstance(made, Response) or made.status_code < 500, made.text
        return made

    def send(self, who: int, asked: dict[str, str]) -> Response:
        return self.run(self.browsers[who].pages.open(f"/authorize?{urlencode(query(**asked))}"))

    def came(self, who: int, page: Response, *, offline: bool) -> None:
        """A code, which nobody gets who is not signed in and has not decided."""
        assert who in self.model.sessions, "not signed in"
        assert who in self.model.agreed, "not decided"
        grant = Grant(who, self.model.sessions[who], offline)
        self.model.codes.append(Code(answered(page)["code"], grant, self.world.now))

    @initialize()
    def both_have_been_there(self) -> None:
        for who in (ADA, BAO):
            self.whole_way(who)

    @rule(who=WHO)
    def whole_way(self, who: int) -> None:
        """From nothing to tokens: some that last, some for this session, and a code."""
        self.sign_in(who)
        self.ask(who, "share")
        self.redeem(0, "", again=False)
        self.ask_in_silence(who)
        self.redeem(0, "", again=False)
        self.ask_in_silence(who)

    @rule(who=WHO)
    def sign_in(self, who: int) -> None:
        self.run(self.browsers[who].sign_in(who))
        self.model.sessions.setdefault(who, Session())

    @rule(who=WHO)
    def ask_in_silence(self, who: int) -> None:
        page = self.send(who, {**PLAIN, "prompt": "none"})
        if who not in self.model.sessions:
            assert answered(page)["error"] == "login_required"
        elif who not in self.model.agreed:
            assert answered(page)["error"] == "consent_required"
        else:
            self.came(who, page, offline=False)

    @rule(who=WHO, answer=st.sampled_from(("share", "refuse", "nothing")))
    def ask(self, who: int, answer: str) -> None:
        page = self.send(who, {**OFFLINE, "client_id": "desk"})
        if who not in self.model.sessions:
            assert page.url.path == "/sign-in"
            return
        assert page.url.path == "/decide"
        if answer == "nothing":
            return
        page = self.run(self.browsers[who].pages.press("decision", answer))
        if answer == "refuse":
            assert answered(page)["error"] == "access_denied"
            return
        self.model.agreed.add(who)
        self.superseded(who)
        self.came(who, page, offline=True)

    def superseded(self, who: int) -> None:
        """What was given goes on under the new decision; a code on its way is of the old one."""
        for code in self.model.codes:
            code.grant.stopped |= code.grant.who == who and not code.used

    @precondition(lambda self: self.model.codes)
    @rule(which=WHICH, wrong=st.sampled_from(("", "", "verifier", "client")), again=st.booleans())
    def redeem(self, which: int, wrong: str, again: bool) -> None:
        codes = [it for it in self.model.codes if it.used == again]
        if not codes:
            return
        code = codes[-1 - which % len(codes)]
        said: dict[str, str | None] = {"client_id": None}
        said |= {"code_verifier": "w" * 43} if wrong == "verifier" else {}
        client = (None,) if wrong == "client" else (SECRETS["desk"],)
        said |= {"client_id": "shop"} if wrong == "client" else {}
        answer = self.run(exchange(self.world, code.text, *client, **said))
        fresh = self.world.now - code.made_at < CODE
        if code.used:
            code.grant.stopped = True
        if wrong or code.used or not fresh or self.lapsed(code.grant):
            assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
            return
        assert answer.status_code == 200, answer.text
        code.used = True
        self.model.tokens.append(Tokens(answer.json(), code.grant, self.world.now))

    def lapsed(self, grant: Grant) -> bool:
        """A code is for the session in which it was made, whatever it is to give."""
        return grant.stopped or grant.session.over

    @precondition(lambda self: any("refresh_token" in it.said for it in self.model.tokens))
    @rule(which=WHICH)
    def refresh(self, which: int) -> None:
        kept = [it for it in self.model.tokens if "refresh_token" in it.said]
        tokens = kept[-1 - which % len(kept)]
        answer = self.run(refresh(self.world, tokens.said["refresh_token"], "desk"))
        if not tokens.grant.holds:
            assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
            return
        assert answer.status_code == 200, answer.text
        self.model.tokens.append(Tokens(answer.json(), tokens.grant, self.world.now))

    @precondition(lambda self: self.model.tokens)
    @rule(which=WHICH, mine=st.booleans())
    def give_back(self, which: int, mine: bool) -> None:
        tokens = self.model.tokens[-1 - which % len(self.model.tokens)]
        form = {"token": tokens.said["access_token"], **({} if mine else {"client_id": "shop"})}
        headers = SECRETS["desk"] if mine else None
        answer = self.run(self.world.rp.post("/revoke", data=form, headers=headers))
        assert (answer.status_code == 200) == mine
        fresh = self.world.now - tokens.made_at < TOKEN
        tokens.grant.stopped |= mine and fresh

    @precondition(lambda self: self.model.sessions)
    @rule(who=WHO, by_hint=st.booleans())
    def sign_out(self, who: int, by_hint: bool) -> None:
        session = self.model.sessions.get(who)
        hints = [it.said["id_token"] for it in self.model.tokens if it.grant.session is session]
        if session is None:
            return
        if by_hint and hints:
            self.run(self.browsers[who].pages.open(f"/end-session?id_token_hint={hints[-1]}"))
        else:
            self.run(self.browsers[who].pages.open("/sign-out"))
            self.run(self.browsers[who].pages.press("logout", "yes"))
        del self.model.sessions[who]
        session.over = True
        self.redeem(0, "", again=False)

    @precondition(lambda self: self.model.sessions)
    @rule(who=WHO)
    def stop(self, who: int) -> None:
        """The person lets the service see nothing more."""
        if who not in self.model.sessions or who not in self.model.agreed:
            return
        pages = self.browsers[who].pages
        page = self.run(pages.open("/account/services"))
        [record] = set(re.findall(r"/account/stop\?record=([^\"&]+)", page.text))
        self.run(pages.open(f"/account/stop?record={record}"))
        self.run(pages.press("stop", "yes"))
        self.model.agreed.discard(who)
        for code in self.model.codes:  # whence every grant has come
            code.grant.stopped |= code.grant.who == who
        self.redeem(0, "", again=False)

    @rule(seconds=st.sampled_from((30, 70, 310)))
    def wait(self, seconds: int) -> None:
        self.world.now += seconds * SECOND

    @invariant()
    def a_token_is_good_as_long_as_its_grant_and_no_longer(self) -> None:
        for tokens in self.model.tokens[-MOST:]:
            answer = self.run(userinfo(self.world, tokens.said["access_token"]))
            fresh = self.world.now // SECOND < (tokens.made_at + TOKEN) // SECOND
            wanted = 200 if tokens.grant.holds and fresh else 401
            assert answer.status_code == wanted, tokens.grant


@pytest.fixture(scope="module", autouse=True)
def world_of_all_runs() -> Iterator[None]:
    with ExitStack() as stack, asyncio.Runner() as runner:
        folder = stack.enter_context(TemporaryDirectory(prefix="motcua-"))
        opened = open_world(Path(folder))
        Protocol.world, Protocol.loop = runner.run(opened.__aenter__()), runner.get_loop()
        yield
        runner.run(opened.__aexit__(None, None, None))


Protocol.TestCase.settings = settings(
    max_examples=10, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestProtocol = Protocol.TestCase
