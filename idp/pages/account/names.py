"""What services, purposes and facts are called, in the language of whoever reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from clients.sql import Listed
from consent.catalogue import ATTRIBUTES, REGISTER_NAMES
from consent.purposes import Purpose
from idp.pages.languages import Language
from idp.pages.service.about import about, begins_at
from idp.pages.site import Site


@dataclass(frozen=True, slots=True)
class Called:
    """A fact: its label, and the register that is answerable for it."""

    attr_id: str
    label: str
    register: str


@dataclass(frozen=True, slots=True)
class Names:
    """For one page: each service and purpose is looked up once."""

    site: Site
    language: Language
    now: int
    _services: dict[str, Mapping[str, str]] = field(default_factory=dict)
    _purposes: dict[str, Purpose | None] = field(default_factory=dict)

    async def service(self, client_id: str) -> Mapping[str, str]:
        """Also of one that is disabled meanwhile: it keeps its name, and leads nowhere."""
        if client_id not in self._services:
            listed = await self.site.clients.show(client_id)
            unknown = {
                "name": client_id,
                "agency": client_id,
                "domain": "",
                "logo": "",
                "begins": "",
            }
            self._services[client_id] = self._said(listed) if listed else unknown
        return self._services[client_id]

    def _said(self, listed: Listed) -> Mapping[str, str]:
        issuer, off = self.site.ports.config.issuer, listed.disabled_at is not None
        begins = "" if off else begins_at(listed.client, issuer)
        return {**about(listed.client, self.language), "begins": begins}

    async def purpose(self, purpose_id: str) -> Purpose | None:
        if purpose_id not in self._purposes:
            found = await self.site.ports.purposes.find(purpose_id, self.now)
            self._purposes[purpose_id] = found
        return self._purposes[purpose_id]

    async def title(self, purpose_id: str) -> str:
        """What a purpose is called; one that is gone by its id."""
        purpose = await self.purpose(purpose_id)
        return self.language.of(purpose.titles) if purpose else purpose_id

    def fact(self, attr_id: str) -> Called:
        """One that is in the catalogue no more goes by its id."""
        attribute = ATTRIBUTES.get(attr_id)
        if attribute is None:
            return Called(attr_id, attr_id, "")
        register = self.language.of(REGISTER_NAMES[attribute.register_id])
        return Called(attr_id, self.language.of(attribute.labels), register)
