"""Whose subjects a client is given that belongs to no agency: those of a host.

OpenID Connect Core section 8.1; OpenID Connect Registration section 5.
"""

from urllib.parse import urlsplit

import orjson

from clients.courier import Courier, Unfetched
from clients.dynamic.refused import BadMetadata
from clients.model import Agency, Client

MARK = "@"
"""No declared agency has a name that begins so."""


def agency_of(client: Client) -> Agency:
    """What stands in for its agency. Raises ``BadMetadata``."""
    if client.sector_identifier_uri is not None:
        hosts = {host(client.sector_identifier_uri)}
    else:
        hosts = {host(uri) for uri in client.redirect_uris}
    if len(hosts) > 1:
        raise BadMetadata("redirect_uris on several hosts need a sector_identifier_uri.")
    (name,) = hosts
    return Agency(agency_id=MARK + name, names={"vi": name, "en": name}, domain=name)


def host(uri: str) -> str:
    """Of an address that was found sound. A private scheme names an owner, too."""
    parts = urlsplit(uri)
    return parts.hostname or parts.scheme


async def check_document(client: Client, courier: Courier) -> None:
    """Every redirect URI stands in it. Raises ``BadMetadata``."""
    if client.sector_identifier_uri is None:
        return
    try:
        said = orjson.loads(await courier.get(client.sector_identifier_uri, ("application/json",)))
    except (Unfetched, orjson.JSONDecodeError) as error:
        raise BadMetadata("sector_identifier_uri: there is no JSON document to be had.") from error
    if not isinstance(said, list) or not all(uri in said for uri in client.redirect_uris):
        raise BadMetadata("sector_identifier_uri: not every redirect URI stands in its document.")
