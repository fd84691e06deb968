"""By what a client is told from others when it fetches our key set.

RFC 7517 section 5. A word that nobody guesses, so that nobody else can say for it that it has a
key; networks that are somebody's, not everybody's (RFC 4632 section 3.1).
"""

import re
from collections.abc import Iterator

from clients.model import Client

MOST = 20
WIDEST = {4: 8, 6: 32}  # bits that all addresses of a network share, at least
_NAME = re.compile(r"[A-Za-z0-9_-]{22,64}")


def readers(client: Client) -> Iterator[str]:
    if client.key_set_name is not None and not _NAME.fullmatch(client.key_set_name):
        yield (
            "key_set_name is 22 to 64 letters, digits, hyphens and underlines, made at random: as"
            " `openssl rand -hex 16` does."
        )
    if len(client.source_networks) > MOST:
        yield f"source_networks has at most {MOST} networks."
    for number, network in enumerate(client.source_networks, 1):
        if network.prefixlen < WIDEST[network.version]:
            yield f"source_networks, number {number}: it is wider than /{WIDEST[network.version]}."
