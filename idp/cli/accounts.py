"""``motcua accounts``: add, unlock, reset. A password is asked for or read, never an argument."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from idp.accounts.person import Person, personal_number
from idp.accounts.sql import AccountExists
from idp.authentication.enrol import Enrolment
from idp.authentication.password import WeakPassword
from idp.cli.console import AsJson, asked, fail, run, show
from idp.parts import Parts

commands = typer.Typer(help="People's accounts.", no_args_is_help=True)

Identifier = Annotated[
    str | None,
    typer.Argument(help="The 12-digit personal number; asked for if left out.", show_default=False),
]
_PEOPLE = TypeAdapter(list[Person])


@commands.command()
def add(
    identifier: Identifier = None,
    phone: Annotated[str | None, typer.Option(help="Like +84912345678.")] = None,
    email: Annotated[str | None, typer.Option(help="An e-mail address.")] = None,
    source: Annotated[
        Path | None,
        typer.Option("--from", exists=True, dir_okay=False, help="A JSON list of people."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make an account, or all of a list; who has one keeps it as it is."""
    people = _listed(source) if source else [_asked(identifier, phone, email)]
    outcomes = run(lambda parts, now: _add_all(people, parts, now))
    show(outcomes, as_json=as_json)
    if source is None and outcomes[0]["outcome"] != "added":
        raise typer.Exit(1)


@commands.command()
def unlock(identifier: Identifier = None) -> None:
    """Look at this person's guesses again, after too many went wrong."""
    number = identifier or asked("Personal number")
    if not run(lambda parts, now: Enrolment(parts).unlock(number, now)):
        fail("there is no account for this personal number")
    typer.echo("unlocked")


@commands.command()
def reset(identifier: Identifier = None) -> None:
    """Remove app, codes and passkeys of a person who was seen, and end all their sessions.

    The password is left. The person is told by mail, where an address is known.
    """
    number = identifier or asked("Personal number")
    if not run(lambda parts, now: Enrolment(parts).reset(number, now)):
        fail("there is no account for this personal number")
    typer.echo("reset: the password alone is left, and every session has ended")


async def _add_all(people: list[Person], parts: Parts, now: int) -> list[dict[str, str]]:
    enrolment, outcomes = Enrolment(parts), []
    for person in people:
        try:
            await enrolment.add(person, now)
            outcome = "added"
        except AccountExists:
            outcome = "there already"
        except WeakPassword as error:
            fail(f"{_hidden(person.identifier)}: {error}")
        outcomes.append({"identifier": _hidden(person.identifier), "outcome": outcome})
    return outcomes


def _listed(source: Path) -> list[Person]:
    try:
        return _PEOPLE.validate_json(source.read_bytes())
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        fail(f"{source}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}")


def _asked(identifier: str | None, phone: str | None, email: str | None) -> Person:
    number = identifier or asked("Personal number")
    password = asked("Password", hidden=True)
    said = {"identifier": number, "password": password, "phone_number": phone, "email": email}
    try:
        return Person.model_validate(said)
    except ValidationError as error:
        fail(error.errors(include_url=False, include_input=False)[0]["msg"])


def _hidden(identifier: str) -> str:
    """Enough to find it in a list, too little for who looks over a shoulder."""
    return f"*********{(personal_number(identifier) or '')[-3:]}"
