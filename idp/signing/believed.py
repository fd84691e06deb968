"""By which keys a service may be signed to. OpenID Connect Core section 2; RFC 9068 section 4."""

from clients.model import Client

ACCESS_TOKENS = "ES256"  # what guards a resource may check them by itself


def believed(client: Client) -> frozenset[str]:
    """The algorithms by which a service may be signed to."""
    its: set[str | None] = {
        client.id_token_signed_response_alg,
        client.userinfo_signed_response_alg,
    }
    if client.protected_resource is not None:
        its |= {client.introspection_signed_response_alg, ACCESS_TOKENS}
    return frozenset(alg for alg in its if alg is not None)
