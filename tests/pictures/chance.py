"""The same each time: what is drawn by chance and seen on a page.

The program draws from the operating system; pictures alone draw from a seed, at its very edge.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest

SEEN = ("idp.authentication.totp.token_bytes", "idp.authentication.recovery.choice")
"""The key of an app, which is in its QR code too; the codes on a paper."""


@contextmanager
def the_same_each_time() -> Iterator[None]:
    seeded = Random(7)
    app, paper = SEEN
    with pytest.MonkeyPatch.context() as edge:
        edge.setattr(app, seeded.randbytes)
        edge.setattr(paper, seeded.choice)
        yield
