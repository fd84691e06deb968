"""What the settings say of a register."""

from pydantic import AnyUrl, BaseModel, ConfigDict, Field, SecretStr


class RegisterSettings(BaseModel):
    """A register of the state that values are fetched from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: AnyUrl = Field(description="Where the register answers.")
    pairing_key: SecretStr = Field(
        min_length=32, description="Shared with this register alone: makes its pseudonyms."
    )
