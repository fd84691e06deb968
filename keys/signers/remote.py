"""Keys behind a signing service, asked over HTTP with mutual TLS: the shape of a cloud's.

RFC 8446 section 4.4.2 (both sides show a certificate); RFC 9110. The service gets a digest and the
name of a key, nothing of what a token says; Ed25519 alone wants all of it. ``examples/
signing_service`` is the other side, and its README the contract.
"""

import hashlib
import ssl
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from httpx2 import AsyncClient, HTTPError, Limits
from pydantic import BaseModel, StringConstraints, ValidationError

from keys.compact import BadToken, decoded
from keys.signers.held import CannotSign
from keys.signing_key import NAMING

CONNECTIONS = 16
PATIENCE = 5.0  # seconds, for what is not signing
LONGEST = 16 * 1024
WHOLE = frozenset({"Ed25519", "EdDSA"})  # RFC 8037 section 3.1: of these no digest is signed
GOOD, NOT_FOUND = range(200, 300), 404
NO_COOKIES = DefaultCookiePolicy(allowed_domains=())

M = TypeVar("M", bound=BaseModel)


class Shown(BaseModel):
    """``exportable``: whether the service would ever give its private part away."""

    reference: Annotated[str, StringConstraints(pattern="^[A-Za-z0-9_-]{1,128}$")]
    alg: str
    jwk: dict[str, str]
    exportable: bool


class Signature(BaseModel):
    signature: str


class Gone(BaseModel):
    error: Literal["unknown_key"]  # a proxy has a 404, too, and not this


class Remote:
    """``keys.signers.held.Keeper``: the service there, for which ``authorities`` vouch."""

    name = "remote"

    def __init__(self, url: str, authorities: Path, certificate: Path, key: Path) -> None:
        self._url = url
        self._files = authorities, certificate, key
        self._made: AsyncClient | None = None

    def _client(self) -> AsyncClient:
        """Made when it is first needed. Raises ``CannotSign``."""
        if self._made is None:
            self._made = AsyncClient(
                base_url=self._url,
                verify=_trust(*self._files),
                timeout=PATIENCE,
                limits=Limits(max_connections=CONNECTIONS),
                headers={"Accept": "application/json", "Accept-Encoding": "identity"},
                cookies=CookieJar(NO_COOKIES),
                follow_redirects=False,
                trust_env=False,
            )
        return self._made

    async def open(self) -> None:
        """That it answers us. Raises ``CannotSign``."""
        await self._ask("GET", "/v1/keys")

    async def close(self) -> None:
        if self._made is not None:
            await self._made.aclose()

    async def make(self, alg: str) -> tuple[str, Mapping[str, str]]:
        made = _read(Shown, await self._ask("POST", "/v1/keys", {"alg": alg}))
        return made.reference, _members(made, alg)

    async def inspect(self, reference: str, alg: str) -> Mapping[str, str]:
        return _members(_read(Shown, await self._ask("GET", f"/v1/keys/{reference}")), alg)

    async def sign(self, reference: str, alg: str, message: bytes) -> bytes:
        whole = alg in WHOLE
        data = message if whole else hashlib.sha256(message).digest()
        asked = {"alg": alg, "message" if whole else "digest": _text(data)}
        body = await self._ask("POST", f"/v1/keys/{reference}/sign", asked)
        try:
            return decoded(_read(Signature, body).signature)
        except BadToken as error:
            raise CannotSign("its answer is not as agreed") from error

    async def discard(self, reference: str) -> None:
        await self._ask("DELETE", f"/v1/keys/{reference}", gone=True)

    async def _ask(
        self, method: str, path: str, said: Mapping[str, Any] | None = None, *, gone: bool = False
    ) -> bytes:
        """``gone``: that it has no such key is as good."""
        try:
            async with self._client().stream(method, path, json=said) as answer:
                status, body = answer.status_code, b""
                async for part in answer.aiter_raw():
                    body += part
                    if len(body) > LONGEST:
                        raise CannotSign("its answer is too long")
                if status == NOT_FOUND and gone:
                    _read(Gone, body)
                elif status not in GOOD:
                    raise CannotSign(f"it answers {status}")
                return body
        except HTTPError as error:
            raise CannotSign(type(error).__name__) from error


def _trust(authorities: Path, certificate: Path, key: Path) -> ssl.SSLContext:
    """These authorities and no others. Raises ``CannotSign``."""
    try:
        context = ssl.create_default_context(cafile=str(authorities))
        context.load_cert_chain(certificate, key)
    except OSError as error:  # an SSLError is one
        raise CannotSign("its authorities, our certificate or its key cannot be used") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def _read(model: type[M], body: bytes) -> M:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise CannotSign("its answer is not as agreed") from error


def _members(key: Shown, alg: str) -> Mapping[str, str]:
    if key.exportable:
        raise CannotSign(f"key {key.reference} is not kept as it has to be: exportable")
    if key.alg != alg or key.jwk.keys() != set(NAMING.get(key.jwk.get("kty", ""), ())):
        raise CannotSign("its answer is not as agreed")
    return key.jwk


def _text(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()
