"""How an authorization request ends: with a code, or with a refusal.

RFC 6749 sections 4.1.2 and 4.1.2.1; RFC 9207 section 2. Both go only to a proven address.
"""

from clients.model import Client
from oidc.artefacts import AuthorizationCode
from oidc.authorize.acr import told
from oidc.authorize.channel import FORM_POST
from oidc.authorize.decision import Proceed
from oidc.authorize.interaction import Interaction, Interactions
from oidc.authorize.offline import allowed
from oidc.authorize.pushed import complete
from oidc.authorize.redirect import POSTED, QUERY, Redirect, Reply, prove
from oidc.authorize.request import AuthorizeRequest
from oidc.errors import OAuthError, UnknownClient
from oidc.ports import Ports
from store.micros import MINUTE

CODE_LIVES = MINUTE


async def with_code(
    request: AuthorizeRequest, client: Client, to: Proceed, ports: Ports, now: int
) -> Reply:
    """The answer that takes a code to the client."""
    known, account_id = to.session.subject, to.session.account_id
    subject = known or await ports.people.subject(account_id, client, now)
    await complete(request.mark, ports.one_time)
    code = ports.codes.issue(meaning_of(request, client, to, subject, now), now)
    return proven(request, client, ports).answer(code=code)


def meaning_of(
    request: AuthorizeRequest, client: Client, to: Proceed, subject: str, now: int
) -> AuthorizationCode:
    return AuthorizationCode(
        client_id=request.client_id,
        redirect_uri=request.redirect_uri,
        code_challenge=request.code_challenge,
        account_id=to.session.account_id,
        subject=subject,
        scope=allowed(request.scope, to.record),
        claims=request.claims,
        nonce=request.nonce,
        auth_time=to.session.auth_time,
        acr=told(request, to.session.acr),
        amr=to.session.amr,
        session_id=to.session.session_id,
        sid=to.session.sid,
        purpose_id=client.purpose_id,
        record_id=to.record.record_id if to.record else None,
        expires_at=now + CODE_LIVES,
    )


def proven(request: AuthorizeRequest, client: Client, ports: Ports) -> Redirect:
    """Proven again: while the person was reading, the registration may have changed."""
    mark = POSTED if request.response_mode == FORM_POST else QUERY
    return prove(request.redirect_uri, request.state, client, ports.config.issuer, mark)


async def client_of(request: AuthorizeRequest, ports: Ports, now: int) -> Client:
    client = await ports.clients.find(request.client_id, now)
    if client is None:
        raise UnknownClient("the client is no longer registered")
    return client


async def refused(interaction: Interaction, error: OAuthError, ports: Ports, now: int) -> Reply:
    """The person said no, or cannot: the answer that tells the client. It ends here."""
    request = interaction.request
    redirect = proven(request, await client_of(request, ports, now), ports)
    await Interactions(ports.one_time).finish(interaction)
    return redirect.refusal(error)
