"""The catalogue: what can be shared, under which name, and who is answerable for it.

OpenID Connect Core sections 5.1 (claims), 5.1.2 (claims of our own, prefix ``nid:``) and 5.4
(scopes). It is data beside this module: one attribute, one source.
"""

import tomllib
from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from store.micros import HOUR, MINUTE

LANGUAGES = ("vi", "en", "ar")
"""What every label is written in (BCP 47), and so what the pages can speak."""

Basis = Literal["consent", "request", "statutory"]
Shape = Literal["text", "date", "moment", "members", "several", "address"]
Texts = Mapping[str, str]

FRESHNESS: Mapping[str, int] = MappingProxyType(
    {"identity": 24 * HOUR, "slow": 15 * MINUTE, "none": 0}
)
"""How long a fetched value may be kept, in microseconds."""

PROFILE = frozenset(
    {"name", "family_name", "given_name", "middle_name", "nickname", "preferred_username"}
    | {"profile", "picture", "website", "gender", "birthdate", "zoneinfo", "locale", "updated_at"}
)
SCOPES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "profile": PROFILE,
        "email": frozenset({"email", "email_verified"}),
        "phone": frozenset({"phone_number", "phone_number_verified"}),
        "address": frozenset({"address"}),
    }
)
"""The claims that each scope asks for."""


class Attribute(BaseModel):
    """One thing that can be shared. ``labels`` and the register's name are the same everywhere."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    attr_id: str
    claims: tuple[str, ...]
    shape: Shape
    register_id: str = Field(alias="register")
    field: str
    freshness: Literal["identity", "slow", "none"]
    bases: frozenset[Basis]
    shown: tuple[int, int] | None = None
    labels: dict[str, str]

    @cached_property
    def fresh(self) -> int:
        """Microseconds for which a fetched value may be delivered again."""
        return FRESHNESS[self.freshness]

    def masked(self, text: str) -> str:
        """The text with its middle hidden, for a screen that others may see too."""
        if self.shown is None:
            return text
        first, last = self.shown
        hidden = max(len(text) - first - last, 0)
        return text[:first] + "•" * hidden + text[first + hidden :]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("consent").joinpath("data", "catalogue", name).read_text("utf-8"))


ATTRIBUTES: Mapping[str, Attribute] = MappingProxyType(
    {
        attribute.attr_id: attribute
        for attribute in map(Attribute.model_validate, _read("person.toml")["attribute"])
    }
)
"""Every attribute by its id, in the order in which a screen lists them."""

REGISTER_NAMES: Mapping[str, Texts] = MappingProxyType(
    {one["register_id"]: one["names"] for one in _read("registers.toml")["register"]}
)
"""What a person reads for each register, by language."""

CLAIMS: Mapping[str, Attribute] = MappingProxyType(
    {claim: attribute for attribute in ATTRIBUTES.values() for claim in attribute.claims}
)
"""The attribute that each claim is part of."""


def attribute_of(claim: str) -> Attribute | None:
    """Which attribute this claim is part of; none of ours: None."""
    return CLAIMS.get(claim)
