"""Writes ``docs/settings.md`` from the settings themselves: ``python -m idp.settings_page``."""

from pathlib import Path

import orjson
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from idp.register_settings import RegisterSettings
from idp.registration_settings import RegistrationSettings
from idp.settings import PREFIX, Settings
from idp.signing.providers import Pkcs11Settings, RemoteSettings
from idp.signing.settings import KeySettings

PAGE = Path(__file__).parent.parent / "docs" / "settings.md"
_HEAD = """\
# Settings

Read once at start, from the environment or from `motcua.env` in the folder the program is started
in; the environment wins. This page is made by `python -m idp.settings_page`.

| name | what it is | if not set |
| --- | --- | --- |
"""
_NESTED = ("registers", "registration", "keys", "pkcs11", "remote")
_REGISTRATION = f"{PREFIX}REGISTRATION__"
_KEYS = f"{PREFIX}KEYS__"
_OF_KEYS: dict[str, type[BaseModel]] = {
    _KEYS: KeySettings,
    f"{_KEYS}PKCS11__": Pkcs11Settings,
    f"{_KEYS}REMOTE__": RemoteSettings,
}
_REGISTERS = f"{PREFIX}REGISTERS__<NAME>__"


def page() -> str:
    """The whole page. Every setting has a sentence, or this fails."""
    own = [_line(PREFIX + name.upper(), field) for name, field in _fields(Settings)]
    of_register = [
        _line(_REGISTERS + name.upper(), field) for name, field in _fields(RegisterSettings)
    ]
    of_registration = [
        _line(_REGISTRATION + name.upper(), field) for name, field in _fields(RegistrationSettings)
    ]
    of_keys = [
        _line(prefix + name.upper(), field)
        for prefix, model in _OF_KEYS.items()
        for name, field in _fields(model)
    ]
    return _HEAD + "".join([*own, *of_register, *of_registration, *of_keys])


def _fields(model: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    return [(name, field) for name, field in model.model_fields.items() if name not in _NESTED]


def _line(name: str, field: FieldInfo) -> str:
    if field.description is None:
        raise ValueError(f"{name} has no sentence")
    return f"| `{name}` | {field.description} | {_default(field)} |\n"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be set"
    default = field.get_default(call_default_factory=True, validated_data={})
    if isinstance(default, frozenset):
        default = orjson.dumps(sorted(default)).decode()
    return "" if default in (None, (), {}) else f"`{str(default).lower()}`"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
