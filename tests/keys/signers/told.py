"""Who listens for alarms."""

from ledger.kinds import Event, SigningRefused


class Told:
    def __init__(self) -> None:
        self.refused: list[SigningRefused] = []

    def __call__(self, event: Event) -> None:
        assert isinstance(event, SigningRefused)
        self.refused.append(event)
