"""Runs the population register on loopback: ``python -m examples.registers``."""

import json
import logging
import os
from pathlib import Path

import uvicorn

from examples.registers.access import Pairing
from examples.registers.app import create
from examples.registers.provider_keys import fetched_from

PEOPLE = Path(__file__).parent / "people.json"


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    issuer = os.environ["REGISTER_ISSUER"]
    pairing = Pairing(
        issuer=issuer,
        register_id="population",
        pairing_key=os.environ["REGISTER_PAIRING_KEY"],
        keys=fetched_from(issuer),
    )
    app = create(json.loads(PEOPLE.read_text("utf-8")), pairing, demonstration=True)
    port = int(os.environ["REGISTER_PORT"])
    uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
