"""A registration as a whole: everything that is wrong with it, in sentences.

RFC 7591 section 2; RFC 8252 section 8.4. Each rule looks at a whole client and says nothing or
what is wrong. To add one: write it in the module of its kind, and add it to the table.
"""

from collections.abc import Callable, Iterator

from clients.model import Client
from clients.rules.addresses import addresses, sign_out
from clients.rules.asking import requests, resources
from clients.rules.authentication import SECRETS, algorithm, authentication, keys
from clients.rules.encryption import encryption
from clients.rules.identity import ID, agency_faults, identity
from clients.rules.profile import fapi2
from clients.rules.readers import readers
from clients.rules.request_uris import request_uris
from clients.rules.web import pages

__all__ = ["ID", "SECRETS", "agency_faults", "faults"]

Rule = Callable[[Client], Iterator[str]]

_RULES: tuple[Rule, ...] = (
    identity,
    authentication,
    algorithm,
    keys,
    encryption,
    requests,
    resources,
    sign_out,
    fapi2,
    readers,
)


def faults(client: Client, *, demonstration: bool) -> tuple[str, ...]:
    """Empty: it may be registered."""
    found = [fault for rule in _RULES for fault in rule(client)]
    found += request_uris(client, demonstration=demonstration)
    found += pages(client, demonstration=demonstration)
    return (*found, *addresses(client, demonstration=demonstration))
