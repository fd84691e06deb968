"""Writes ``docs/settings.md`` from the settings themselves: ``python -m idp.settings_page``."""

from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from idp.settings import PREFIX, RegisterSettings, Settings

PAGE = Path(__file__).parent.parent / "docs" / "settings.md"
_HEAD = """\
# Settings

Read once at start, from the environment or from `motcua.env` in the folder the program is started
in; the environment wins. This page is made by `python -m idp.settings_page`.

| name | what it is | if not set |
| --- | --- | --- |
"""
_REGISTERS = f"{PREFIX}REGISTERS__<NAME>__"


def page() -> str:
    """The whole page. Every setting has a sentence, or this fails."""
    own = [_line(PREFIX + name.upper(), field) for name, field in _fields(Settings)]
    of_register = [
        _line(_REGISTERS + name.upper(), field) for name, field in _fields(RegisterSettings)
    ]
    return _HEAD + "".join([*own, *of_register])


def _fields(model: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    return [(name, field) for name, field in model.model_fields.items() if name != "registers"]


def _line(name: str, field: FieldInfo) -> str:
    if field.description is None:
        raise ValueError(f"{name} has no sentence")
    return f"| `{name}` | {field.description} | {_default(field)} |\n"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be set"
    default = field.get_default()
    return "" if default in (None, ()) else f"`{str(default).lower()}`"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
