"""What a browser is asked to do, as JSON: WebAuthn Level 3 sections 5.4, 5.5 and 5.1.8 to 5.1.10.

Nothing here is believed when the answer comes: the policy is ``verify.py``'s.
"""

from collections.abc import Sequence

import orjson

from idp.authentication.passkeys import RelyingParty
from idp.authentication.passkeys.challenges import LIFE
from idp.authentication.passkeys.store import Passkey
from idp.authentication.passkeys.verify import OFFERED

_TIMEOUT = LIFE // 1000  # milliseconds


def for_sign_in(challenge: str, party: RelyingParty) -> str:
    """``PublicKeyCredentialRequestOptionsJSON``: any passkey of ours that the person chooses."""
    return _json(
        {
            "challenge": challenge,
            "rpId": party.rp_id,
            "timeout": _TIMEOUT,
            "userVerification": "required",
            "allowCredentials": [],
        }
    )


def for_registration(
    challenge: str, party: RelyingParty, user: dict[str, str], known: Sequence[Passkey]
) -> str:
    """``PublicKeyCredentialCreationOptionsJSON``: no authenticator of ``known`` once more."""
    return _json(
        {
            "challenge": challenge,
            "rp": {"id": party.rp_id, "name": party.name},
            "user": user,
            "pubKeyCredParams": [{"type": "public-key", "alg": int(alg)} for alg in OFFERED],
            "timeout": _TIMEOUT,
            "attestation": "none",
            "authenticatorSelection": {
                "residentKey": "required",
                "requireResidentKey": True,
                "userVerification": "required",
            },
            "excludeCredentials": [_known(passkey) for passkey in known],
        }
    )


def _known(passkey: Passkey) -> dict[str, object]:
    transports = passkey.transports.split()
    return {"type": "public-key", "id": passkey.credential_id, "transports": transports}


def _json(value: dict[str, object]) -> str:
    return orjson.dumps(value).decode()
