"""The name of a session at one agency. OpenID Connect Back-Channel Logout 1.0 section 2.1.

One for each session and agency: two agencies cannot tell by it that a session is the same.
"""

from keys.secrets import keyed


def sid(key: bytes, session_id: str, agency_id: str) -> str:
    """``key``: the vault's, for ``sid``."""
    return keyed(key, f"{session_id} {agency_id}")
