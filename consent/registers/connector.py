"""Asking a register, over HTTP, within two seconds or not at all.

RFC 9110 section 13.1.2 (If-None-Match); RFC 6750 section 2.1 with a token like that of RFC 9068,
but of a type of its own (RFC 8725 section 3.12). The person is named by a pseudonym that only this
register can resolve: no URL holds personal data. Each register has connections and a breaker of
its own, so a slow one holds up no other.
"""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Self

import structlog
from httpx2 import AsyncClient, Limits, Response

from clients.trust import trust
from consent.ports import Keys
from consent.registers.answer import NotAsAgreed, read_answer, read_as_of, read_etag, read_no_record
from consent.registers.breaker import WORKING, Breaker
from consent.registers.question import Question, Register, RegisterDown, Reply
from keys.secrets import keyed, new_id
from store.micros import MINUTE, seconds

PATIENCE = 2.0
LARGEST = 64 * 1024
CONNECTIONS = 20
TOKEN_LIFE = MINUTE
TOKEN_TYPE = "register-access+jwt"  # no access token: it opens nothing here
JSON = "application/json"
NO_COOKIES = DefaultCookiePolicy(allowed_domains=())
_LOG = structlog.get_logger("motcua")


class Connector:
    """Opened with ``async with``. ``issuer`` is who asks."""

    def __init__(self, registers: Sequence[Register], issuer: str, keys: Keys) -> None:
        self._registers = {register.register_id: register for register in registers}
        self._issuer = issuer
        self._keys = keys
        self._clients: dict[str, AsyncClient] = {}
        self._breakers: dict[str, Breaker] = {}
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for name, register in self._registers.items():
            client = AsyncClient(
                base_url=register.url,
                verify=trust(),
                timeout=PATIENCE,
                limits=Limits(max_connections=CONNECTIONS),
                headers={"Accept": JSON, "Accept-Encoding": "identity"},
                cookies=CookieJar(NO_COOKIES),
                follow_redirects=False,
                trust_env=False,
            )
            self._clients[name] = await self._open.enter_async_context(client)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    async def ask(self, register_id: str, question: Question, now: int) -> Reply:
        """Raises ``RegisterDown``: at once, if it has been failing."""
        breaker = self._breakers.get(register_id, WORKING)
        if register_id not in self._registers or not breaker.may_try(now):
            raise RegisterDown(register_id)
        self._breakers[register_id] = breaker.trying(now)
        register = self._registers[register_id]
        headers = await self._headers(register, question, now)  # its faults are our own
        try:
            async with asyncio.timeout(PATIENCE):
                reply = await self._ask(register, question, headers, now)
        except Exception as error:  # whatever it is, it comes of what was answered
            self._breakers[register_id] = self._breakers[register_id].failed(now)
            why = str(error) if isinstance(error, NotAsAgreed) else type(error).__name__
            _LOG.warning("register failed", register=register_id, why=why)
            raise RegisterDown(register_id) from error
        self._breakers[register_id] = WORKING
        return reply

    async def _ask(
        self, register: Register, question: Question, headers: dict[str, str], now: int
    ) -> Reply:
        pseudonym = keyed(register.pairing_key, question.number)
        async with self._clients[register.register_id].stream(
            "GET",
            f"/v1/subjects/{pseudonym}/attributes",
            params={"fields": ",".join(sorted(question.fields))},
            headers=headers,
        ) as response:
            return _reply(response, await _body(response), question, now)

    async def _headers(self, register: Register, question: Question, now: int) -> dict[str, str]:
        claims = {
            "iss": self._issuer,
            "sub": self._issuer,
            "aud": register.register_id,
            "iat": seconds(now),
            "exp": seconds(now + TOKEN_LIFE),
            "jti": new_id(now),
        }
        ring = await self._keys.current(now)
        token = await ring.signed(claims, typ=TOKEN_TYPE)
        known = {} if question.etag is None else {"If-None-Match": question.etag}
        return {
            "Authorization": f"Bearer {token}",
            "Nid-Txn": question.txn,
            "Nid-Purpose": question.purpose,
            "Nid-Basis": question.basis,
            "Nid-On-Behalf": question.on_behalf,
            **known,
        }


async def _body(response: Response) -> bytes:
    """As it was sent: what was not asked to be compressed is not unpacked."""
    if "content-encoding" in response.headers:
        raise NotAsAgreed("compressed")
    body = b""
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > LARGEST:
            raise NotAsAgreed("too long")
    return body


def _reply(response: Response, body: bytes, question: Question, now: int) -> Reply:
    status = response.status_code
    if status in (200, 404) and _media_type(response) != JSON:
        raise NotAsAgreed(f"status {status}, of another type")
    match status:
        case 200:
            fields = read_answer(body, question.fields, now)
            return Reply(fields, read_etag(response.headers.get("etag")))
        case 304 if question.etag is not None:
            as_of = read_as_of(response.headers.get("nid-as-of", ""), now)
            return Reply(None, question.etag, as_of)
        case 404:
            return Reply(read_no_record(body, question.fields, now), None)
    raise NotAsAgreed(f"status {status}")


def _media_type(response: Response) -> str:
    return response.headers.get("content-type", "").partition(";")[0].strip().lower()
