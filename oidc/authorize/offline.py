"""Looking when nobody is there: when it is asked at all, and when it is allowed.

OpenID Connect Core section 11: the scope ``offline_access`` is ignored unless the person will be
asked. Pure.
"""

from consent.model import OFFLINE, Record
from consent.purposes import Purpose


def heard(scope: frozenset[str], prompt: frozenset[str], purpose: Purpose | None) -> frozenset[str]:
    """The scope, with it where there is a page that says it and an answer to wait for."""
    if OFFLINE not in scope or ("consent" in prompt and purpose):
        return scope
    return scope - {OFFLINE}


def wanted(scope: frozenset[str]) -> frozenset[str]:
    """It is asked as an attribute is."""
    return scope & {OFFLINE}


def allowed(scope: frozenset[str], record: Record | None) -> frozenset[str]:
    """The scope, with it while the person allows it."""
    if OFFLINE not in scope or (record and OFFLINE in record.allowed):
        return scope
    return scope - {OFFLINE}
