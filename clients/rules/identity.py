"""What agencies and clients are called. RFC 7591 section 2; RFC 9700 section 4.15."""

import re
from collections.abc import Iterator

from clients.model import Agency, Client

# Shorter than any subject and of other letters, so that no client can pose as a person.
ID = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,38}[a-z0-9])?")
_DOMAIN = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_LONGEST_NAME = 200


def agency_faults(agency: Agency) -> tuple[str, ...]:
    return tuple(_agency(agency))


def _agency(agency: Agency) -> Iterator[str]:
    if not ID.fullmatch(agency.agency_id):
        yield _id_fault("agency_id")
    if not _DOMAIN.fullmatch(agency.domain):
        yield "domain is a host name in small letters."
    if not agency.names:
        yield "names has a name in one language at least."
    yield from _names("names", agency.names)


def _id_fault(name: str) -> str:
    return f"{name} is at most 40 small letters, digits, dots and hyphens."


def _names(field: str, names: dict[str, str]) -> Iterator[str]:
    for language, name in names.items():
        if not _LANGUAGE.fullmatch(language):
            yield f"{field} is keyed by languages such as vi and en."
        if not _is_name(name):
            yield f"{field} has a name that is empty, too long or not printable."


def _is_name(name: str) -> bool:
    return name.strip() == name != "" and len(name) <= _LONGEST_NAME and name.isprintable()


def identity(client: Client) -> Iterator[str]:
    if not ID.fullmatch(client.client_id):
        yield _id_fault("client_id")
    if not _is_name(client.client_name):
        yield "client_name is empty, too long or not printable."
    if client.purpose_id is not None and not ID.fullmatch(client.purpose_id):
        yield _id_fault("purpose_id")
    yield from _names("client_names", client.client_names)
