"""What others notice of keys that sign in a PKCS #11 token. ``python -m bench.signing``.

A few connections read the discovery document, one answer after the other, while services get tokens
beside them: signed in software, and by a token of SoftHSM. Both on one core.
"""

import secrets
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from httpx2 import Client

from bench import report
from bench.flood import ASKING, ROUNDS, SECONDS, beside
from bench.load import Round, load
from bench.motcua_side import motcua_side
from bench.side import Side
from tests.keys.signers import softhsm

SIGNING = 4  # connections


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="motcua-bench-")))
        http = stack.enter_context(Client(trust_env=False, timeout=10))
        sides: dict[str, Side] = {}
        for name in ("software", "token"):
            home = folder / name
            home.mkdir()
            more = softhsm.token(home).settings() if name == "token" else {}
            ours = {f"MOTCUA_{key}": value for key, value in more.items()}
            side = motcua_side(home, http, secrets.token_urlsafe(32), ours)
            sides[name] = stack.enter_context(side)
        report.show_beside(measured(sides, http))


def measured(sides: Mapping[str, Side], http: Client) -> dict[str, list[Round]]:
    """In turn, so that the machine's moods meet all."""
    known = {name: side.sign_in(http) for name, side in sides.items()}
    found: dict[str, list[Round]] = {"nothing": [], **{name: [] for name in sides}}
    for _ in range(ROUNDS):
        found["nothing"].append(
            load(sides["software"], "discovery", known["software"], SECONDS, ASKING)
        )
        for name, side in sides.items():
            with beside(side, known[name], "client_credentials", SIGNING):
                found[name].append(load(side, "discovery", known[name], SECONDS, ASKING))
    return found


if __name__ == "__main__":
    main()
