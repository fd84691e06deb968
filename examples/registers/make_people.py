"""Makes ``people.json`` beside it: ``python -m examples.registers.make_people``.

The same hundred people each time: what varies comes from a hash, not from chance. Nobody is real.
A personal number begins with the code of a province, and 097 to 099 are given to none; so no
number here can be anyone's. Then follow the century and sex, the year, and six digits.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from examples.registers.words import FAMILY, GIVEN, MIDDLE, PLACES, STREETS

PEOPLE = Path(__file__).parent / "people.json"
HOW_MANY = 100
OLDEST, YOUNGEST = 1941, 2008
REGISTER_OPENED = "2021-07-01"
MERGER = "2025-07-01"  # since then addresses name a commune and a province, no district
COUNTRY = "Việt Nam"

T = TypeVar("T")


def demonstrators() -> list[dict[str, Any]]:
    """Those who can sign in, except the one who is in no register."""
    return [
        person("097190004127", ("Nguyễn", "Minh", "Anh"), "1990-03-05", PLACES[1]),
        person(
            "098195000218",
            ("Công Tằng Tôn Nữ", "Hoàng Thị Phương Khánh", "Ngọc"),
            "1995-11-30",
            PLACES[13],
        ),
        person("099092000344", ("Trần", "Quốc", "Bảo"), "1992-02-29", PLACES[6]),
        person("097303000466", ("Kpă", "", "H'Lan"), "2003-08-17", PLACES[45]),
        person("098078000582", ("Lê", "Văn", "Hải"), "1978-06-21", None),
    ]


def person(
    number: str, name: tuple[str, str, str], birthdate: str, place: tuple[str, str] | None
) -> dict[str, Any]:
    """One entry, as the register keeps it: each field with its value and when that was written."""
    family, middle, given = name
    fields: dict[str, Any] = {
        "name": {
            "name": " ".join(filter(None, name)),
            "family_name": family,
            "middle_name": middle,
            "given_name": given,
        },
        "birthdate": birthdate,
        "sex": "female" if int(number[3]) % 2 else "male",
        "id_number": number,
    }
    if not middle:
        del fields["name"]["middle_name"]
    since = max(birthdate, REGISTER_OPENED)
    entry = {field: {"value": value, "updated_at": since} for field, value in fields.items()}
    if place is not None:
        entry["address_permanent"] = {"value": address(number, place), "updated_at": MERGER}
    return entry


def address(number: str, place: tuple[str, str]) -> dict[str, str]:
    """OpenID Connect Core section 5.1.1."""
    locality, region = place
    street = f"{1 + pick(number, 'house', 240)} {chosen(number, 'street', STREETS)}"
    return {
        "formatted": f"{street}, {locality}, {region}",
        "street_address": street,
        "locality": locality,
        "region": region,
        "country": COUNTRY,
    }


def made_up(index: int) -> dict[str, Any]:
    """The person with this index, wherever in the list they stand."""
    who = f"person {index}"
    sex = chosen(who, "sex", ("female", "male"))
    year = OLDEST + pick(who, "year", YOUNGEST - OLDEST + 1)
    century_and_sex = (year // 100 - 19) * 2 + (sex == "female")
    province = chosen(who, "province", ("097", "098", "099"))
    number = f"{province}{century_and_sex}{year % 100:02}{1000 + index:06}"
    name = (chosen(who, "f", FAMILY), chosen(who, "m", MIDDLE[sex]), chosen(who, "g", GIVEN[sex]))
    birthdate = f"{year}-{1 + pick(who, 'month', 12):02}-{1 + pick(who, 'day', 28):02}"
    return person(number, name, birthdate, chosen(who, "place", PLACES))


def pick(who: str, what: str, below: int) -> int:
    """A number from zero, always the same for the same question."""
    return int.from_bytes(sha256(f"{who}, {what}".encode()).digest()[:8]) % below


def chosen(who: str, what: str, among: Sequence[T]) -> T:
    return among[pick(who, what, len(among))]


def the_list() -> str:
    """The whole file: one person a line."""
    people = demonstrators()
    people += [made_up(index) for index in range(HOW_MANY - len(people))]
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in people)
    return f"[\n{lines}\n]\n"


if __name__ == "__main__":
    PEOPLE.write_text(the_list(), encoding="utf-8")
