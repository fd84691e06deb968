"""``motcua keys drill``: an emergency for practice, on a demonstration that serves."""

from dataclasses import asdict

import typer

from idp.cli.console import AsJson, fail, read_settings, run, show
from idp.cli.emergency import agencies
from idp.signing.drill import NoDrill, practise
from keys.lives.custody import Raced
from oidc.endpoints.http import utc_now
from store.micros import SECOND


def drill(as_json: AsJson = False) -> None:
    """Give up the key that signs, and measure how long each effect takes. Demonstrations only."""
    settings = read_settings()
    if not settings.demonstration:
        fail("a drill gives up a key for good: only a demonstration does that")
    try:
        stopped, timed = run(lambda parts, _: practise(parts, settings.issuer_name(), utc_now))
    except NoDrill as error:
        fail(str(error))
    except Raced:
        fail("somebody else changed the keys at this moment: look again and repeat")
    if as_json:
        times = [asdict(it) for it in timed]
        show([{"times": times, "agencies": list(map(asdict, stopped.agencies))}], as_json=True)
        return
    show([{"what": it.what, "after": f"{it.after / SECOND:.1f} s"} for it in timed], as_json=False)
    show(agencies(stopped), as_json=False)
    typer.echo(
        "In earnest: `motcua keys compromise`. Then tell the agencies that are not safe yet."
    )
