"""Runs one agency on loopback. Its registration comes from the environment."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from joserfc.jwk import ECKey

from examples.agency.app import create
from examples.agency.model import Agency, Registration


def serve(agency: Agency) -> None:
    """``AGENCY_URL``, ``AGENCY_ISSUER``, ``AGENCY_CREDENTIAL`` (a file: a secret or a key)."""
    base_url = os.environ["AGENCY_URL"]
    credential = Path(os.environ["AGENCY_CREDENTIAL"]).read_text("utf-8")
    registration = Registration(
        base_url=base_url,
        issuer=os.environ["AGENCY_ISSUER"],
        credential=ECKey.import_key(credential) if credential.startswith("-----") else credential,
    )
    port = urlsplit(base_url).port or 80
    app = create(agency, registration)
    uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, log_level="warning")
