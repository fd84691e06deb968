"""openid-client and oauth4webapi, certified and not ours, in all that they can.

What they check, ours has passed: they raise at what is not as the specifications say.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey

from examples.conformance.registration import TEMPLATE, table
from house.node import NODE, install
from tests.interop.running import PACKAGES, trusting
from tests.interop.stage import NAME, Stage, through

HOME = "https://openid-client.example/callback"
Said = dict[str, dict[str, Any]]
WORTH = {"before": True, "after": False}


def conversation(stage: Stage, program: str, **said: Any) -> Said:
    """Runs it, with a person who goes where it sends them; what it said, by its steps."""
    install(PACKAGES)
    told = {"issuer": stage.issuer, "redirect_uri": HOME, **said}
    heard: Said = {}
    with (
        stage.person(home=HOME) as person,
        subprocess.Popen(
            [NODE, str(PACKAGES / program)],
            env=trusting(stage, SAID=json.dumps(told)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        assert process.stdin
        assert process.stdout
        assert process.stderr
        for line in process.stdout:
            step = json.loads(line)
            if step["step"] == "visit":
                arrived = through(person, person.go(step["address"])).where
                process.stdin.write(f"{arrived}\n")
                process.stdin.flush()
            heard[step.pop("step")] = step
        assert process.wait(30) == 0, (heard, process.stderr.read())
    return heard


def key(use: str, alg: str) -> ECKey:
    return ECKey.generate_key("P-256", {"use": use, "alg": alg}, auto_kid=True)


@pytest.mark.protocol(12, 67, 76, 98, 102)
def test_signed_and_pushed_requests_encrypted_answers_and_what_follows(
    stage: Stage, tmp_path: Path
) -> None:
    sign, encrypt = key("sig", "ES256"), key("enc", "ECDH-ES+A128KW")
    client = {
        "client_id": "my-whole",
        "client_name": "Everything",
        "agency_id": "conformance",
        "purpose_id": "conformance",
        "redirect_uris": [HOME],
        "grant_types": ["authorization_code", "refresh_token"],
        "scope": "openid profile offline_access",
        "token_endpoint_auth_method": "private_key_jwt",
        "require_pushed_authorization_requests": True,
        "require_signed_request_object": True,
        "request_object_signing_alg": "ES256",
        "id_token_encrypted_response_alg": "ECDH-ES+A128KW",
        "id_token_encrypted_response_enc": "A256GCM",
        "userinfo_signed_response_alg": "ES256",
        "userinfo_encrypted_response_alg": "ECDH-ES+A128KW",
        "userinfo_encrypted_response_enc": "A256GCM",
        "jwks": [it.as_dict(private=False) for it in (sign, encrypt)],
    }
    agency = TEMPLATE.read_text("utf-8").partition("[[purpose]]")[0]
    (tmp_path / "client.toml").write_text(agency + table("[client]", client), "utf-8")
    stage.motcua("clients", "apply", str(tmp_path / "client.toml"))

    said = conversation(
        stage,
        "openid-client.mjs",
        client_id="my-whole",
        sign=sign.as_dict(private=True),
        encrypt=encrypt.as_dict(private=True),
    )

    assert said["pushed"]["names"] == ["client_id", "request_uri"]
    assert said["tokens"]["encrypted"]
    assert said["person"] == {"name": NAME, "sub": said["tokens"]["sub"]}
    assert said["refreshed"]["other"]
    assert said["refreshed"].get("sub", said["tokens"]["sub"]) == said["tokens"]["sub"]
    types = said["introspected"].pop("types")
    assert "application/token-introspection+jwt" in types
    assert said["introspected"] == WORTH
    assert said["refused"] == {"error": "invalid_grant"}


@pytest.mark.protocol(13, 14, 15, 16)
def test_it_registers_itself_signs_in_and_goes(stage: Stage) -> None:
    said = conversation(stage, "registration.mjs")
    made = said["registered"]["made"]
    assert made["client_secret_expires_at"] == 0
    assert made["redirect_uris"] == [HOME]
    assert made["token_endpoint_auth_method"] == "client_secret_post"
    assert said["person"] == {"name": NAME}
    assert said["managed"] == {"statuses": [200, 204, 401]}


@pytest.mark.protocol(4, 12, 14, 16, 67, 76, 98, 100)
def test_oauth4webapi_registers_asks_reads_refreshes_and_goes(stage: Stage) -> None:
    said = conversation(stage, "oauth4webapi.mjs")
    assert said["registered"]["made"]["token_endpoint_auth_method"] == "private_key_jwt"
    assert said["person"] == {"name": NAME}
    assert said["refreshed"] == {"other": True}
    assert said["introspected"] == WORTH
    assert said["opened"]["header"] == {
        "alg": "ECDH-ES+A256KW",
        "enc": "A128GCM",
        "kid": "enc",
        "cty": "JWT",
        "epk": said["opened"]["header"]["epk"],
    }
    assert said["refused"] == {"error": "invalid_grant"}
    assert said["gone"] == {"status": 204}
