"""Two rules of the house that no linter knows."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = [
    path
    for package in ("idp", "oidc", "consent", "clients", "keys", "ledger", "store")
    for path in sorted((ROOT / package).rglob("*.py"))
]
CITING = [
    path
    for folder in ("client_auth", "endpoints", "grant_types")
    for path in sorted((ROOT / "oidc" / folder).glob("[a-z]*.py"))
]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_file_says_what_it_is_and_keeps_to_its_budget(path: Path) -> None:
    source = path.read_text()
    assert len(source.splitlines()) <= 150
    assert ast.get_docstring(ast.parse(source))


@pytest.mark.parametrize("path", CITING, ids=name)
def test_a_module_of_the_protocol_names_its_section(path: Path) -> None:
    said = ast.get_docstring(ast.parse(path.read_text())) or ""
    assert re.search(r"RFC \d{4}|OpenID Connect", said)
