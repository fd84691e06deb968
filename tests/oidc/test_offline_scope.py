"""OpenID Connect Core section 11: when ``offline_access`` is heard, when it is allowed. Pure."""

from dataclasses import replace

import pytest

from oidc.authorize.offline import allowed, heard, wanted
from tests.oidc.values import DELIVERY, record

ASKED = frozenset({"openid", "offline_access"})
PLAIN = frozenset({"openid"})


@pytest.mark.protocol(78)
def test_it_is_heard_where_the_person_will_be_asked() -> None:
    consent, login = frozenset({"consent", "login"}), frozenset({"login"})
    assert heard(ASKED, consent, DELIVERY) == ASKED
    assert heard(ASKED, consent, None) == PLAIN
    assert heard(ASKED, login, DELIVERY) == PLAIN
    assert heard(PLAIN, consent, DELIVERY) == PLAIN
    assert (wanted(ASKED), wanted(PLAIN)) == (frozenset({"offline_access"}), frozenset())


@pytest.mark.protocol(78)
def test_it_is_allowed_while_the_record_says_so() -> None:
    """Asked and allowed, it may be stopped before the answer is on its way."""
    before = record()
    assert allowed(ASKED, None) == PLAIN
    assert allowed(ASKED, before) == PLAIN
    assert allowed(ASKED, replace(before, asked=before.asked | {"offline_access"})) == PLAIN
    given = replace(before, allowed=before.allowed | {"offline_access"})
    assert allowed(ASKED, given) == ASKED
    assert allowed(PLAIN, given) == PLAIN
