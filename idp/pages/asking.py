"""Making the question for a service, a purpose and a language.

All sentences come from registered purposes and the catalogues, none from a request; claims and
scopes are never named.
"""

from collections.abc import Iterable

from clients.model import Client
from consent.catalogue import ATTRIBUTES, REGISTER_NAMES
from consent.purposes import Cell, Purpose
from idp.pages.languages import Language
from idp.pages.question import Group, Item, Question, Term
from idp.pages.values import begin, named
from idp.pages.words import later


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
        heading=begin(_heading(who["agency"], len(missing), wider, language)),
        wider=say(_WIDER) if wider else "",
        why=language.of(purpose.descriptions),
        groups=tuple(_groups(purpose, missing, wider, language)),
        terms=(
            Term(say("How long"), _how_long(purpose, language)),
            Term(say("What is kept"), language.of(purpose.data_life)),
            Term(say("Who decides"), say(_DECIDES[purpose.automated])),
            Term(say("If you do not share"), language.of(purpose.refusal)),
        ),
        answers=(say("Do not share"), say("Share and continue")),
        change_later=say(_LATER),
    )


_WIDER = later(
    "You decided about the rest before, and that stays as it is. Only what is new is shown here."
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


def _heading(agency: str, number: int, wider: bool, language: Language) -> str:
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
    return " · ".join(dict.fromkeys(language.of(cell.citation or {}) for cell in cells))


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
