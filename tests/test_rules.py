"""A test that names a rule can be understood, and what we promise of the protocol has a test.

docs/rules.md explains the rules, docs/protocol.md the lines of the protocol, docs/conformance.md
the modules of the conformance suite, and nothing else.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from examples.conformance.journeys import overrides
from house import lines

ROOT = Path(__file__).parent.parent


def named() -> Iterator[str]:
    for path in (ROOT / "tests").rglob("*.py"):
        text = path.read_text("utf-8")
        yield from (said.upper() for said in re.findall(r"(?:test|and)_([ij][0-9]+)_", text))
        yield from re.findall(r"\b[IJ][0-9]+\b", text)
        yield from re.findall(r"\bW-[0-9]+\b", text)
        yield from (f"W-{said}" for said in re.findall(r"(?:test|and)_w([0-9]+)_", text))


def test_every_rule_that_a_test_names_is_explained_and_no_other() -> None:
    rules = (ROOT / "docs/rules.md").read_text("utf-8")
    explained = re.findall(r"^\| ((?:[IJ]|W-)[0-9]+) \|", rules, re.MULTILINE)

    assert sorted(explained) == sorted(set(named()))


def test_every_rule_about_keys_that_code_or_a_test_names_is_explained() -> None:
    explained = re.findall(r"^\| (K-[0-9]+) \|", (ROOT / "docs/rules.md").read_text(), re.MULTILINE)
    folders = ("tests", "keys", "idp", "clients", "oidc", "store")
    code = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]

    assert {it for path in code for it in re.findall(r"\bK-[0-9]+\b", path.read_text())} <= {
        *explained
    }


def test_every_line_of_the_protocol_has_a_test_and_every_test_its_line() -> None:
    page = lines.PAGE.read_text("utf-8")
    said = [int(line) for line in re.findall(r"^\| ([0-9]+) \|", page, re.MULTILINE)]

    assert said == [*range(1, 103), 119, 120]
    assert list(lines.faults(page, lines.marks())) == []


def test_a_line_without_a_test_and_a_test_that_is_gone_are_seen() -> None:
    page = "| 1 | It is so. | RFC 1 | [`test_a`](../tests/a.py) |\n| 2 | And so. | RFC 1 | - |\n"

    assert list(lines.faults(page, {1: ["[`test_b`](../tests/b.py)"], 3: []})) == [
        "line 3: a test bears its mark, the page has no row.",
        "line 1: [`test_a`](../tests/a.py) is not there, or does not bear its mark.",
        "line 2: no test shows it.",
    ]
    mended = lines.filled(page, {1: ["[`test_b`](../tests/b.py)"], 2: ["[`test_c`](../c.py)"]})
    assert "| RFC 1 | [`test_b`](../tests/b.py) |" in mended
    assert "| RFC 1 | [`test_c`](../c.py) |" in mended


def test_each_module_of_the_suite_is_shown_by_a_test_that_is_there() -> None:
    page = (ROOT / "docs/conformance.md").read_text("utf-8")
    rows = re.findall(r"^\| `(oidcc-[\w-]+)` \| .+ \| (.+) \|$", page, re.MULTILINE)
    modules = [module for module, _ in rows]

    assert len(modules) == len({*modules}) == page.count("| `oidcc-")
    assert {*overrides("", {"identifier": "", "password": ""})} <= {*modules}
    for _, shown in rows:
        named = re.fullmatch(r"\[`(\w+)`\]\(\.\./(\S+)\)", shown)
        assert named, shown
        name, place = named.groups()
        assert f"def {name}(" in (ROOT / place).read_text("utf-8"), shown


def test_nothing_cites_a_page_that_is_not_here() -> None:
    pages = {path.name for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))}
    packages = [path for path in ROOT.iterdir() if (path / "__init__.py").exists()]
    for path in (path for package in packages for path in package.rglob("*.py")):
        cited = set(re.findall(r"\b[\w-]+\.md\b", path.read_text("utf-8")))
        assert cited <= pages, path
