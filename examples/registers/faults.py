"""A register that can be told to be slow or down, to see what the provider does then."""

import json
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

DELAYS = {"none": 0.0, "slow": 5.0, "down": 0.0}  # seconds; the provider waits two
_LOOPBACK = ("127.0.0.1", "::1")


@dataclass(slots=True)
class Faults:
    mode: str = "none"

    def delay(self) -> float:
        """Seconds to wait before an answer."""
        return DELAYS[self.mode]

    async def switch(self, request: Request) -> Response:
        """``POST /faults {"mode": "slow"}``, from this machine.

        No page of a browser can send JSON to another site without asking that site first.
        """
        if request.client is None or request.client.host not in _LOOPBACK:
            return JSONResponse({"error": "forbidden"}, 403)
        if request.headers.get("content-type") != "application/json":
            return JSONResponse({"error": "invalid_request"}, 415)
        mode = wanted(await request.body())
        if mode not in DELAYS:
            return JSONResponse({"error": "invalid_request"}, 400)
        self.mode = mode
        return JSONResponse({"mode": mode})


def wanted(body: bytes) -> str:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    return str(said.get("mode")) if isinstance(said, dict) else ""
