"""A page, from a template, the words of a language and what is to be said.

Templates are compiled once, at start, one environment a language. A value that a template names
and nobody gave is an error; every value is escaped.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from idp.pages.headers import page_headers
from idp.pages.languages import Language, accepted, choose
from idp.pages.static import Static
from idp.pages.values import begin
from oidc.endpoints.cookies import set_cookie
from oidc.endpoints.message import Answer, Header, Request
from oidc.errors import OAuthError

FOLDER = Path(__file__).parent / "templates"
COOKIE = "__Host-motcua-language"
ACCEPT = b"accept-language"


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
    ``answers_to``: the proven addresses its forms may end at.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = HTTPStatus.OK
    error: str = ""
    here: tuple[str, Mapping[str, str]] | None = None
    answers_to: tuple[str, ...] = ()
    headers: tuple[Header, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the page. ``cookies`` keep a language that was chosen with this very request."""

    language: Language
    cookies: tuple[Header, ...] = ()


class Builder:
    """Of the pages of one issuer, in these languages; the first speaks where none is wished."""

    def __init__(self, issuer: str, languages: Mapping[str, Language], static: Static) -> None:
        self._issuer = issuer
        self._languages = languages
        self._templates = {tag: _compile(one, static) for tag, one in languages.items()}

    def reader(self, request: Request, ui_locales: str | None = None) -> Reader:
        """The person's own choice counts most, then the agency's wish, then the browser's."""
        chosen, kept = _chosen(request), request.cookie(COOKIE)
        headers = (value.decode("latin-1") for name, value in request.headers if name == ACCEPT)
        tag = choose(chosen, kept, ui_locales, accepted(",".join(headers)))
        new = chosen is not None and tag != kept
        return Reader(self._languages[tag], (set_cookie(COOKIE, tag),) if new else ())

    def build(self, page: Page, reader: Reader) -> Answer:
        """The page as bytes, with all that a page says about itself."""
        language = reader.language
        template = self._templates[language.tag][page.template]
        body = template.render(page.values, error=page.error, links=self._links(page))
        said = {"Content-Language": language.tag, **page_headers(self._issuer, page.answers_to)}
        headers = tuple((name.lower().encode(), value.encode()) for name, value in said.items())
        return Answer(page.status, body.encode(), (*headers, *reader.cookies, *page.headers))

    def _links(self, page: Page) -> tuple[Link, ...]:
        if page.here is None:
            return ()
        path, query = page.here
        return tuple(
            Link(tag, one.name, f"{path}?{urlencode({**query, 'ui_locales': tag})}")
            for tag, one in self._languages.items()
        )


def _chosen(request: Request) -> str | None:
    """From the links of a page; a query that cannot be read chooses nothing."""
    try:
        return request.params().get("ui_locales")
    except OAuthError:
        return None


def _compile(language: Language, static: Static) -> Mapping[str, Template]:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(language.words, newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    environment.filters["begin"] = begin
    environment.filters["strong"] = Markup("<strong>{}</strong>").format
    environment.globals |= {"lang": language.tag, "dir": language.direction, "static": static.path}
    return {name: environment.get_template(name) for name in environment.list_templates()}
