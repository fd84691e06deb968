"""What is said of a person when an account is made, and how a personal number is written."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Self
from unicodedata import decimal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from store.micros import seconds

_NUMBER = re.compile(r"[0-9]{12}")
_GAPS = re.compile(r"[\s.-]+")
# What every mail server takes: RFC 5321 section 4.1.2 without quotes, a name in xn-- form.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_MAIL = rf"^{_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"

_LOCALE = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"  # BCP 47, as it is written
_ZONE = r"^[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*){0,2}$"  # a name of the tz database
_ADDRESS = r"^https://[a-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?$"

Text = Annotated[str, StringConstraints(pattern=r"^\S(.{0,98}\S)?$")]
Address = Annotated[str, StringConstraints(pattern=_ADDRESS, max_length=500)]

HELD: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "person.phone": ("phone_number",),
        "person.email": ("email",),
        "person.nickname": ("nickname", "preferred_username"),
        "person.web": ("profile", "picture", "website"),
        "person.preferences": ("locale", "zoneinfo"),
    }
)
"""The attributes that an account holds, and what of a person is in each."""
VERIFIABLE = ("person.phone", "person.email")


def in_our_digits(text: str) -> str:
    """Digits of any script as 0 to 9, as ``Nd`` in Unicode section 4.6; the rest as it is."""
    return "".join(str(decimal(sign)) if sign.isdecimal() else sign for sign in text)


def personal_number(text: str) -> str | None:
    """The twelve digits, however they were spaced; nothing if that is not what it is."""
    digits = in_our_digits(_GAPS.sub("", text))
    return digits if _NUMBER.fullmatch(digits) else None


class Person(BaseModel):
    """One new account. ``note`` is for whoever reads the list; it is not kept.

    ``level``: how surely we know who this is; 2 takes a check in person (NIST SP 800-63A-4).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    identifier: str = Field(repr=False)
    password: str = Field(repr=False)
    note: str = ""
    level: int = Field(default=1, ge=1, le=2)
    phone_number: str | None = Field(default=None, pattern=r"^\+[0-9]{6,15}$", repr=False)
    email: str | None = Field(default=None, pattern=_MAIL, max_length=254, repr=False)
    nickname: Text | None = Field(default=None, repr=False)
    preferred_username: Text | None = Field(default=None, repr=False)
    profile: Address | None = Field(default=None, repr=False)
    picture: Address | None = Field(default=None, repr=False)
    website: Address | None = Field(default=None, repr=False)
    locale: str | None = Field(default=None, pattern=_LOCALE, repr=False)
    zoneinfo: str | None = Field(default=None, pattern=_ZONE, max_length=64, repr=False)

    @model_validator(mode="after")
    def has_a_personal_number(self) -> Self:
        if personal_number(self.identifier) is None:
            raise ValueError("identifier: a personal number has twelve digits")
        return self

    def contact(self, now: int) -> dict[str, dict[str, Any] | int]:
        """By attribute (``consent/data/catalogue``): what there is, as it was said."""
        said = self.model_dump(exclude_none=True)
        held: dict[str, dict[str, Any] | int] = {"person.updated_at": seconds(now)}
        for attr_id, names in HELD.items():
            part = {name: said[name] for name in names if name in said}
            if part and attr_id in VERIFIABLE:
                part[f"{names[0]}_verified"] = False
            if part:
                held[attr_id] = part
        return held
