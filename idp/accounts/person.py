"""What is said of a person when an account is made, and how a personal number is written."""

import re
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

_NUMBER = re.compile(r"[0-9]{12}")
_GAPS = re.compile(r"[\s.-]+")


def personal_number(text: str) -> str | None:
    """The twelve digits, however they were spaced; nothing if that is not what it is."""
    digits = _GAPS.sub("", text)
    return digits if _NUMBER.fullmatch(digits) else None


class Person(BaseModel):
    """One new account. ``note`` is for whoever reads the list; it is not kept."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    identifier: str = Field(repr=False)
    password: str = Field(repr=False)
    note: str = ""
    phone_number: str | None = Field(default=None, pattern=r"^\+[0-9]{6,15}$", repr=False)
    email: str | None = Field(default=None, pattern=r"^[^@\s]{1,64}@[^@\s]{1,190}$", repr=False)

    @model_validator(mode="after")
    def has_a_personal_number(self) -> Self:
        if personal_number(self.identifier) is None:
            raise ValueError("identifier: a personal number has twelve digits")
        return self

    def contact(self) -> dict[str, dict[str, str | bool]]:
        """Claims by attribute (``consent/data/catalogue``): what there is, as it was said."""
        held: dict[str, dict[str, str | bool]] = {}
        if self.phone_number is not None:
            held["person.phone"] = {
                "phone_number": self.phone_number,
                "phone_number_verified": False,
            }
        if self.email is not None:
            held["person.email"] = {"email": self.email, "email_verified": False}
        return held
