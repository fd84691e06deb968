"""The fields of an agency's form, and what of them the national account filled in.

OpenID Connect Core sections 5.1 and 5.1.1 (claims), 5.1.2 (the ``nid:`` ones).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Language = Literal["vi", "en"]
Texts = Mapping[Language, str]

SEXES: Mapping[str, Texts] = {
    "female": {"vi": "Nữ", "en": "Female"},
    "male": {"vi": "Nam", "en": "Male"},
}
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Field:
    """A line of the form. ``path``: where its value is among the claims, member by member."""

    labels: Texts
    path: tuple[str, ...]
    kind: Literal["text", "date", "sex"] = "text"


@dataclass(frozen=True, slots=True)
class Filled:
    """A line as it is shown. ``value``: nothing if it was not received."""

    label: str
    value: str | None


def filled(
    fields: tuple[Field, ...], claims: Mapping[str, Any], language: Language
) -> tuple[Filled, ...]:
    """The form with what was received, in the person's language."""
    return tuple(Filled(field.labels[language], said(field, claims, language)) for field in fields)


def said(field: Field, claims: Mapping[str, Any], language: Language) -> str | None:
    value: Any = claims
    for member in field.path:
        value = value.get(member) if isinstance(value, Mapping) else None
    if not isinstance(value, str) or not value:
        return None
    if field.kind == "sex":
        return SEXES[value][language] if value in SEXES else value
    return date(value, language) if field.kind == "date" else value


def date(text: str, language: Language) -> str:
    """``1990-03-05`` as people write it."""
    year, _, rest = text.partition("-")
    month, _, day = rest.partition("-")
    if language == "vi" or not month.isdecimal() or not 1 <= int(month) <= len(MONTHS):
        return f"{day}/{month}/{year}"
    return f"{int(day)} {MONTHS[int(month) - 1]} {year}"


NAME = Field({"vi": "Họ và tên", "en": "Full name"}, ("name",))
BIRTHDATE = Field({"vi": "Ngày sinh", "en": "Date of birth"}, ("birthdate",), "date")
SEX = Field({"vi": "Giới tính", "en": "Sex"}, ("gender",), "sex")
ID_NUMBER = Field(
    {"vi": "Số định danh cá nhân", "en": "Personal number"}, ("nid:personal_id_number",)
)
STREET = Field(
    {"vi": "Số nhà, đường", "en": "House and street"}, ("nid:address_permanent", "street_address")
)
COMMUNE = Field(
    {"vi": "Xã, phường, đặc khu", "en": "Commune or ward"}, ("nid:address_permanent", "locality")
)
PROVINCE = Field(
    {"vi": "Tỉnh, thành phố", "en": "Province or city"}, ("nid:address_permanent", "region")
)
PHONE = Field({"vi": "Số điện thoại", "en": "Phone number"}, ("phone_number",))
EMAIL = Field({"vi": "Thư điện tử", "en": "E-mail address"}, ("email",))
