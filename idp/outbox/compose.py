"""From parts to whoever sends what lies in the outbox."""

from clients.client_keys import ClientKeys
from idp.compose import Opened, make_config
from idp.notices import mail
from idp.notices.spool import Spool
from idp.notices.write import NOTICE
from idp.outbox.carrier import Carrier
from idp.outbox.key_notice import KeyNoticeCarrier
from idp.outbox.logout import LogoutCarrier
from idp.outbox.notice import NoticeCarrier
from idp.outbox.worker import Postman
from idp.pages import languages
from idp.sessions.farewell import LOGOUT
from idp.signing.notices import LOST
from store.lease import Leases
from store.micros import Clock


def make_postman(opened: Opened, clock: Clock) -> Postman:
    """Who sends what lies in the outbox."""
    parts, settings = opened.parts, opened.settings
    logout = LogoutCarrier(
        config=make_config(settings),
        clients=parts.clients,
        subjects=parts.subjects,
        keys=opened.keys,
        client_keys=ClientKeys(opened.courier),
        letters=parts.post.letters,
        courier=opened.courier,
        sid_key=parts.storage.vault.key("sid"),
    )
    spoken = languages.load()
    notice = NoticeCarrier(
        accounts=parts.accounts,
        letters=parts.post.letters,
        spool=Spool(settings.spool_path()),
        host=settings.issuer_host(),
        languages=[spoken[tag] for tag in mail.LANGUAGES],
    )
    lost = KeyNoticeCarrier(clients=parts.clients, notices=opened.notices, courier=opened.courier)
    leases = Leases(parts.storage.database)
    carriers: dict[str, Carrier] = {LOGOUT: logout, NOTICE: notice, LOST: lost}
    return Postman(parts.post.outbox, leases, parts.post.dead_letters, carriers, clock)
