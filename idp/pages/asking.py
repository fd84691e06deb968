"""Making the question for a service, a purpose and a language.

All sentences come from registered purposes and the catalogues, none from a request; claims and
scopes are never named.
"""

from collections.abc import Iterable

from clients.model import Client
from consent.catalogue import ATTRIBUTES, REGISTER_NAMES
from consent.grants import OFFLINE_LIFE
from consent.model import OFFLINE
from consent.purposes import Cell, Purpose
from idp.pages.languages import Language
from idp.pages.question import Group, Item, Question, Term
from idp.pages.values import named
from idp.pages.words import later
from idp.pages.words.texts import begin
from store.micros import DAY


def spoken(client: Client, purpose: Purpose) -> tuple[str, ...]:
    """The languages in which it can be asked: those that all it says is registered in."""
    names = [texts for texts in (client.agency_names, client.client_names) if texts]
    whole = tuple(tag for tag in purpose.languages if all(tag in texts for texts in names))
    return whole or purpose.languages


def ask(
    client: Client, purpose: Purpose, missing: frozenset[str], wider: bool, language: Language
) -> Question:
    """The question for these attributes. ``wider``: a decision of this purpose is live."""
    who, say = named(client, language), language.gettext
    return Question(
        language=language.tag,
        agency=begin(who["agency"]),
        service=who["name"],
        domain=who["domain"],
        purpose=f"{purpose.purpose_id}:{purpose.version}",
        heading=begin(_heading(who["agency"], len(missing - {OFFLINE}), wider, language)),
        wider=say(_WIDER) if wider else "",
        why=language.of(purpose.descriptions),
        groups=tuple(_groups(purpose, missing, wider, language)),
        terms=(
            *_absence(purpose, missing, language),
            Term(say("How long"), _how_long(purpose, language)),
            Term(say("What is kept"), language.of(purpose.data_life)),
            Term(say("Who decides"), say(_DECIDES[purpose.automated])),
            Term(say("If you do not share"), language.of(purpose.refusal)),
        ),
        answers=_answers(missing, language),
        change_later=say(_LATER),
    )


_WIDER = later(
    "You decided about the rest before, and that stays as it is. Only what is new is shown here."
)
_CONNECTED = later("%(agency)s asks to stay connected when you are not there")
_ABSENT = later(
    "The service may look on its own, without you opening it, for %(days)s at most."
    " You can stop just this."
)
_FETCHED = later("so that you need not type it; you may give it yourself instead")
_LATER = later("You can stop this at any time in your account, under Connected services.")
_DECIDES = {
    False: later("No machine decides alone."),
    True: later("A machine takes part in the decision."),
}
_LASTS = {
    "one_time": later("They may look once, within %(days)s."),
    "until_decided": later("They may look until your case is decided, for %(days)s at most."),
    "recurring": later("They may look whenever you use this service, for %(days)s at most."),
}


def _absence(purpose: Purpose, missing: frozenset[str], language: Language) -> Iterable[Term]:
    """OpenID Connect Core section 11: what the person must know of ``offline_access``."""
    if OFFLINE in missing:
        most = min(purpose.max_duration_days, OFFLINE_LIFE // DAY)
        days = language.ngettext("%(num)s day", "%(num)s days", most)
        label = language.gettext("When you are not there")
        yield Term(label, language.gettext(_ABSENT, days=days))


def _answers(missing: frozenset[str], language: Language) -> tuple[str, str]:
    say = language.gettext
    if missing == {OFFLINE}:
        return say("Do not allow"), say("Allow and continue")
    return say("Do not share"), say("Share and continue")


def _heading(agency: str, number: int, wider: bool, language: Language) -> str:
    if not number:
        return language.gettext(_CONNECTED, agency=agency)
    if wider:
        return language.ngettext(
            "%(agency)s asks for %(num)s more fact about you",
            "%(agency)s asks for %(num)s more facts about you",
            number,
            agency=agency,
        )
    return language.ngettext(
        "%(agency)s asks for %(num)s fact about you",
        "%(agency)s asks for %(num)s facts about you",
        number,
        agency=agency,
    )


def _how_long(purpose: Purpose, language: Language) -> str:
    days = language.ngettext("%(num)s day", "%(num)s days", purpose.max_duration_days)
    return language.gettext(_LASTS[purpose.access], days=days)


def _groups(
    purpose: Purpose, missing: frozenset[str], wider: bool, language: Language
) -> Iterable[Group]:
    """By basis, what the law needs first and what is free last; empty ones are left out."""
    cells = [cell for cell in purpose.cells if cell.attr_id in missing]
    law = [cell for cell in cells if cell.basis == "statutory"]
    fetched = [c for c in cells if c.basis != "statutory" and c.necessity == "required"]
    free = [cell for cell in cells if cell.necessity == "optional"]
    say = language.gettext
    for heading, hint, members in (
        (say("Needed by law"), _citations(law, language), law),
        (say("Fetched for you"), say(_FETCHED), fetched),
        (say("Your choice"), say("nothing changes if you leave it off"), free),
    ):
        if members:
            yield Group(heading, hint, tuple(_item(c, wider, language) for c in members))


def _citations(cells: Iterable[Cell], language: Language) -> str:
    return language.listed(dict.fromkeys(language.of(cell.citation or {}) for cell in cells))


def _item(cell: Cell, wider: bool, language: Language) -> Item:
    attribute = ATTRIBUTES[cell.attr_id]
    return Item(
        attr_id=cell.attr_id,
        label=language.of(attribute.labels),
        register=language.of(REGISTER_NAMES[attribute.register_id]),
        why=language.of(cell.why),
        optional=cell.necessity == "optional",
        new=wider,
    )
