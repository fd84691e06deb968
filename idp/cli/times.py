"""Times as people read them."""

from idp.logs import moment
from store.micros import seconds


def utc(micros: int | None) -> str:
    """Empty for what has not happened."""
    return "" if micros is None else f"{moment(seconds(micros)).replace('T', ' ')} UTC"
