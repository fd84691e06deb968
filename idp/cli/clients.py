"""``motcua clients``: agencies' services, in the words of RFC 7591 section 2."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from clients.apply import MovedToAnotherAgency
from clients.declared import Applied, Step, make_so
from clients.model import OF_SECRETS, Client
from clients.registration import parse
from clients.sql import Listed
from consent import purposes
from idp.cli import invite, logo, new_client
from idp.cli.console import AsJson, fail, read_settings, run, show
from idp.parts import Parts
from oidc.endpoints.jwks import OWN

commands = typer.Typer(help="Agencies' services.", no_args_is_help=True)
commands.command("add")(new_client.add)
commands.command("logo")(logo.logo)
commands.command("invite")(invite.invite)

ClientId = Annotated[str, typer.Argument(help="Its client_id.")]
Source = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A registration file.")]


@commands.command()
def apply(source: Source, as_json: AsJson = False) -> None:
    """Make agencies, clients and purposes as the file says; what is so already is left alone."""
    registration = parse(source.read_bytes(), demonstration=read_settings().demonstration)
    declared = purposes.parse(registration.purposes)
    wrong = (*registration.faults, *declared.faults)
    if wrong:
        fail("nothing was applied:\n  " + "\n  ".join(wrong))

    async def work(parts: Parts, now: int) -> Sequence[Applied]:
        async def look() -> Sequence[Step]:
            made = await parts.clients.steps(registration.agencies, registration.clients, now)
            return [*made, *await parts.purposes.steps(declared.purposes, now)]

        await new_client.need_purposes(parts, registration.clients, declared.purposes)
        return await make_so(parts.storage.database, look)

    try:
        show([asdict(it) for it in run(work)], as_json=as_json)
    except MovedToAnotherAgency as error:
        fail(f"nothing was applied:\n  {error} Register a new one instead.")


@commands.command("list")
def list_(as_json: AsJson = False) -> None:
    """Every client, by name."""
    found = run(lambda parts, _: parts.clients.list())
    show([_short(it) for it in found], as_json=as_json)


@commands.command("show")
def show_(client_id: ClientId, as_json: AsJson = False) -> None:
    """Everything about one client but its secret."""
    listed = run(lambda parts, _: parts.clients.show(client_id))
    if listed is None:
        fail("there is no such client, or none that can be read: `motcua clients list` names them")
    said = listed.client.model_dump(mode="json", exclude={*OF_SECRETS})
    address = own_address(read_settings().issuer_name(), listed.client)
    whole = {**said, "key_set_address": address, "disabled": listed.disabled_at is not None}
    rows = [whole] if as_json else [{"name": k, "value": v} for k, v in whole.items()]
    show(rows, as_json=as_json)


@commands.command()
def disable(client_id: ClientId) -> None:
    """Refuse everything this client asks from now on. Its people keep what they decided."""
    if not run(lambda parts, now: parts.clients.disable(client_id, now)):
        fail("there is no such client, or it was disabled before")
    typer.echo("disabled")


def own_address(issuer: str, client: Client) -> str | None:
    """Where it alone fetches our key set, if it was given a name for that."""
    name = client.key_set_name
    return name and issuer + OWN.format(own=f"{client.client_id}.{name}")


def _short(listed: Listed) -> dict[str, Any]:
    client = listed.client
    return {
        "client_id": client.client_id,
        "client_name": client.client_name,
        "agency_id": client.agency_id,
        "token_endpoint_auth_method": client.token_endpoint_auth_method,
        "purpose_id": client.purpose_id,
        "disabled": listed.disabled_at is not None,
    }
