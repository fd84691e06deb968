"""Writes ``docs/beside-node-oidc-provider.md``: ``python -m bench.beside``, on a machine with Node.

It fails where a difference has no explanation in ``why.toml``, or an explanation no difference.
"""

import secrets
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from tempfile import TemporaryDirectory

from httpx2 import Client

from bench.beside.authorize import CASES, Ask
from bench.beside.direct import OTHERS, USERINFO
from bench.beside.outcome import outcome
from bench.beside.page import GROUPS, PAGE, Found, unexplained, written
from bench.beside.token import TOKEN
from bench.beside.visitor import Visitor, visitor
from bench.motcua_side import motcua_side
from bench.node_side import node_side

CORPUS: Mapping[str, Mapping[str, Ask]] = dict(
    zip(GROUPS, (CASES, TOKEN, USERINFO, OTHERS), strict=True)
)


def main() -> int:
    """Returns the exit code."""
    with TemporaryDirectory(prefix="motcua-beside-") as name, ExitStack() as open_now:
        folder, secret = Path(name), secrets.token_urlsafe(32)
        forgets = CookieJar(DefaultCookiePolicy(allowed_domains=()))
        http = open_now.enter_context(Client(cookies=forgets, trust_env=False, timeout=30))
        ours = open_now.enter_context(motcua_side(folder, http, secret))
        theirs = open_now.enter_context(node_side(folder, http, secret, beside=True))
        found = [
            Found(group, name, *(answered(ask, visitor(side, http)) for side in (ours, theirs)))
            for group, cases in CORPUS.items()
            for name, ask in cases.items()
        ]
    PAGE.write_text(written(found), "utf-8")
    missing = unexplained(found)
    for one in missing:
        print(one)
    return int(bool(missing))


def answered(ask: Ask, side: Visitor) -> str:
    try:
        return outcome(ask(side))
    except KeyError as error:
        if not str(error).endswith("_endpoint'"):
            raise
        return "not offered"


if __name__ == "__main__":
    sys.exit(main())
