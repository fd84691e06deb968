"""An agency: what it is called, what it asks for, what its form looks like."""

from dataclasses import dataclass, field

from joserfc.jwk import ECKey

from examples.agency.fields import Field, Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """What differs between one agency and the next.

    ``claims``: those asked for one by one, beside the scopes (OpenID Connect Core section 5.5).
    """

    client_id: str
    names: Texts
    headings: Texts
    leads: Texts
    scope: str
    claims: tuple[str, ...] = ()
    fields: tuple[Field, ...]

    @property
    def cookie(self) -> str:
        """Of its own: on one machine a cookie goes to every port."""
        return f"{self.client_id}_session"


@dataclass(frozen=True, slots=True)
class Registration:
    """Where the agency answers, who its provider is, and what proves that it is the agency.

    ``credential``: a secret (``client_secret_basic``) or a key (``private_key_jwt``).
    """

    base_url: str
    issuer: str
    credential: str | ECKey = field(repr=False)
