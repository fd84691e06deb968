"""A register in a few lines: real HTTP on loopback, and it can be told to misbehave."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from keys.secrets import keyed

PAIRING_KEY = b"p" * 32
AS_OF = "2030-01-01T11:00:00Z"

HELD: dict[str, Any] = {
    "name": {
        "name": "Nguyễn Minh Anh",
        "family_name": "Nguyễn",
        "middle_name": "Minh",
        "given_name": "Anh",
    },
    "birthdate": "1990-03-05",
    "sex": "female",
    "id_number": "001190004127",
    "address_permanent": {"formatted": "12 Lý Thường Kiệt, Hà Nội", "country": "VN"},
}


@dataclass
class Said:
    """One request, as it arrived."""

    target: str
    headers: dict[str, str]

    @property
    def fields(self) -> set[str]:
        return set(parse_qs(urlsplit(self.target).query)["fields"][0].split(","))


@dataclass
class Register:
    """``mode``: ok, slow (until ``released``), or the whole response to whatever is asked."""

    number: str
    url: str = ""
    held: dict[str, Any] = field(default_factory=lambda: dict(HELD))
    mode: str = "ok"
    etag: str = '"rv-1"'
    as_of: str = AS_OF
    heard: list[Said] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        pairs = (line.split(": ", 1) for line in lines)
        said = Said(first.split(" ")[1], {name.lower(): value for name, value in pairs})
        self.heard.append(said)
        self.asked.set()
        if self.mode == "slow":
            await self.released.wait()
        with suppress(ConnectionError):  # whoever asked may have gone
            writer.write(self.answer(said).encode())
            await writer.drain()
            writer.close()

    def answer(self, said: Said) -> str:
        if self.mode not in {"ok", "slow"}:
            return self.mode
        pseudonym = urlsplit(said.target).path.split("/")[3]
        if pseudonym != keyed(PAIRING_KEY, self.number):
            return response("404 Not Found", '{"error": "no_record"}')
        if said.headers.get("if-none-match") == self.etag:
            return unchanged(self.etag, f"Nid-As-Of: {self.as_of}\r\n")
        held = {name: {"value": self.held[name]} for name in said.fields & self.held.keys()}
        body = json.dumps({"as_of": self.as_of, "attributes": held})
        return response("200 OK", body, f"ETag: {self.etag}\r\n")


def response(status: str, body: str, headers: str = "", media: str = "application/json") -> str:
    length = len(body.encode())
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\n{headers}"
        f"Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )


def unchanged(etag: str, as_of: str) -> str:
    return response("304 Not Modified", "", f"ETag: {etag}\r\n{as_of}")


@asynccontextmanager
async def open_register(number: str) -> AsyncIterator[Register]:
    register = Register(number)
    server = await asyncio.start_server(register.serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        register.url = f"http://127.0.0.1:{port}"
        yield register
        register.released.set()
