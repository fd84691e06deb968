"""The table of docs/protocol.md, held against the marks of the tests; a mark is the truth.

``python -m house.lines`` writes into each row whose test is missing, or gone, a test that bears
its mark, and says what is wrong still. What is named and bears the mark is left as it is.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/protocol.md"
OUT = "out: "

Marks = Mapping[int, Sequence[str]]
"""By line: the tests that bear its mark, each as the page names it."""

_ROW = re.compile(r"^\| (\d+) \| (.*) \| ([^|]*) \| ([^|]*) \|$", re.MULTILINE)
_NAMED = re.compile(r"\[`\w+`\]\([^)]+\)")


def marks() -> Marks:
    """What stands on a test, or on its whole module."""
    found = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        of_all = [line for node in tree.body if _is_pytestmark(node) for line in _lines(node)]
        for name, own in _tests(tree):
            for line in dict.fromkeys((*own, *of_all)):
                found[line].append(f"[`{name}`](../{path.relative_to(ROOT)})")
    return found


def _is_pytestmark(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign) and "pytestmark" in ast.unparse(node.targets[0])


def _tests(tree: ast.Module) -> Iterator[tuple[str, Iterable[int]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith(
            "test_"
        ):
            yield node.name, [line for mark in node.decorator_list for line in _lines(mark)]


def _lines(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.protocol":
            yield from (ast.literal_eval(each) for each in node.args)


def faults(page: str, marked: Marks) -> Iterator[str]:
    """What is wrong with the page, in sentences."""
    rows = {int(row[1]): row[4] for row in _ROW.finditer(page)}
    for line in sorted(marked.keys() - rows):
        yield f"line {line}: a test bears its mark, the page has no row."
    for line, shown in rows.items():
        if shown.startswith(OUT):
            continue
        if not _NAMED.search(shown):
            yield f"line {line}: no test shows it."
        for name in _NAMED.findall(shown):
            if name not in marked.get(line, ()):
                yield f"line {line}: {name} is not there, or does not bear its mark."


def filled(page: str, marked: Marks) -> str:
    """The page, each of whose rows names tests that bear its mark, as far as there are any."""

    def row(found: re.Match[str]) -> str:
        line, shown = int(found[1]), found[4]
        there = [name for name in _NAMED.findall(shown) if name in marked.get(line, ())]
        tests = there or marked.get(line, ())[:1]
        return f"| {line} | {found[2]} | {found[3]} | {'; '.join(tests) or shown} |"

    return _ROW.sub(row, page)


def main() -> int:
    page, marked = PAGE.read_text("utf-8"), marks()
    PAGE.write_text(page := filled(page, marked), "utf-8")
    wrong = list(faults(page, marked))
    print("\n".join(wrong), file=sys.stderr)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
