"""Every page of the console, one line each. A form of the entry is bound to no session yet."""

from idp.pages.console import entry, join, keys, seen, sign_out, stop
from idp.pages.console.cookie import COOKIE
from idp.pages.console.paths import CONSOLE, JOIN, KEYS, PROVE, SEEN, SIGN_IN, SIGN_OUT, STOP
from idp.pages.gate.route import Route
from oidc.endpoints.cookies import FLOW

ROUTES = (
    Route(CONSOLE, keys.door),
    Route(JOIN, join.show, join.submit, FLOW),
    Route(SIGN_IN, entry.show, entry.submit, FLOW),
    Route(PROVE, entry.show_again, entry.submit_again, COOKIE),
    Route(SIGN_OUT, None, sign_out.submit, COOKIE),
    Route(KEYS, keys.show),
    Route(SEEN, seen.show),
    Route(STOP, stop.show, stop.submit, COOKIE),
)
