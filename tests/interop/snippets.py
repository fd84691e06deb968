"""What docs/integrate.md shows, as it stands there, with the addresses of this run put in.

A block belongs to a library by ``run=NAME`` in its first line; its language tells what it is.
"""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.interop.stage import ROOT, Stage

PAGE = ROOT / "docs/integrate.md"
BLOCK = re.compile(r"^```(\w+) run=(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = {(name, language): text for language, name, text in BLOCK.findall(PAGE.read_text("utf-8"))}
LIBRARIES = sorted({name for name, _ in BLOCKS})


class Here(NamedTuple):
    """Where things are in this run, in place of where the page says that they are."""

    stage: Stage
    service: str
    """The service's own address, without a slash at its end."""
    keys: Path | None = None
    """A file with its public keys."""
    instead: Mapping[str, str] = {}
    """Other words than the page's."""

    def put_into(self, text: str) -> str:
        for word, other in self.instead.items():
            text = text.replace(word, other)
        return (
            text.replace("https://id.example", self.stage.issuer)
            .replace("https://my.example", self.service)
            .replace("my-agency", "conformance")
            .replace("my-purpose", "conformance")
            .replace("keys.json", str(self.keys))
        )

    def snippet(self, library: str, language: str) -> str:
        return self.put_into(BLOCKS[library, language])

    def register(self, library: str) -> dict[str, Any]:
        """By the command that the page shows; what it answers."""
        command = self.put_into(BLOCKS[library, "sh"]).replace("\\\n", " ")
        program, *words = shlex.split(command)
        assert program == "motcua"
        [made] = self.stage.motcua(*words)
        return dict(made)
