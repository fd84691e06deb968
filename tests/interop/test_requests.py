"""Requests that openid-client signs, pushes, both, or keeps, at a provider that runs by itself."""

import json
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc.jwk import ECKey

from tests.interop.running import PACKAGES, node, trusting
from tests.interop.stage import Stage, through
from tests.ports import free_port

HOME = "https://asking.example"
ASKING = str(PACKAGES / "asking.mjs")
MUST: dict[str, tuple[str, ...]] = {
    "signed": ("--require-signed-request-object",),
    "pushed": ("--require-pushed-authorization-requests",),
}
SENT = {"signed": "request", "pushed": "request_uri", "fetched": "request_uri"}


@pytest.mark.protocol(98, 99, 100, 101, 102)
@pytest.mark.parametrize("how", ["signed", "pushed", "signed and pushed", "signed and fetched"])
def test_a_library_of_others_asks(how: str, stage: Stage, tmp_path: Path) -> None:
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    (tmp_path / "keys.json").write_text(json.dumps({"keys": [key.as_dict(private=False)]}))
    name = how.replace(" ", "-")
    words = ("clients", "add", name, "--agency", "conformance", "--name", "Asking")
    proof = ("--auth", "private_key_jwt", "--jwks", str(tmp_path / "keys.json"))
    place = f"https://localhost:{free_port()}/request"
    signs = ("--request-object-signing-alg", "ES256", "--request-uri", place)
    must = [word for each, said in MUST.items() if each in how for word in said]
    stage.motcua(*words, "--redirect-uri", f"{HOME}/back", *proof, *signs, *must)

    private = json.dumps(key.as_dict(private=True))
    env = trusting(stage, PRIVATE_KEY=private, PLACE=kept_at(place, stage))
    command = node(tmp_path, ASKING, stage.issuer, name, f"{HOME}/back", how)
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=tmp_path, env=env, stdin=pipe, stdout=pipe, text=True
    ) as program:
        address = said(program)["address"]
        with stage.person(HOME) as person:
            back = through(person, person.go(address)).left_for
        assert program.stdin
        program.stdin.write(f"{back}\n")
        program.stdin.flush()
        claims = said(program)

    sent = dict(parse_qsl(urlsplit(address).query))
    assert sent.keys() == {"client_id", SENT[how.rsplit(maxsplit=1)[-1]]}
    assert (claims["iss"], claims["aud"]) == (stage.issuer, name)
    assert program.returncode == 0


def kept_at(place: str, stage: Stage) -> str:
    """For where a signed request lies: a server with a certificate that the provider believes."""
    data = Path(stage.env["MOTCUA_DATA"])
    files = {"certificate": str(data / "certificate.pem"), "secret": str(data / "key.pem")}
    return json.dumps({"at": place, **files})


def said(program: "subprocess.Popen[str]") -> dict[str, Any]:
    """Its next line."""
    assert program.stdout
    return dict(json.loads(program.stdout.readline()))
