"""``motcua keys rewrap``: the key-encryption key was changed, or a data key is to be (K-17)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import orjson
import typer

from idp.cli.console import AsJson, fail, run, show
from idp.logs import moment
from idp.parts import Parts
from idp.sealing.custody import make_custody
from keys.box import Unsealable
from keys.data_keys.custody import Custody, has_old
from keys.data_keys.sql import WRONG
from keys.data_keys.states import WAIT, Known, state
from keys.keks import kek_of
from keys.purposes import PURPOSES
from oidc.endpoints.http import utc_now
from store.micros import SECOND, seconds

Renew = Annotated[
    list[str], typer.Option("--renew", metavar="PURPOSE", help="Make a new secret for it first.")
]
_TOLD = 1000  # values between two lines of progress


@dataclass(frozen=True, slots=True)
class Report:
    """``resealed`` and ``broken``: None where another process is at it."""

    kek: str
    rewrapped: int
    renewed: Sequence[str]
    resealed: int | None
    broken: int | None
    left: dict[str, int]
    data_keys: Sequence[dict[str, Any]]


def rewrap(renew: Renew = [], *, as_json: AsJson = False) -> None:  # noqa: B006  typer's way
    """Wrap all data keys by the key-encryption key of now; seal anew what old data keys sealed.

    The program may go on running; what is stopped half-way is finished by the next run.
    """
    for purpose in renew:
        if purpose not in PURPOSES or not PURPOSES[purpose].renewable:
            names = ", ".join(name for name, it in PURPOSES.items() if it.renewable)
            fail(f"what can be renewed is: {names}")
    report = run(lambda parts, now: _rewrap(parts, renew, now))
    if as_json:
        typer.echo(orjson.dumps(report, option=orjson.OPT_INDENT_2))
        return
    show([_readable(row) for row in report.data_keys], as_json=False)
    for line in _lines(report):
        typer.echo(line)


async def _rewrap(parts: Parts, renew: Sequence[str], now: int) -> Report:
    data_keys, custody = parts.storage.data_keys, make_custody(parts)
    try:
        rewrapped = await custody.changes.rewrap(now)
    except Unsealable:
        fail(WRONG)
    known = await data_keys.load(now)
    renewed = [it for it in renew if await custody.changes.renew(it, known[it], now)]
    resealed = broken = None
    if not has_old(known, now):
        resealed = broken = 0
    elif await custody.hold(now):
        resealed, broken = await _reseal(custody, known)
    return Report(
        kek=data_keys.keks.first,
        rewrapped=rewrapped,
        renewed=renewed,
        resealed=resealed,
        broken=broken,
        left=await custody.reseal.left() if has_old(known, now) else {},
        data_keys=_rows(await data_keys.load(now), now),
    )


async def _reseal(custody: Custody, known: Known) -> tuple[int, int]:
    """Walk until a walk meets nothing that can be sealed anew; then give the lease back."""
    resealed, told = 0, 0
    while True:
        passed = await custody.walk()
        await custody.hold(utc_now())
        if resealed + passed.resealed >= told + _TOLD:
            told = resealed + passed.resealed
            typer.echo(f"{told} values sealed anew", err=True)
        if passed.done:
            resealed += passed.resealed
            if not passed.resealed:
                break
    await custody.finish(known, passed, utc_now())
    await custody.hold(utc_now(), -SECOND)
    return resealed, passed.broken


def _rows(known: Known, now: int) -> Sequence[dict[str, Any]]:
    return [
        {
            "purpose": it.purpose,
            "version": it.version,
            "state": state(it, chain, now).value,
            "key_encryption_key": "" if it.wrapped is None else kek_of(it.wrapped),
            "uses": it.uses,
            "created_at": it.created_at,
        }
        for chain in known.values()
        for it in chain
    ]


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"created_at": f"{moment(seconds(row['created_at'])).replace('T', ' ')} UTC"}


def _lines(report: Report) -> Sequence[str]:
    lines = [f"{report.rewrapped} data keys were wrapped anew: all are by {report.kek}"]
    lines += [f"{it}: a new one makes in {WAIT // SECOND} seconds" for it in report.renewed]
    if report.resealed is None:
        lines.append("another process seals anew at this moment")
    elif report.resealed:
        lines.append(f"{report.resealed} values were sealed anew")
    lines += [f"{name}: {left} under older data keys" for name, left in report.left.items() if left]
    if report.broken:
        lines.append(f"{report.broken} values open with no key there is")
    return lines
