"""A test that names a rule can be understood: docs/rules.md explains it, and nothing else."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent


def named() -> Iterator[str]:
    for path in (ROOT / "tests").rglob("*.py"):
        text = path.read_text("utf-8")
        for marked in re.findall(r"mark\.protocol\(([0-9, ]+)\)", text):
            yield from re.findall(r"[0-9]+", marked)
        yield from re.findall(r"\bprotocol[ _]([0-9]+)", text.replace("test_", ""))
        yield from (said.upper() for said in re.findall(r"(?:test|and)_([ij][0-9]+)_", text))
        yield from re.findall(r"\b[IJ][0-9]+\b", text)


def test_every_rule_that_a_test_names_is_explained_and_no_other() -> None:
    rules = (ROOT / "docs/rules.md").read_text("utf-8")
    explained = re.findall(r"^\| ([IJ]?[0-9]+) \|", rules, re.MULTILINE)

    assert sorted(explained) == sorted(set(named()))


def test_nothing_cites_a_page_that_is_not_here() -> None:
    pages = {path.name for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))}
    packages = [path for path in ROOT.iterdir() if (path / "__init__.py").exists()]
    for path in (path for package in packages for path in package.rglob("*.py")):
        cited = set(re.findall(r"\b[\w-]+\.md\b", path.read_text("utf-8")))
        assert cited <= pages, path
