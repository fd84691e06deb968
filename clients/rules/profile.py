"""What is weaker than a profile cannot be registered beside it.

FAPI 2.0 Security Profile section 5.3.2.1.
"""

from collections.abc import Iterator

from clients.model import Client


def fapi2(client: Client) -> Iterator[str]:
    """What the profile means today; bound tokens are not there yet.

    Its statements name the issuer alone (``oidc/client_auth/assertion.py``), and what is
    weaker than the profile cannot be registered beside it.
    """
    if client.profile != "fapi2":
        return
    if client.token_endpoint_auth_method != "private_key_jwt":
        yield "the profile fapi2 needs private_key_jwt."
    algs = {
        client.id_token_signed_response_alg,
        client.introspection_signed_response_alg,
        client.userinfo_signed_response_alg,
        client.token_endpoint_auth_signing_alg,
    }
    if "RS256" in algs:
        yield "the profile fapi2 does not allow RS256."
    if not client.require_pkce:
        yield "the profile fapi2 needs require_pkce."
    if not client.require_pushed_authorization_requests:
        yield "the profile fapi2 needs require_pushed_authorization_requests."
    if client.request_object_signing_alg == "RS256":
        yield "the profile fapi2 takes no request object signed with RS256."
