"""The event of an access token: its key is the token's own name."""

from consent.model import Grant
from ledger.kinds import TokenIssued


def issued(grant: Grant, jti: str, grant_type: str) -> TokenIssued:
    return TokenIssued(
        event_id=jti,
        grant_id=grant.grant_id,
        client_id=grant.client_id,
        account_id=grant.account_id,
        subject=grant.subject,
        grant_type=grant_type,
    )
