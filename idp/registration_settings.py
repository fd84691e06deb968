"""What the settings say of clients that register themselves. RFC 7591."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class RegistrationSettings(BaseModel):
    """Off, unless somebody decided otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Literal["off", "invited", "open"] = Field(
        default="off",
        description="Who may register a client over HTTP: nobody; who has an invitation that"
        " `motcua clients invite` made; anybody, which only the demonstration allows.",
    )
    purpose: str | None = Field(
        default=None,
        description="The purpose for which they may ask people's data where their invitation names"
        " none. Without a purpose they learn who somebody is, and nothing else.",
    )
    require_pkce: bool = Field(
        default=True, description="Whether those with a secret or a key must use PKCE, too."
    )
    grant_types: frozenset[Literal["authorization_code", "refresh_token"]] = Field(
        default=frozenset({"authorization_code", "refresh_token"}),
        description="The grant types that they may register, as a JSON list.",
    )
    rate: int = Field(
        default=1000, ge=1, description="How many may register in an hour without an invitation."
    )
    statement_issuers: dict[str, Path] = Field(
        default_factory=dict,
        description="Whose software statements are believed: a JSON object of issuers and files of"
        " their key sets.",
    )
