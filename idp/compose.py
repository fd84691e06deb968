"""From parts to doors: what the engine's ports and the pages' site are made of."""

from dataclasses import dataclass

from consent.records import SqlRecords
from consent.registers.cache import Cache
from consent.registers.connector import Connector
from consent.registers.question import Register
from consent.release import Releases
from consent.sources import Sources
from idp.authentication import acr_values
from idp.authentication.pool import Pool
from idp.authentication.sign_in import SignIn
from idp.pages import languages
from idp.pages.builder import Builder
from idp.pages.csrf import Csrf
from idp.pages.problems import Problems
from idp.pages.site import Site
from idp.pages.static import Static
from idp.parts import Parts
from idp.reads import SqlPeople
from idp.sessions.rows import SESSION_IS_LIVE
from idp.settings import Settings
from keys.current import Keys
from oidc.ports import Config, Ports


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What has to be closed again, and the parts it stands on."""

    settings: Settings
    parts: Parts
    keys: Keys
    connector: Connector
    pool: Pool


def registers(settings: Settings) -> list[Register]:
    return [
        Register(
            register_id=name,
            url=str(it.url),
            pairing_key=it.pairing_key.get_secret_value().encode(),
        )
        for name, it in settings.registers.items()
    ]


def make_site(opened: Opened) -> Site:
    """What the pages may use."""
    parts, issuer = opened.parts, opened.settings.issuer_name()
    database, one_time = parts.storage.database, parts.storage.one_time
    cache = Cache(one_time, opened.settings.registers)
    sources = Sources(parts.accounts, opened.connector, cache)
    releases = Releases(
        database, parts.ledger, clients=parts.clients, purposes=parts.purposes, sources=sources
    )
    static = Static()
    builder = Builder(issuer, languages.load(), static)
    problems = Problems(builder)
    return Site(
        ports=make_ports(opened, releases, problems),
        builder=builder,
        problems=problems,
        static=static,
        csrf=Csrf(parts.storage.vault.key("csrf"), issuer),
        sign_in=make_sign_in(opened),
        sessions=parts.sessions,
        records=SqlRecords(
            database, parts.ledger, session_is_live=SESSION_IS_LIVE, forget=cache.forget
        ),
        releases=releases,
    )


def make_ports(opened: Opened, releases: Releases, problems: Problems) -> Ports:
    """What the engine may use."""
    parts = opened.parts
    storage = parts.storage
    return Ports(
        config=Config(
            issuer=opened.settings.issuer_name(),
            acr_values=acr_values(),
            ui_locales=languages.TAGS,
        ),
        clients=parts.clients,
        purposes=parts.purposes,
        one_time=storage.one_time,
        keys=opened.keys,
        people=SqlPeople(storage.database, parts.subjects, storage.vault.key("sid")),
        grants=parts.grants,
        releases=releases,
        sign_out=parts.sessions,
        pages=problems,
    )


def make_sign_in(opened: Opened) -> SignIn:
    parts = opened.parts
    return SignIn(
        database=parts.storage.database,
        accounts=parts.accounts,
        failures=parts.failures,
        passwords=parts.passwords,
        hasher=parts.hasher,
        pool=opened.pool,
        start=parts.start,
        ledger=parts.ledger,
    )
