"""The register over HTTP: values of one person, for a reason, to the provider alone.

A person is named by a pseudonym of this pairing, so that no address and no log of one holds
anything about them. What is read is written down first; values are not.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from examples.registers.access import Gate, Pairing, Refusal, Unavailable
from examples.registers.faults import Faults

FIELDS = ("name", "birthdate", "sex", "id_number", "address_permanent")
_PRIVATE = {"Cache-Control": "private, max-age=0"}
_LOG = logging.getLogger("register.access")


def pseudonym(pairing_key: str, number: str) -> str:
    """What this register and its provider call a person: HMAC-SHA256, base64url, no padding."""
    mac = hmac.digest(pairing_key.encode(), number.encode(), "sha256")
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


@dataclass(slots=True)
class Register:
    people: dict[str, dict[str, Any]]
    pairing: Pairing
    gate: Gate
    faults: Faults = field(default_factory=Faults)

    async def attributes(self, request: Request) -> Response:
        """``GET /v1/subjects/{pseudonym}/attributes?fields=name,birthdate``."""
        if self.faults.mode == "down":
            return refused(Unavailable())
        await asyncio.sleep(self.faults.delay())
        try:
            reason = await self.gate.admit(request)
        except Refusal as refusal:
            return refused(refusal)
        return self._answer(request, reason)

    def _answer(self, request: Request, reason: dict[str, str]) -> Response:
        names = request.query_params.get("fields", "").split(",")
        if not set(names) <= set(FIELDS):
            return JSONResponse({"error": "unknown_field"}, 400)
        subject = request.path_params["pseudonym"]
        person = self.people.get(subject)
        found = {} if person is None else {name: person[name] for name in names if name in person}
        status = 404 if person is None else 200
        told = {**reason, "subject": subject, "fields": list(found), "status": status}
        _LOG.info(json.dumps(told))  # before the bytes leave
        if person is None:
            return JSONResponse({"error": "no_record"}, 404, headers=_PRIVATE)
        etag = tag(found)
        as_of = utc(self.pairing.clock())
        if request.headers.get("if-none-match") == etag:
            headers = {**_PRIVATE, "ETag": etag, "Nid-As-Of": as_of}
            return Response(status_code=304, headers=headers)
        body = {"as_of": as_of, "attributes": said(found)}
        return JSONResponse(body, headers={**_PRIVATE, "ETag": etag})


def refused(why: Refusal) -> Response:
    return JSONResponse({"error": why.error}, why.status, headers=why.headers)


def said(found: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {name: {**entry, "status": "current"} for name, entry in found.items()}


def tag(found: dict[str, Any]) -> str:
    """The same for the same values, whenever they are asked for."""
    return f'"{hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()[:32]}"'


def utc(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def healthz(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


def create(
    people: Iterable[dict[str, Any]], pairing: Pairing, *, demonstration: bool = False
) -> Starlette:
    """The register as an ASGI application; in a demonstration it can be told to fail."""
    by_pseudonym = {
        pseudonym(pairing.pairing_key, person["id_number"]["value"]): person for person in people
    }
    register = Register(by_pseudonym, pairing, Gate(pairing))
    routes = [
        Route("/v1/subjects/{pseudonym}/attributes", register.attributes, methods=["GET"]),
        Route("/healthz", healthz, methods=["GET"]),
    ]
    if demonstration:
        routes.append(Route("/faults", register.faults.switch, methods=["POST"]))
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False
    return app
