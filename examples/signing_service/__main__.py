"""Runs the signing service: ``python -m examples.signing_service``. Its keys end with it."""

import os
import ssl

import uvicorn

from examples.signing_service.app import create
from examples.signing_service.made import Safe


def main() -> None:
    """Nobody is let in whose certificate comes from another authority."""
    uvicorn.run(
        create(Safe()),
        host="127.0.0.1",
        port=int(os.environ["SIGNER_PORT"]),
        ssl_certfile=os.environ["SIGNER_CERTIFICATE"],
        ssl_keyfile=os.environ["SIGNER_KEY"],
        ssl_ca_certs=os.environ["SIGNER_CALLERS"],
        ssl_cert_reqs=ssl.CERT_REQUIRED,
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
