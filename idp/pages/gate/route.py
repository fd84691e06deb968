"""A page and its form, as the tables of pages name them: ``idp/pages/routes.py`` and the console's.

RFC 9110 section 9.3.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from idp.pages.gate.once import once
from idp.pages.site import View
from oidc.endpoints.cookies import BROWSER


@dataclass(frozen=True, slots=True)
class Route:
    """``show`` answers GET and HEAD, ``submit`` POST, a form that is bound to ``cookie``."""

    path: str
    show: View | None = None
    submit: View | None = None
    cookie: str = BROWSER

    def views(self) -> Mapping[str, View]:
        """By method."""
        views = {"GET": self.show, "POST": self.submit and once(self.submit, self.cookie)}
        return {method: view for method, view in views.items() if view is not None}
