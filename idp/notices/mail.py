"""A notice as a plain message. RFC 5322; RFC 3834 section 5 (``Auto-Submitted``).

An account has no language, so it is said in each: in the country's own first. It has no link: a
message that brings people to sign in teaches them to follow the next one, too.
"""

from collections.abc import Mapping, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from textwrap import fill
from typing import Any

from idp.notices.texts import REST, TOLD, WHEN
from idp.pages.dates import moment
from idp.pages.languages import TAGS, Language
from store.micros import seconds

LANGUAGES = TAGS
WIDTH = 72
_BETWEEN = f"\n\n{'-' * 8}\n\n"


def message(
    notice: Mapping[str, Any], name: str, *, to: str, host: str, languages: Sequence[Language]
) -> bytes:
    """The whole of it. ``notice``: as ``write`` has put it; ``name``: unique. ``host``: ours.

    Raises what ``email`` raises when ``to`` is no address.
    """
    mail = EmailMessage(policy=SMTP)
    what = TOLD[notice["kind"]].what
    mail["From"] = Address(username="no-reply", domain=host)
    mail["To"] = Address(addr_spec=to)
    mail["Subject"] = " / ".join(language.gettext(what) for language in languages)
    mail["Date"] = formatdate(seconds(notice["at"]), usegmt=True)
    mail["Message-ID"] = f"<{name}@{host}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_BETWEEN.join(text(notice, it) for it in languages) + "\n", cte="8bit")
    mail["Content-Language"] = ", ".join(language.tag for language in languages)
    return bytes(mail)


def text(notice: Mapping[str, Any], language: Language) -> str:
    """What happened, when, and what to do if it was not you."""
    told = TOLD[notice["kind"]]
    facts = [language.gettext(WHEN, moment=moment(notice["at"], language))]
    if notice["label"]:
        facts.append(language.gettext(told.label, label=notice["label"]))
    paragraphs = (f"{language.gettext(told.what)}.", *map(language.gettext, REST))
    first, *rest = (fill(each, WIDTH) for each in paragraphs)
    return "\n\n".join((first, "\n".join(facts), *rest))
