"""Templates that speak one language: each sentence is put in when a template is compiled.

To look them up anew for every page, and wrap and fill each, took longer than all the rest of it.
Sentences with variables are looked up when the page is made, as their values are only known then.
"""

from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.nodes import Call, Const, Name, Node, Template
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from idp.pages.languages import Language
from idp.pages.static import Static
from idp.pages.words.texts import apart, begin

FOLDER = Path(__file__).parent.parent / "templates"


class _Speaking(Environment):
    """Jinja's, for one language."""

    def __init__(self, language: Language) -> None:
        super().__init__(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.policies["ext.i18n.trimmed"] = True
        self.install_gettext_translations(language.words, newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
        self._sentences = _Sentences(language)

    def _generate(self, source: Template, *more: Any, **named: Any) -> str:
        """Jinja's hook for what becomes of a template before it is code."""
        return super()._generate(self._sentences.visit(source), *more, **named)


class _Sentences(NodeTransformer):
    """``_("...")``, and what ``{% trans %}`` makes of a sentence without variables."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def visit_Call(self, node: Call) -> Node:  # noqa: N802  the library's name
        self.generic_visit(node)
        match node:
            case Call(
                node=Name(name="_" | "gettext"),
                args=[Const(value=str(sentence))],
                kwargs=[],
                dyn_args=None,
                dyn_kwargs=None,
            ):
                said = self._language.gettext(sentence)
                return Const(Markup(said) % {}, lineno=node.lineno)  # noqa: S704  as Jinja does
        return node


@cache
def speaking(language: Language, static: Static) -> Environment:
    """With what every template may use, and each compiled once."""
    strong = Markup("<strong>{}</strong>")
    environment = _Speaking(language)
    bdi = partial(apart, tag=language.tag, direction=language.direction)
    environment.filters["begin"] = begin
    environment.filters["bdi"] = bdi
    environment.filters["strong"] = lambda text: strong.format(bdi(text))
    environment.globals |= {"lang": language.tag, "dir": language.direction, "static": static.path}
    return environment
