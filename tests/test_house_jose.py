"""How the JOSE library may be called: its defaults are wider than ours."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_house import PACKAGES, ROOT, name

MODULES = {"jwt", "jws", "jwe"}
EXPORTS = {"as_dict", "as_json", "as_pem", "as_der"}
USERS = [
    path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if "joserfc" in path.read_text()
]


def calls(path: Path) -> Iterator[tuple[str, str, dict[str | None, ast.expr]]]:
    """Each call of a method: the name it is called on, the method, the arguments given by name."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value)
            yield owner, node.func.attr, {word.arg: word.value for word in node.keywords}


@pytest.mark.parametrize("path", USERS, ids=name)
def test_every_call_says_which_algorithms_it_takes(path: Path) -> None:
    for owner, method, named in calls(path):
        if owner in MODULES and not method[0].isupper() and not method.startswith("extract"):
            assert "algorithms" in named, f"{owner}.{method} takes any"


@pytest.mark.parametrize("path", USERS, ids=name)
def test_every_export_of_a_key_says_whether_it_is_private(path: Path) -> None:
    for owner, method, named in calls(path):
        if method in EXPORTS:
            assert "private" in named, f"{owner}.{method} leaves it to the library"
        if method == "as_dict":
            assert ast.unparse(named["private"]) == "False"


@pytest.mark.parametrize("path", USERS, ids=name)
def test_the_library_is_used_through_its_modules(path: Path) -> None:
    """So that the two rules above see every call."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module in {f"joserfc.{m}" for m in MODULES}:
            assert all(a.name[0].isupper() or a.name == "extract_compact" for a in node.names)
