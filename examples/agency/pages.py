"""The pages of an agency: made here on the server, without script."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response

from examples.agency.fields import Language, filled
from examples.agency.model import Agency
from examples.agency.texts import TOLD, WORDS

HERE = Path(__file__).parent
CSP = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
FAULT = 400
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def language_of(request: Request) -> Language:
    """The one chosen here, else the first the browser likes of ours, else Vietnamese."""
    chosen = request.session.get("language")
    if chosen in ("vi", "en"):
        return cast("Language", chosen)
    liked = request.headers.get("accept-language", "").lower().split(",")
    known = [tag.strip()[:2] for tag in liked if tag.strip()[:2] in ("vi", "en")]
    return cast("Language", known[0]) if known else "vi"


class Pages:
    def __init__(self, agency: Agency, issuer: str) -> None:
        self._agency = agency
        self._account = f"{issuer}/account"  # where the person sees and stops what they share

    def home(self, request: Request) -> Response:
        """For who is not signed in."""
        language = language_of(request)
        agency = self._agency
        return self._page(
            request,
            "home.html",
            heading=agency.headings[language],
            lead=agency.leads[language],
        )

    def received(self, request: Request, claims: Mapping[str, Any], *, level_2: bool) -> Response:
        """The form, as it was filled; and how surely we know who filled it."""
        language = language_of(request)
        fields = filled(self._agency.fields, claims, language)
        received = sum(field.value is not None for field in fields)
        return self._page(
            request,
            "received.html",
            heading=self._agency.headings[language],
            account=self._account,
            level_2=level_2,
            fields=fields,
            filled=received,
            left=len(fields) - received,
        )

    def told(self, request: Request, what: str) -> Response:
        """One thing that happened: a name in ``TOLD``."""
        language = language_of(request)
        page = TOLD[what]
        return self._page(
            request,
            "told.html",
            page.status,
            heading=page.heading[language],
            text=page.text[language],
            again=page.again[language],
            error=what if page.status >= FAULT else None,
        )

    def _page(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:
        language = language_of(request)
        words = {name: texts[language] for name, texts in WORDS.items()}
        agency = {"id": self._agency.client_id, "name": self._agency.names[language]}
        text = _ENVIRONMENT.get_template(template).render(
            {"error": None, "agency": agency, "words": words, "language": language, **values}
        )
        return HTMLResponse(text, status, headers=HEADERS)


async def style_sheet(_: Request) -> Response:
    return FileResponse(HERE / "static" / "agency.css", headers={"Cache-Control": "max-age=300"})


async def healthz(_: Request) -> Response:
    return JSONResponse({"status": "ok"})
