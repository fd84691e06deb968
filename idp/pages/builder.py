"""A page, from a template, the words of a language and what is to be said.

A value that a template names and nobody gave is an error; every value is escaped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from idp.pages.headers import page_headers
from idp.pages.languages import TAGS, Language
from idp.pages.reader import PARAMETER, Reader, of_agency, reader, wishes
from idp.pages.static import Static
from idp.pages.words.templates import speaking
from oidc.endpoints.message import Answer, Header, Request


@dataclass(frozen=True, slots=True)
class Link:
    """The same page in another language."""

    tag: str
    name: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one page is made of.

    ``error``: the code of what went wrong, as ``data-error`` on the body.
    ``here``: its path and query; none where it has no address of its own.
    ``answers_to``: the proven addresses its forms may end at. ``stays``: and ours.
    ``scripts``: the names of files that it runs. ``frames``: the addresses that it loads in frames.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = HTTPStatus.OK
    error: str = ""
    here: tuple[str, Mapping[str, str]] | None = None
    answers_to: tuple[str, ...] = ()
    stays: bool = True
    headers: tuple[Header, ...] = ()
    scripts: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()


class Builder:
    """Of the pages of one issuer, in these languages; the first speaks where none is wished."""

    def __init__(self, issuer: str, languages: Mapping[str, Language], static: Static) -> None:
        self._issuer = issuer
        self._static = static
        self._languages = languages
        self._environments = {tag: speaking(one, static) for tag, one in languages.items()}
        self._tags = cache(self._run)

    def reader(
        self, request: Request, ui_locales: str | None = None, offered: Sequence[str] = TAGS
    ) -> Reader:
        """Who reads a page. ``ui_locales``: the agency's wish. ``offered``: what it speaks."""
        return reader(self._languages, wishes(request, ui_locales), offered)

    def sent(self, request: Request) -> Reader:
        """Who reads what an endpoint of the protocol answers."""
        return reader(self._languages, of_agency(request))

    def build(self, page: Page, who: Reader) -> Answer:
        """The page as bytes, with all that a page says about itself."""
        language = who.language
        template = self._environments[language.tag].get_template(page.template)
        scripts = tuple(self._static.path(name) for name in page.scripts)
        body = template.render(
            page.values,
            error=page.error,
            links=self._links(page, who),
            scripts=self._tags(page.scripts),
        )
        about = page_headers(self._issuer, page.answers_to, scripts, page.frames, stays=page.stays)
        spoken = (b"content-language", language.tag.encode())
        headers = (spoken, *about, *who.cookies, *page.headers)
        return Answer(page.status, body.encode(), headers)

    def _run(self, names: tuple[str, ...]) -> Markup:
        """Each by its address and the digest of its content: Subresource Integrity section 3.5."""
        tag = Markup('<script src="{}" integrity="{}" defer></script>\n')
        files = ((self._static.path(name), self._static.integrity(name)) for name in names)
        return Markup("").join(tag.format(*file) for file in files)

    def _links(self, page: Page, who: Reader) -> tuple[Link, ...]:
        if page.here is None:
            return ()
        path, query = page.here
        kept = urlencode({name: it for name, it in query.items() if name != PARAMETER})
        address = f"{path}?{kept}&{PARAMETER}=" if kept else f"{path}?{PARAMETER}="
        return tuple(Link(tag, self._languages[tag].name, f"{address}{tag}") for tag in who.offered)
