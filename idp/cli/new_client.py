"""``motcua clients add``: one client of an agency that is there.

RFC 7591 section 2. A secret is made here, shown once and kept as a digest (RFC 9700 section 2.5).
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from pydantic import ValidationError

from clients.model import Client
from clients.rules import SECRETS, faults
from clients.rules.authentication import JWT
from clients.secrets import ClientSecrets
from consent.purposes import Purpose
from idp.cli.console import AsJson, fail, read_settings, run, show
from idp.cli.members import members
from idp.parts import Parts
from keys.secrets import digest, new_secret
from store.database import Violation

ClientId = Annotated[str, typer.Argument(help="Small letters, digits, dots and hyphens.")]
Agency = Annotated[str, typer.Option("--agency", help="Whose it is.")]
Name = Annotated[str, typer.Option("--name", help="What people read.")]
Uris = Annotated[list[str] | None, typer.Option("--redirect-uri")]
Leaving = Annotated[list[str] | None, typer.Option("--post-logout-redirect-uri")]
Told = Annotated[
    str | None, typer.Option("--backchannel-logout-uri", help="Where it is told of sign-outs.")
]
Framed = Annotated[
    str | None, typer.Option("--frontchannel-logout-uri", help="The same, in a browser's frame.")
]
Why = Annotated[str | None, typer.Option("--purpose", help="Why it may ask.")]
Scope = Annotated[str, typer.Option(help="What it may ask, separated by spaces.")]
Grants = Annotated[list[str] | None, typer.Option("--grant-type")]
Method = Annotated[str, typer.Option("--auth", help="Its token_endpoint_auth_method.")]
KeySet = Annotated[Path | None, typer.Option(exists=True, help="Its public keys: a file.")]
SignsWith = Annotated[str | None, typer.Option(help="The algorithm of its signed requests.")]
SignedAt = Annotated[list[str] | None, typer.Option("--request-uri", help="Where they lie.")]
Signed = Annotated[bool, typer.Option(help="Whether it must sign its requests.")]
Pushed = Annotated[bool, typer.Option(help="Whether it must push its requests.")]
Pkce = Annotated[bool, typer.Option(help="Whether it must use PKCE; if it is sent, it holds.")]
Guards = Annotated[
    str | None, typer.Option("--protected-resource", help="What it guards, if it introspects.")
]
Set = Annotated[
    list[str] | None, typer.Option("--set", help="NAME=VALUE: any other member; a list is JSON.")
]
KeysThere = Annotated[str | None, typer.Option(help="Where its public keys lie, instead.")]


def add(  # noqa: PLR0913, PLR0917  the options of a command
    client_id: ClientId,
    agency_id: Agency,
    client_name: Name,
    redirect_uris: Uris = None,
    post_logout_redirect_uris: Leaving = None,
    backchannel_logout_uri: Told = None,
    frontchannel_logout_uri: Framed = None,
    purpose_id: Why = None,
    scope: Scope = "openid",
    grant_types: Grants = None,
    token_endpoint_auth_method: Method = "client_secret_basic",  # noqa: S107  a method's name
    jwks: KeySet = None,
    jwks_uri: KeysThere = None,
    request_object_signing_alg: SignsWith = None,
    request_uris: SignedAt = None,
    require_signed_request_object: Signed = False,
    require_pushed_authorization_requests: Pushed = False,
    require_pkce: Pkce = True,
    protected_resource: Guards = None,
    set_: Set = None,
    as_json: AsJson = False,
) -> None:
    """Register one client; its secret, if it has one, is shown this once."""
    _add({name: it for name, it in locals().items() if name in Client.model_fields}, set_, as_json)


def _add(said: dict[str, Any], more: list[str] | None, as_json: bool) -> None:
    said |= members(more or ())
    client_id, method = said["client_id"], said["token_endpoint_auth_method"]
    said["jwks"] = _keys(said["jwks"]) if said["jwks"] else None
    secret = new_secret() if method in (*SECRETS, JWT) else None
    said |= kept(client_id, method, secret) if secret else {}
    register(_client({name: value for name, value in said.items() if value is not None}))
    shown = {"client_id": client_id, **({"client_secret": secret} if secret else {})}
    show([shown], as_json=as_json)


def kept(client_id: str, method: str, secret: str) -> dict[str, str]:
    """How this secret is kept: as a digest, or sealed where its octets are needed again."""
    if method != JWT:
        return {"client_secret_digest": digest(secret)}

    async def seal(parts: Parts, _: int) -> str:
        return ClientSecrets(parts.storage.vault).seal(client_id, secret)

    return {"client_secret_sealed": run(seal), "token_endpoint_auth_signing_alg": "HS256"}


def register(client: Client) -> None:
    """What is there already is changed by ``apply``, never by adding."""

    async def work(parts: Parts, now: int) -> bool:
        if await parts.clients.is_there(client.client_id):
            return False
        await need_purposes(parts, (client,))
        await parts.clients.apply((), (client,), now)
        return True

    try:
        if not run(work):
            fail("there is a client of this name: change it in a file, with `motcua clients apply`")
    except Violation:
        fail("there is no such agency: declare it in a file, with `motcua clients apply`")


async def need_purposes(
    parts: Parts, clients: Iterable[Client], declared: Iterable[Purpose] = ()
) -> None:
    """A client whose purpose nobody declared would silently be given nothing."""
    known = {purpose.purpose_id for purpose in declared}
    for client in clients:
        wanted = client.purpose_id
        if wanted and wanted not in known and await parts.purposes.show(wanted) is None:
            fail(f"{client.client_id}: there is no purpose {wanted}: declare it in a file")


def _client(said: dict[str, Any]) -> Client:
    try:
        client = Client.model_validate(said)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        fail(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}")
    wrong = faults(client, demonstration=read_settings().demonstration)
    if wrong:
        fail("nothing was added:\n  " + "\n  ".join(wrong))
    return client


def _keys(source: Path) -> list[Any]:
    try:
        keys = orjson.loads(source.read_bytes())["keys"]
    except (ValueError, KeyError, TypeError):
        fail(f"{source} is no key set (RFC 7517): it has a member keys")
    return list(keys)
