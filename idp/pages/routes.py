"""Every page, one line each. How they hang in the application: ``idp/pages/front.py``."""

from idp.pages import decide, paths, sign_in, sign_out, signed_out
from idp.pages.account import activity, devices, home, passkeys, remove_passkey, services, stop
from idp.pages.account.security import app, codes, overview, password
from idp.pages.console.routes import ROUTES as CONSOLE
from idp.pages.entry import choose, code
from idp.pages.gate.route import Route
from idp.pages.paths import ACCOUNT, CHOOSE, CODE, DEVICES, PASSKEYS, SERVICES, SIGN_IN
from oidc.endpoints.cookies import FLOW
from oidc.farewell import SIGNED_OUT

ROUTES = (
    Route("/", home.door),
    Route(SIGN_IN, sign_in.show, sign_in.submit, FLOW),
    Route(CODE, code.show, code.submit, FLOW),
    Route(CHOOSE, choose.show, choose.submit, FLOW),
    Route(decide.PATH, decide.show, decide.submit, FLOW),
    Route(ACCOUNT, home.show),
    Route(SERVICES, services.show),
    Route(stop.PATH, stop.show, stop.submit),
    Route(paths.ACTIVITY, activity.show),
    Route(activity.DOWNLOAD, activity.download),
    Route(DEVICES, devices.show, devices.end),
    Route(paths.SECURITY, overview.show),
    Route(paths.PASSWORD, password.show, password.submit),
    Route(paths.APP, app.show, app.submit),
    Route(paths.APP_REMOVE, app.ask, app.remove),
    Route(paths.CODES, codes.show, codes.submit),
    Route(PASSKEYS, passkeys.show, passkeys.submit),
    Route(remove_passkey.PATH, remove_passkey.show, remove_passkey.submit),
    Route("/sign-out", sign_out.show, sign_out.submit),
    Route(SIGNED_OUT, signed_out.show),
    *CONSOLE,
)
NOT_ALONE = {stop.PATH, activity.DOWNLOAD}  # says of what, or is no page
ACCOUNT_PAGES = frozenset(
    it.path for it in ROUTES if it.show and it.path.startswith(ACCOUNT)
).difference(NOT_ALONE)
"""To which a sign-in may lead."""
