"""What a browser is asked to do, as JSON: WebAuthn Level 3 sections 5.4, 5.5 and 5.1.8 to 5.1.10.

Nothing here is believed when the answer comes: the policy is ``verify.py``'s.
"""

from collections.abc import Sequence
from typing import Protocol

import orjson

from idp.authentication.passkeys import RelyingParty
from idp.authentication.passkeys.challenges import LIFE
from idp.authentication.passkeys.verify import OFFERED

_TIMEOUT = LIFE // 1000  # milliseconds


class Known(Protocol):
    """A passkey that is registered."""

    @property
    def credential_id(self) -> str: ...

    @property
    def transports(self) -> str: ...


def for_sign_in(challenge: str, party: RelyingParty, known: Sequence[Known] = ()) -> str:
    """``PublicKeyCredentialRequestOptionsJSON``: one of ``known``.

    If there are none, any passkey of ours that the person chooses.
    """
    return _json(
        {
            "challenge": challenge,
            "rpId": party.rp_id,
            "timeout": _TIMEOUT,
            "userVerification": "required",
            "allowCredentials": [_known(passkey) for passkey in known],
        }
    )


def for_registration(
    challenge: str, party: RelyingParty, user: dict[str, str], known: Sequence[Known]
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


def _known(passkey: Known) -> dict[str, object]:
    transports = passkey.transports.split()
    return {"type": "public-key", "id": passkey.credential_id, "transports": transports}


def _json(value: dict[str, object]) -> str:
    return orjson.dumps(value).decode()
