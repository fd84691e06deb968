"""The double for the watch on events."""

from dataclasses import asdict, dataclass, field

import orjson

from ledger.kinds import Event, RequestRefused
from tests.sample import PERSONAL


class PersonalDataInEvent(AssertionError):
    pass


@dataclass
class Watchman:
    """Sees every event, and fails the test that lets a person's data into one."""

    refused: list[RequestRefused] = field(default_factory=list)
    seen: list[Event] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        text = orjson.dumps(asdict(event), default=sorted).decode()
        for word in PERSONAL:
            if word in text:
                raise PersonalDataInEvent(f"{word!r} in {event}")
        self.seen.append(event)
        if isinstance(event, RequestRefused):
            self.refused.append(event)
