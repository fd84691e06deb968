"""What the demonstration needs before it starts; made at the first start, kept after it.

Secrets are made here, never written in the repository, and lie in files that only we can read.
"""

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from joserfc.jwk import ECKey
from pydantic import ValidationError

from examples.addresses import CannotRun, Ports
from idp.migrations import REVISION
from idp.register_settings import RegisterSettings
from idp.settings import Settings
from keys.secrets import digest, new_secret

ENV_FILE = Path("motcua.env")
HERE = Path(__file__).parent
TEMPLATE = HERE / "agencies.toml"
PEOPLE = HERE / "people.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Furnished:
    """``folder`` holds what belongs to the agencies, and the logs."""

    settings: Settings
    register: RegisterSettings
    ports: Ports
    folder: Path

    @property
    def portal_secret(self) -> Path:
        return self.folder / "portal-secret"

    @property
    def tax_key(self) -> Path:
        return self.folder / "tax-key.pem"

    @property
    def registration(self) -> Path:
        return self.folder / "agencies.toml"

    @property
    def prepared(self) -> Path:
        return self.folder / "prepared"


def furnish(chosen: Ports) -> Furnished:
    """Whatever is there already stays as it is. Raises ``CannotRun``."""
    if not ENV_FILE.exists():
        write_private(ENV_FILE, settings_text(chosen))
    settings = read_settings()
    register = settings.registers["population"]
    ports = chosen._replace(
        provider=settings.port,
        registers=urlsplit(str(register.url)).port or chosen.registers,
        metrics=settings.metrics_port,
    )
    folder = settings.data / "demonstration"
    for path in (settings.data, folder):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = Furnished(settings=settings, register=register, ports=ports, folder=folder)
    if not made.portal_secret.exists():
        write_private(made.portal_secret, new_secret())
    if not made.tax_key.exists():
        write_private(made.tax_key, ECKey.generate_key("P-256").as_pem(private=True).decode())
    made.registration.write_text(registration_text(made), encoding="utf-8")
    return made


def settings_text(ports: Ports) -> str:
    return f"""\
# Settings of the demonstration on this machine. docs/settings.md says what each one is.
MOTCUA_DEMONSTRATION=true
MOTCUA_ISSUER={ports.url("provider")}
MOTCUA_PORT={ports.provider}
MOTCUA_METRICS_PORT={ports.metrics}
MOTCUA_KEY_ENCRYPTION_KEY_FILE=data/key-encryption-key
MOTCUA_REGISTERS__POPULATION__URL={ports.url("registers")}
MOTCUA_REGISTERS__POPULATION__PAIRING_KEY={secrets.token_urlsafe(32)}
"""


def read_settings() -> Settings:
    """Those of a demonstration, with a register; anything else is somebody's real provider."""
    try:
        settings = Settings()
    except ValidationError as error:
        named = "; ".join(f"{fault['loc']}: {fault['msg']}" for fault in error.errors())
        raise CannotRun(f"The settings in {ENV_FILE} are not right: {named}") from error
    if not settings.demonstration or "population" not in settings.registers:
        raise CannotRun(f"{ENV_FILE} is not a demonstration's: run this in another folder.")
    return settings


def registration_text(made: Furnished) -> str:
    """The template with the addresses, the secret's digest and the public key put in."""
    key = ECKey.import_key(made.tax_key.read_text("utf-8"))
    public = key.as_dict(private=False)
    return Template(TEMPLATE.read_text("utf-8")).substitute(
        PORTAL_URL=made.ports.url("portal"),
        TAX_URL=made.ports.url("tax"),
        PORTAL_SECRET_DIGEST=digest(made.portal_secret.read_text("utf-8")),
        TAX_X=public["x"],
        TAX_Y=public["y"],
        TAX_KID=key.thumbprint(),
    )


def is_prepared(made: Furnished) -> bool:
    """Whether the embedded database is there and was prepared from what we would prepare it from.

    Nobody knows so quickly about a database elsewhere.
    """
    settings, said = made.settings, made.prepared
    ours = settings.database_url is None and settings.database_path().exists()
    return ours and said.exists() and said.read_text("utf-8") == source(made)


def source(made: Furnished) -> str:
    files = (made.registration.read_bytes(), PEOPLE.read_bytes())
    return hashlib.sha256(b"".join((REVISION.encode(), *files))).hexdigest()


def write_private(path: Path, text: str) -> None:
    """Whole or not at all, and readable by us alone from its first moment."""
    draft = path.with_name(f".{path.name}.draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    draft.rename(path)
