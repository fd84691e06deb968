"""A form counts once. NIST SP 800-63B-4 section 5.1; OWASP ASVS 5.0, 2.3.4 and 3.5.1.

The first post claims the token, and nobody else can. What was refused gives it back: the page may
be loaded again, and what was typed wrong be typed anew. The same post once more, which is a double
click, waits for the first and gets its answer: a browser hears only the last of the two. Whatever
comes later, or says something else, is refused. Losing the marks is allowed: what must not happen
twice for other reasons is guarded where it happens.
"""

import asyncio
import hashlib
from collections.abc import Awaitable
from contextlib import suppress
from http import HTTPStatus

import orjson

from idp.pages.gate.csrf import LIFE
from idp.pages.site import Site, View
from keys.secrets import ticket_digest
from oidc.endpoints.message import Answer, Request
from oidc.errors import OAuthError
from store.database import Unavailable
from store.micros import SECOND
from store.one_time import OneTime

REPEAT = 10 * SECOND
LOOKS, PAUSE = 200, 0.05  # seconds
LATIN = "latin-1"


class UsedForm(OAuthError):
    """The form was sent before, and counted."""

    code = "form_used"
    status = HTTPStatus.FORBIDDEN
    public = "The form was sent before."


def once(submit: View, cookie: str) -> View:
    """What a form does, if it is its turn. ``cookie``: the name of that which it is bound to.

    Raises ``ForgedForm``, ``UsedForm``, and ``InvalidRequest`` for what is no form.
    """

    async def answer(site: Site, request: Request, now: int) -> Answer:
        token = request.form().get("csrf")
        site.csrf.check(request, token, request.cookie(cookie), now)
        sent = Sent(site.ports.one_time, token or "", request.body)
        return await sent.turn() or await sent.answered(submit(site, request, now))

    return answer


class Sent:
    """A form that came, ``body`` and all."""

    def __init__(self, one_time: OneTime, token: str, body: bytes) -> None:
        self._one_time = one_time
        self._body = hashlib.sha256(body).hexdigest()
        name = ticket_digest(token)
        self._claim, self._again, self._answer = (
            f"{kind}:{name}" for kind in ("form", "form-again", "form-answer")
        )

    async def turn(self) -> Answer | None:
        """Nothing for whose turn it is; who sent the same a moment later gets the same answer."""
        if await self._one_time.claim(self._claim, ttl=LIFE):
            return None
        for _ in range(LOOKS):
            given_back = await self._one_time.take(self._again)
            if given_back is not None and given_back.first:
                return None
            over = await self._one_time.peek(self._claim) is None
            kept = await self._one_time.peek(self._answer)
            if kept is not None:
                return self._like(kept)
            if over:
                break
            await asyncio.sleep(PAUSE)
        raise UsedForm("sent before")

    async def answered(self, work: Awaitable[Answer]) -> Answer:
        """What comes of it; whatever refuses did nothing."""
        try:
            answer = await work
        except Exception:
            await self._give_back()
            raise
        refused = answer.status >= HTTPStatus.BAD_REQUEST
        await (self._give_back() if refused else self._keep(answer))
        return answer

    async def _give_back(self) -> None:
        """Nothing was done: the next post has its turn."""
        await self._one_time.put(self._again, b"", ttl=LIFE)

    async def _keep(self, answer: Answer) -> None:
        """For a moment, for the same post once more. Then it is over.

        What was done is done: where this cannot be kept, the answer is given all the same.
        """
        text = [part.decode(LATIN) for header in answer.headers for part in header]
        said = {"of": self._body, "status": answer.status, "headers": text}
        kept = orjson.dumps({**said, "body": answer.body.decode(LATIN)})
        with suppress(Unavailable):
            await self._one_time.put(self._answer, kept, ttl=REPEAT)
            await self._one_time.take(self._claim)

    def _like(self, kept: bytes) -> Answer:
        said = orjson.loads(kept)
        if said["of"] != self._body:
            raise UsedForm("sent before, with other words")
        parts = [part.encode(LATIN) for part in said["headers"]]
        headers = tuple(zip(parts[::2], parts[1::2], strict=True))
        return Answer(said["status"], said["body"].encode(LATIN), headers)
