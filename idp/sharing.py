"""What decides about sharing and lets things out, over the parts."""

from consent.narrowing_sql import SqlNarrowing
from consent.records import SqlRecords
from consent.registers.cache import Cache
from consent.registers.connector import Connector
from consent.registers.question import Register
from consent.release import Releases
from consent.sources import Sources
from idp.parts import Parts
from idp.sessions.rows import SESSION_IS_LIVE
from idp.settings import Settings


def registers(settings: Settings) -> list[Register]:
    return [
        Register(
            register_id=name,
            url=str(it.url),
            pairing_key=it.pairing_key.get_secret_value().encode(),
        )
        for name, it in settings.registers.items()
    ]


def make_releases(parts: Parts, connector: Connector, cache: Cache) -> Releases:
    return Releases(
        parts.storage.database,
        parts.ledger,
        clients=parts.clients,
        purposes=parts.purposes,
        sources=Sources(parts.accounts, connector, cache),
    )


def make_records(parts: Parts, cache: Cache) -> SqlRecords:
    return SqlRecords(
        parts.storage.database,
        parts.ledger,
        session_is_live=SESSION_IS_LIVE,
        forget=cache.forget,
    )


def make_narrowing(parts: Parts, cache: Cache) -> SqlNarrowing:
    return SqlNarrowing(
        parts.storage.database, parts.ledger, purposes=parts.purposes, forget=cache.forget
    )
