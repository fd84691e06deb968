"""What the settings say of where signing keys lie, and the way there."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Literal

from pydantic import AnyUrl, BaseModel, ConfigDict, Field

from keys.signers.held import Keeper
from keys.signers.keepers import Keepers

Provider = Literal["software", "pkcs11", "remote"]


class Pkcs11Settings(BaseModel):
    """A token, through the module of its maker."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    module: Path = Field(description="The PKCS #11 module of the token's maker, a shared library.")
    token_label: str = Field(min_length=1, description="The label of the token; one has it.")
    pin_file: Path = Field(
        description="A file with the PIN of the token's user, which only this program may read."
    )
    sessions: int = Field(
        default=4, ge=1, le=64, description="Signatures made at the same time in a worker."
    )


class RemoteSettings(BaseModel):
    """A signing service that speaks as ``examples/signing_service`` does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: AnyUrl = Field(description="Where the signing service answers: https.")
    authorities_file: Path = Field(
        description="The certificate authorities, PEM, that vouch for the service: no others do."
    )
    certificate_file: Path = Field(description="The certificate, PEM, that we show the service.")
    key_file: Path = Field(description="Its private key, PEM, which only we may read.")


@asynccontextmanager
async def open_keepers(
    makes: Provider,
    patience: float,
    pkcs11: Pkcs11Settings | None,
    remote: RemoteSettings | None,
) -> AsyncIterator[Keepers]:
    """Nothing is asked of any until somebody needs a key of it."""
    keepers: list[Keeper] = []
    async with AsyncExitStack() as stack:
        if pkcs11 is not None:
            from keys.signers.pkcs11 import Pkcs11  # noqa: PLC0415  where it is needed only

            it = pkcs11
            token = Pkcs11(it.module, it.token_label, it.pin_file, it.sessions)
            stack.callback(token.close)
            keepers.append(token)
        if remote is not None:
            from keys.signers.remote import Remote  # noqa: PLC0415  likewise

            url, files = str(remote.url), (remote.authorities_file, remote.certificate_file)
            service = Remote(url, *files, remote.key_file)
            stack.push_async_callback(service.close)
            keepers.append(service)
        yield Keepers(keepers, makes=makes, patience=patience)
