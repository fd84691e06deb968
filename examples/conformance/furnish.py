"""What the provider needs to meet the suite; made at the first start, kept after it.

Secrets are made here and lie in files that only we can read; the suite is told them on the screen.
"""

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey

from examples.conformance.addresses import Ports
from examples.conformance.certificate import self_signed
from examples.conformance.registration import CLIENTS, text
from examples.furnish import write_private
from keys.secrets import new_secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Furnished:
    """``secrets``: of the clients by their names, and ``pairing`` of the register.

    ``keys``: the clients' private keys, by the same names.
    """

    folder: Path
    ports: Ports
    secrets: dict[str, Any]
    keys: dict[str, Any]

    @property
    def trusted(self) -> Path:
        """Whose certificates our programs trust: our own, and those of ``CONFORMANCE_CA``."""
        return self.folder / "trusted.pem"

    @property
    def registration(self) -> Path:
        return self.folder / "clients.toml"

    def environment(self) -> dict[str, str]:
        """For the provider, for its command line, and for who asks them."""
        said = {
            "DEMONSTRATION": "true",
            "ISSUER": self.ports.issuer,
            "HOST": os.environ.get("CONFORMANCE_HOST", "127.0.0.1"),
            "PORT": str(self.ports.provider),
            "METRICS_PORT": str(self.ports.metrics),
            "DATA": str(self.folder),
            "KEY_ENCRYPTION_KEY_FILE": str(self.folder / "key-encryption-key"),
            "TLS_CERTIFICATE_FILE": str(self.folder / "certificate.pem"),
            "TLS_KEY_FILE": str(self.folder / "key.pem"),
            "REGISTRATION__MODE": "open",
            "REGISTRATION__PURPOSE": "conformance",
            "REGISTRATION__REQUIRE_PKCE": "false",
            "REGISTERS__POPULATION__URL": f"http://localhost:{self.ports.register}",
            "REGISTERS__POPULATION__PAIRING_KEY": self.secrets["pairing"],
        }
        ours = {f"MOTCUA_{name}": value for name, value in said.items()}
        return {**ours, "SSL_CERT_FILE": str(self.trusted)}


def furnish(folder: Path, ports: Ports) -> Furnished:
    """Whatever is there already stays as it is."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    secrets = kept(folder / "secrets.json", (*CLIENTS, "pairing"), new_secret)
    keys = kept(folder / "client-keys.json", CLIENTS, new_key)
    if not (folder / "certificate.pem").exists():
        certificate, key = self_signed()
        write_private(folder / "key.pem", key)
        write_private(folder / "certificate.pem", certificate)
    made = Furnished(folder=folder, ports=ports, secrets=secrets, keys=keys)
    others = os.environ.get("CONFORMANCE_CA")
    known = [folder / "certificate.pem", *([Path(others)] if others else [])]
    write_private(made.trusted, "".join(path.read_text() for path in known))
    write_private(made.registration, text(secrets, keys))
    return made


def kept(path: Path, names: Iterable[str], new: Callable[[], Any]) -> dict[str, Any]:
    """Read; made and written down for whoever has none yet."""
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    missing = {name: new() for name in names if name not in found}
    if missing:
        write_private(path, json.dumps({**found, **missing}))
    return {**found, **missing}


def new_key() -> dict[str, Any]:
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    return dict(key.as_dict(private=True))
