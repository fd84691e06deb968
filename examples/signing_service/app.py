"""The contract, over HTTP. Who may call is settled before: by the certificate of the caller."""

from base64 import urlsafe_b64decode
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from examples.signing_service.made import Made, Safe, UnknownAlgorithm, text

DIGEST = 32


@dataclass(frozen=True)
class Service:
    safe: Safe

    async def keys(self, request: Request) -> Response:
        """``GET``: their references. ``POST``: one more."""
        if request.method == "GET":
            return JSONResponse({"keys": [*self.safe.keys]})
        try:
            reference = self.safe.make(str((await said(request)).get("alg")))
        except UnknownAlgorithm:
            return refused("unknown_algorithm")
        return self._shown(reference, 201)

    async def key(self, request: Request) -> Response:
        """``GET``: its public part. ``DELETE``: it is no more."""
        reference = request.path_params["reference"]
        if reference not in self.safe.keys:
            return refused("unknown_key", 404)
        if request.method == "GET":
            return self._shown(reference, 200)
        del self.safe.keys[reference]
        return Response(status_code=204)

    async def sign(self, request: Request) -> Response:
        """``POST``: a signature, and nothing is kept."""
        key = self.safe.keys.get(request.path_params["reference"])
        if key is None:
            return refused("unknown_key", 404)
        data = to_sign(key, await said(request))
        if data is None:
            return refused("invalid")
        return JSONResponse({"signature": text(key.sign(data))})

    def _shown(self, reference: str, status: int) -> Response:
        key = self.safe.keys[reference]
        told = {"reference": reference, "alg": key.alg, "jwk": key.jwk, "exportable": False}
        return JSONResponse(told, status)


def create(safe: Safe) -> Starlette:
    service = Service(safe)
    return Starlette(
        routes=[
            Route("/v1/keys", service.keys, methods=["GET", "POST"]),
            Route("/v1/keys/{reference}", service.key, methods=["GET", "DELETE"]),
            Route("/v1/keys/{reference}/sign", service.sign, methods=["POST"]),
        ]
    )


def to_sign(key: Made, asked: dict[str, Any]) -> bytes | None:
    """A digest, or the message where the algorithm wants all of it; for this algorithm alone."""
    given = asked.get("message" if key.whole else "digest")
    if asked.get("alg") != key.alg or not isinstance(given, str):
        return None
    try:
        data = urlsafe_b64decode(given + "=" * (-len(given) % 4))
    except ValueError:
        return None
    return data if key.whole or len(data) == DIGEST else None


def refused(why: str, status: int = 400) -> Response:
    return JSONResponse({"error": why}, status)


async def said(request: Request) -> dict[str, Any]:
    """What was asked; nothing, where it is no JSON object."""
    try:
        asked = await request.json()
    except ValueError:
        return {}
    return asked if isinstance(asked, dict) else {}
