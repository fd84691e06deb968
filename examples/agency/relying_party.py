"""The agency as an OpenID Connect client, by Authlib.

OpenID Connect Core sections 3.1 and 5.3, Discovery section 4, RP-Initiated Logout section 2,
Back-Channel Logout section 2;
RFC 7636 (PKCE), RFC 7523 (``private_key_jwt``), RFC 9207 (``iss`` in the answer).
"""

import json
from collections.abc import Mapping
from functools import partial
from time import time
from typing import Any

from authlib.integrations.starlette_client import (  # type: ignore[import-untyped]  # Authlib has no types
    OAuth,
    OAuthError,
)
from authlib.oauth2.rfc7523 import PrivateKeyJWT  # type: ignore[import-untyped]  # as above
from httpx2 import AsyncBaseTransport
from joserfc.jwk import ECKey
from starlette.requests import Request
from starlette.responses import Response

from examples.agency.logout import Ended, NoLogoutToken, read
from examples.agency.model import Agency, Registration

__all__ = ["OAuthError", "RelyingParty"]

LEVEL_2 = "urn:nid:acr:2"
DISCOVERY = "/.well-known/openid-configuration"


class RelyingParty:
    def __init__(
        self,
        agency: Agency,
        registration: Registration,
        transport: AsyncBaseTransport | None = None,
    ) -> None:
        self._agency, self._registration = agency, registration
        method = "client_secret_basic"
        if isinstance(registration.credential, ECKey):
            method = "private_key_jwt"
        self._remote = OAuth().register(
            "motcua",
            client_id=agency.client_id,
            client_secret=registration.credential,
            server_metadata_url=registration.issuer + DISCOVERY,
            client_auth_methods=[PrivateKeyJWT(alg="ES256")],
            client_kwargs={
                "scope": agency.scope,
                "code_challenge_method": "S256",
                "token_endpoint_auth_method": method,
                "transport": transport,
                "timeout": 10,
                "trust_env": False,
            },
        )

    @property
    def issuer(self) -> str:
        return self._registration.issuer

    async def send(self, request: Request, language: str, *, surely: bool = False) -> Response:
        """To the provider, to sign in there; ``surely``: at level 2, or not at all."""
        await self._metadata()
        asked: dict[str, str] = {"ui_locales": language}
        wanted: dict[str, Any] = {}
        if self._agency.claims:
            wanted["userinfo"] = dict.fromkeys(self._agency.claims)
        if surely:
            wanted["id_token"] = {"acr": {"essential": True, "value": LEVEL_2}}
        if wanted:
            asked["claims"] = json.dumps(wanted)
        sent: Response = await self._remote.authorize_redirect(
            request, f"{self._registration.base_url}/callback", **asked
        )
        return sent

    async def receive(self, request: Request) -> dict[str, Any]:
        """The tokens of who came back, checked, or ``OAuthError`` or ``JoseError``."""
        await self._metadata()
        if request.query_params.get("iss") != self._registration.issuer:
            raise OAuthError("mismatching_issuer")
        must = {
            "iss": {"essential": True, "value": self._registration.issuer},
            "aud": {"essential": True, "value": self._agency.client_id},
        }
        token: dict[str, Any] = await self._remote.authorize_access_token(
            request, claims_options=must
        )
        if "userinfo" not in token:  # Authlib's word for what the ID token says
            raise OAuthError("missing_id_token")
        return token

    async def claims(self, token: Mapping[str, Any]) -> dict[str, Any]:
        """What the person let this agency see, as of now."""
        await self._metadata()
        claims: dict[str, Any] = await self._remote.userinfo(token=dict(token))
        if claims.get("sub") != token["userinfo"]["sub"]:
            raise OAuthError("mismatching_subject")
        return claims

    async def ended(self, logout_token: str) -> Ended:
        """Whose session has ended at the provider. Raises ``NoLogoutToken``."""
        await self._metadata()
        heard = partial(
            read,
            logout_token,
            issuer=self._registration.issuer,
            client_id=self._agency.client_id,
            now=int(time()),
        )
        try:
            return heard(await self._remote.fetch_jwk_set())
        except NoLogoutToken:  # perhaps it was signed with a key that is newer than the set we know
            return heard(await self._remote.fetch_jwk_set(force=True))

    async def send_out(self, request: Request, id_token: str, language: str) -> Response:
        """To the provider, to sign out there too."""
        await self._metadata()
        sent: Response = await self._remote.logout_redirect(
            request,
            f"{self._registration.base_url}/signed-out",
            id_token_hint=id_token,
            ui_locales=language,
        )
        return sent

    async def _metadata(self) -> None:
        """Fetched once. A document that names another issuer is not the provider's."""
        metadata = await self._remote.load_server_metadata()
        if metadata.get("issuer") != self._registration.issuer:
            self._remote.server_metadata.clear()
            raise OAuthError("mismatching_issuer")
