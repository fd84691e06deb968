"""What the settings say of the lives of signing keys."""

from contextlib import AbstractAsyncContextManager
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from idp.signing.providers import Pkcs11Settings, Provider, RemoteSettings, open_keepers
from keys.lives.policy import Policy
from keys.signers.keepers import Keepers
from store.micros import DAY, HOUR, SECOND


class KeySettings(BaseModel):
    """The policy by which keys turn: who approves it approves the rotations that it makes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rotate_days: int = Field(
        default=90, ge=7, le=730, description="How many days a key signs before its successor does."
    )
    ahead_hours: int = Field(
        default=48,
        ge=24,
        le=168,
        description="How many hours a key is shown before it may sign, so that every service has"
        " seen it; the demonstration does not wait.",
    )
    stale_percent: float = Field(
        default=1.0,
        ge=0,
        le=100,
        description="Per cent of sign-ins: where services that are known not to have fetched a key"
        " carry more of them, it does not sign yet (`motcua keys readiness`); the demonstration"
        " does not ask.",
    )
    demonstration_seconds: int | None = Field(
        default=None,
        ge=1,
        description="In the demonstration, how many seconds a key signs: to watch keys turn.",
    )

    provider: Provider = Field(
        default="software",
        description="Who makes new signing keys and keeps them: this program, sealed in its"
        " database; `pkcs11`, a token; `remote`, a signing service. A key stays where it was made.",
    )
    patience: float = Field(
        default=2.0,
        gt=0,
        description="Seconds to wait for a signature of a token or a service. Past them nothing is"
        " signed, and who asked is told to ask again (503).",
    )
    pkcs11: Pkcs11Settings | None = None
    remote: RemoteSettings | None = None

    @model_validator(mode="after")
    def who_makes_keys_is_known(self) -> Self:
        named = {"software": True, "pkcs11": self.pkcs11, "remote": self.remote}
        if not named[self.provider]:
            raise ValueError(f"provider: {self.provider}, of which the settings say nothing")
        if self.remote is not None and self.remote.url.scheme != "https":
            raise ValueError("remote.url: https")
        return self

    def keepers(self) -> AbstractAsyncContextManager[Keepers]:
        """To be entered with ``async with``."""
        return open_keepers(self.provider, self.patience, self.pkcs11, self.remote)

    def policy(self, demonstration: bool) -> Policy:
        """In micros. ``demonstration`` is a setting beside these."""
        if demonstration:
            brief = self.demonstration_seconds
            return Policy.of_demonstration(
                self.rotate_days * DAY if brief is None else brief * SECOND
            )
        return Policy(
            every=self.rotate_days * DAY,
            ahead=self.ahead_hours * HOUR,
            stale_percent=self.stale_percent,
        )
