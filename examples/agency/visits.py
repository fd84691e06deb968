"""Who is signed in at the agency: kept here, under a name that only their browser knows."""

import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from examples.agency.logout import Ended

MOST = 1000  # the oldest visit ends when there are more


@dataclass(frozen=True, slots=True)
class Visit:
    token: dict[str, Any] = field(repr=False)
    claims: dict[str, Any] = field(repr=False)


class Visits:
    def __init__(self) -> None:
        self._visits: OrderedDict[str, Visit] = OrderedDict()

    def begin(self, visit: Visit) -> str:
        """A new name at each sign-in."""
        name = secrets.token_urlsafe(32)
        self._visits[name] = visit
        while len(self._visits) > MOST:
            self._visits.popitem(last=False)
        return name

    def find(self, name: str | None) -> Visit | None:
        return self._visits.get(name) if name is not None else None

    def end(self, name: str | None) -> Visit | None:
        return self._visits.pop(name, None) if name is not None else None

    def end_all(self, ended: Ended) -> None:
        """Those of the person, and of the session if one is named."""
        for name, visit in [*self._visits.items()]:
            if _is_of(visit.token["userinfo"], ended):
                del self._visits[name]


def _is_of(said: Mapping[str, Any], ended: Ended) -> bool:
    """``said``: by the ID token."""
    return ended.sub in (None, said["sub"]) and ended.sid in (None, said.get("sid"))
