"""Whether some bytes occur within others, said to each engine in its own words."""

from typing import Any

from sqlalchemy import Boolean
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement


class holds(FunctionElement[bool]):  # noqa: N801 - written like the functions of SQLAlchemy
    """``holds(column, bindparam(...))``: these bytes are in it. No bytes at all are in anything."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, whole: ColumnElement[bytes], part: ColumnElement[bytes]) -> None:
        super().__init__(whole, part)


@compiles(holds, "sqlite")
def _sqlite(element: holds, compiler: Any, **options: Any) -> str:
    whole, part = (compiler.process(it, **options) for it in element.clauses)
    return f"instr({whole}, {part}) > 0"


@compiles(holds, "postgresql")
def _postgresql(element: holds, compiler: Any, **options: Any) -> str:
    whole, part = (compiler.process(it, **options) for it in element.clauses)
    return f"position({part} in {whole}) > 0"
