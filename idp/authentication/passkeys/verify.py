"""Holding an answer against what is known: the library verifies, in our words and to our policy.

WebAuthn Level 3 sections 7.1 (registration) and 7.2 (authentication). The policy is the server's:
the user is verified (W-06), the algorithm was offered (W-08), no attestation is believed (W-09).
"""

from collections.abc import Callable
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import decode_credential_public_key
from webauthn.helpers.cose import COSEAlgorithmIdentifier as Alg
from webauthn.helpers.decoded_public_key_to_cryptography import decoded_public_key_to_cryptography
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    RegistrationCredential,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from idp.authentication.passkeys import PasskeyRefused, RelyingParty
from idp.authentication.passkeys.answer import LONGEST_ID, Answer, canonical, octets
from idp.authentication.passkeys.credential import Credential

T = TypeVar("T")

OFFERED = (Alg.ECDSA_SHA_256, Alg.EDDSA, Alg.RSASSA_PKCS1_v1_5_SHA_256)
SHORTEST_RSA = 2048
_WHY = {
    "Unexpected client data type": "type",
    "Unexpected client data origin": "origin",
    "Unexpected RP ID hash": "rp id",
    "User was not present": "presence",
    "User presence was required": "presence",
    "User verification is required": "verification",
    "Could not verify authentication signature": "signature",
    "Unsupported credential public key alg": "algorithm",
    "Single-device credential indicated": "backup",
}


def assertion(answer: Answer, passkey: Credential, party: RelyingParty) -> VerifiedAuthentication:
    """Proven; whether its count is greater than the last is for the caller to say, and to log."""
    credential = AuthenticationCredential(
        id=answer.credential_id,
        raw_id=octets(answer.credential_id),
        response=AuthenticatorAssertionResponse(
            client_data_json=answer.client_data,
            authenticator_data=answer.octets("authenticatorData"),
            signature=answer.octets("signature"),
        ),
    )
    verified = _in_our_words(
        verify_authentication_response,
        credential=credential,
        expected_challenge=octets(answer.challenge),
        expected_rp_id=party.rp_id,
        expected_origin=party.origin,
        credential_public_key=passkey.public_key,
        credential_current_sign_count=0,  # judged only once the signature holds
        require_user_verification=True,
    )
    if (verified.credential_device_type == "multi_device") != bool(passkey.syncable):
        raise PasskeyRefused("backup")
    return verified


def registration(answer: Answer, party: RelyingParty) -> VerifiedRegistration:
    """A new credential whose key is well formed and of an algorithm that was offered."""
    attested = answer.octets("attestationObject")
    _attestation_is_none(canonical(attested))
    credential = RegistrationCredential(
        id=answer.credential_id,
        raw_id=octets(answer.credential_id),
        response=AuthenticatorAttestationResponse(
            client_data_json=answer.client_data, attestation_object=attested
        ),
    )
    verified = _in_our_words(
        verify_registration_response,
        credential=credential,
        expected_challenge=octets(answer.challenge),
        expected_rp_id=party.rp_id,
        expected_origin=party.origin,
        require_user_verification=True,
        supported_pub_key_algs=[*OFFERED],
    )
    if verified.credential_id != credential.raw_id or len(credential.raw_id) > LONGEST_ID:
        raise PasskeyRefused("credential id")
    _well_formed(verified.credential_public_key)
    return verified


def _attestation_is_none(statement: Any) -> None:
    """None was asked for; what a device says of itself (section 6.5.4) is verified, not believed.

    Other formats would have to be held against roots that we keep no list of.
    """
    said = statement if isinstance(statement, dict) else {}
    form, about = said.get("fmt"), said.get("attStmt")
    if not isinstance(about, dict) or form not in {"none", "packed"} or "x5c" in about:
        raise PasskeyRefused("attestation")


def _well_formed(encoded: bytes) -> None:
    """On its curve, and long enough: the library looks only when a signature comes."""
    canonical(encoded)
    decoded = _in_our_words(decode_credential_public_key, encoded)
    key = _in_our_words(decoded_public_key_to_cryptography, decoded)
    if isinstance(key, RSAPublicKey):
        fits = key.key_size >= SHORTEST_RSA and decoded.alg == Alg.RSASSA_PKCS1_v1_5_SHA_256
    elif isinstance(key, EllipticCurvePublicKey):
        fits = isinstance(key.curve, SECP256R1) and decoded.alg == Alg.ECDSA_SHA_256
    else:
        fits = decoded.alg == Alg.EDDSA
    if not fits:
        raise PasskeyRefused("key")


def _in_our_words(work: Callable[..., T], *values: Any, **named: Any) -> T:
    """The library's texts repeat what came; and what is malformed raises anything."""
    try:
        return work(*values, **named)
    except Exception as error:
        text = str(error)
        why = next((word for begins, word in _WHY.items() if text.startswith(begins)), "malformed")
        raise PasskeyRefused(why) from error
