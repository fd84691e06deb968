"""Rules of the house that no linter knows: budgets, citations, imports, locks."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("idp", "oidc", "consent", "clients", "keys", "ledger", "store")
SOURCES = [
    path
    for folder in (*PACKAGES, "examples", "bench", "house")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "node_modules" not in path.parts
]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
FOLDERS = sorted({path.parent for path in SOURCES})
CITING = [
    path
    for folder in ("client_auth", "endpoints", "grant_types")
    for path in sorted((ROOT / "oidc" / folder).glob("[a-z]*.py"))
]
DOCUMENTS = [
    *sorted(ROOT.glob("*.md")),
    *(path for folder in ("docs", "examples") for path in sorted((ROOT / folder).rglob("*.md"))),
]
LOCKS = sorted((ROOT / "locks").glob("*.txt"))
COMMAND_LINE = {
    "alembic",
    "mako",
    "typer",
    "idp.cli",
}  # click and rich come with uvicorn and structlog


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_file_says_what_it_is_and_keeps_to_its_budget(path: Path) -> None:
    source = path.read_text()
    tree = ast.parse(source)

    endpoint = path.parent.name == "endpoints" and "\ndef handler(" in source
    assert len(source.splitlines()) <= (60 if endpoint else 150)
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 25, f"{node.name} is too long"


def test_who_is_excused_from_a_rule_says_which_and_why() -> None:
    excuse = re.compile(r"# (noqa|type: ignore)(.*)")
    reason = re.compile(r"(: [A-Z0-9, ]+  \S|: [A-Z]+\d+ - \S|\[[a-z-]+\]  # \S)")
    bare = [
        f"{name(path)}: {found[0]}"
        for path in (*SOURCES, *sorted((ROOT / "tests").rglob("*.py")))
        for found in excuse.finditer(path.read_text())
        if path != Path(__file__) and not reason.match(found[2])
    ]
    assert bare == []


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_a_package_keeps_to_its_budget(folder: Path) -> None:
    assert len([*folder.glob("*.py")]) <= 25


@pytest.mark.parametrize("path", CITING, ids=name)
def test_a_module_of_the_protocol_names_its_section(path: Path) -> None:
    said = ast.get_docstring(ast.parse(path.read_text())) or ""
    assert re.search(r"RFC \d{4}|OpenID Connect", said)


def test_the_packages_import_as_their_contracts_say() -> None:
    """By a process of its own: the linter silences every logger of the one it runs in."""
    program = "import sys, importlinter.cli as it; sys.exit(it.lint_imports(no_cache=True))"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_what_a_document_names_is_there(document: Path) -> None:
    """Links, paths from the top or from where it lies, and modules by their bare names."""
    said = document.read_text()
    prose = re.sub(r"^```.*?^```$", "", said, flags=re.MULTILINE | re.DOTALL)
    for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", prose):
        assert (document.parent / link).exists(), link
    for path in re.findall(r"`([a-z_]+/[\w./-]*)", said):
        places = [place for place in (ROOT, document.parent) if is_ours(place / path.split("/")[0])]
        assert not places or any((place / path).exists() for place in places), path
    for module in re.findall(r"`(\w+\.py)`", said):
        assert any(path.name == module for path in (*SOURCES, *TESTS)), module


def is_ours(folder: Path) -> bool:
    """What programs write at run time may be missing."""
    return folder.is_dir() and folder.name != "data"


@pytest.mark.parametrize("module", ["idp.app", "idp.serve"])
def test_the_server_never_loads_the_tools_of_the_command_line(module: str) -> None:
    program = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert not COMMAND_LINE & {*loaded.stdout.split()}


@pytest.mark.parametrize("lock", LOCKS, ids=name)
def test_a_lock_pins_by_hash_and_names_no_address(lock: Path) -> None:
    said = lock.read_text()
    pins = re.findall(r"^[a-z0-9.-]+==\S+ (?:;.* )?\\\n    --hash=sha256:", said, re.MULTILINE)
    assert len(pins) == len(re.findall(r"^[a-z]", said, re.MULTILINE)) > 0
    assert not re.search(r"://|^-", said, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS, ids=name)
def test_all_locks_pin_the_same_releases(lock: Path) -> None:
    ours, all_of_them = (
        {*re.findall(r"^\S+==\S+", path.read_text(), re.MULTILINE)}
        for path in (lock, ROOT / "locks/dev.txt")
    )
    assert ours <= all_of_them


@pytest.mark.parametrize("folder", ["bench/node", "tests/interop/node"])
def test_a_lock_of_npm_pins_by_hash_and_names_no_address(folder: str) -> None:
    packages = json.loads((ROOT / folder / "package-lock.json").read_text())["packages"]
    del packages[""]
    assert packages
    assert all("integrity" in package for package in packages.values())
    assert not any("resolved" in package for package in packages.values())


def test_the_image_is_built_in_one_stage_and_run_in_another() -> None:
    _, made, shipped = (ROOT / "Dockerfile").read_text().split("\nFROM ")
    assert "make .venv/serve.stamp" in made
    assert re.search(r"^USER 10001", shipped, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK .*/healthz", shipped.replace("\\\n", ""), re.MULTILINE)
    assert not re.search(r"apt-get|gcc|build-essential|pip install", shipped)
