"""From parts to doors: what the engine's ports and the pages' site are made of."""

from dataclasses import dataclass

from clients.client_keys import ClientKeys
from clients.courier import Courier
from clients.request_objects import RequestObjects
from clients.secrets import ClientSecrets
from consent.looks_sql import SqlLooks
from consent.registers.cache import Cache
from consent.registers.connector import Connector
from consent.release import Releases
from idp.agencies import make_policy, make_registrar
from idp.authentication import acr_values
from idp.authentication.passkeys.doors import PasskeyDoors
from idp.authentication.pool import Pool
from idp.officers.doors import Console
from idp.outbox.told import Told
from idp.pages import languages, static
from idp.pages.builder import Builder
from idp.pages.gate.csrf import Csrf
from idp.pages.problems import Problems
from idp.pages.routes import ACCOUNT_PAGES
from idp.pages.site import Site
from idp.pages.static import Static
from idp.parts import Parts
from idp.reads import SqlPeople
from idp.sessions.devices import Devices
from idp.sessions.frames import Frames
from idp.settings import Settings
from idp.sharing import make_narrowing, make_records, make_releases
from idp.signing.notices import Notices
from idp.signing.readers import Readers
from idp.ways import make_security, make_sign_in
from keys.current import Keys
from oidc.codes import Codes
from oidc.ports import Config, Ports
from oidc.refresh_tokens import RefreshTokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What has to be closed again, and the parts it stands on."""

    settings: Settings
    parts: Parts
    keys: Keys
    readers: Readers
    notices: Notices
    connector: Connector
    courier: Courier
    pool: Pool


def make_site(opened: Opened) -> Site:
    """What the pages may use."""
    parts, issuer = opened.parts, opened.settings.issuer_name()
    cache, releases = _releases(opened)
    files, builder, problems = make_builder(issuer)
    return Site(
        ports=make_ports(opened, releases, problems),
        builder=builder,
        problems=problems,
        static=files,
        csrf=Csrf(parts.storage.vault.secrets("csrf"), issuer),
        sign_in=make_sign_in(parts, opened.pool),
        security=make_security(parts, opened.pool),
        passkeys=PasskeyDoors.over(parts, issuer),
        sessions=parts.sessions,
        records=make_records(parts, cache),
        narrowing=make_narrowing(parts, cache),
        looks=SqlLooks(parts.storage.database),
        clients=parts.clients,
        releases=releases,
        told=Told(parts.post.reached, parts.post.dead_letters),
        devices=Devices(parts.storage.database, parts.post.letters),
        account_pages=ACCOUNT_PAGES,
        console=Console.over(parts, issuer),
    )


def _releases(opened: Opened) -> tuple[Cache, Releases]:
    cache = Cache(opened.parts.storage.one_time, opened.settings.registers)
    return cache, make_releases(opened.parts, opened.connector, cache)


def make_builder(issuer: str) -> tuple[Static, Builder, Problems]:
    files = static.load()
    builder = Builder(issuer, languages.load(), files)
    return files, builder, Problems(builder)


def make_ports(opened: Opened, releases: Releases, problems: Problems) -> Ports:
    """What the engine may use."""
    parts, storage = opened.parts, opened.parts.storage
    return Ports(
        config=make_config(opened.settings),
        clients=parts.clients,
        client_keys=ClientKeys(opened.courier),
        client_secrets=ClientSecrets(storage.vault),
        request_objects=RequestObjects(opened.courier),
        registrar=make_registrar(parts, opened.courier, make_policy(opened.settings)),
        purposes=parts.purposes,
        one_time=storage.one_time,
        codes=Codes(storage.vault.secrets("codes")),
        keys=opened.keys,
        readers=opened.readers,
        key_notices=opened.notices,
        people=_people(parts),
        grants=parts.grants,
        families=parts.families,
        refresh_tokens=RefreshTokens(storage.vault.secrets("refresh tokens")),
        releases=releases,
        sign_out=parts.sessions,
        front_channel=_frames(parts, opened.settings),
        pages=problems,
    )


def _people(parts: Parts) -> SqlPeople:
    storage = parts.storage
    return SqlPeople(storage.database, parts.subjects, parts.accounts, storage.vault.key("sid"))


def _frames(parts: Parts, settings: Settings) -> Frames:
    return Frames(
        issuer=settings.issuer_name(),
        reached=parts.post.reached,
        clients=parts.clients,
        sid_key=parts.storage.vault.key("sid"),
    )


def make_config(settings: Settings) -> Config:
    return Config(
        issuer=settings.issuer_name(),
        acr_values=acr_values(),
        ui_locales=languages.TAGS,
        registration=settings.registration.mode != "off",
    )
