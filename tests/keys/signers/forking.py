"""A program that signs, forks, and signs in both: each has opened the module for itself."""

import asyncio
import os
import sys
from pathlib import Path

from keys.signers.pkcs11 import Pkcs11


async def sign() -> None:
    keeper = Pkcs11(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), 1)
    await keeper.open()
    reference, _ = await keeper.make("ES256")
    assert len(await keeper.sign(reference, "ES256", b"message")) == 64
    await keeper.discard(reference)
    keeper.close()


if __name__ == "__main__":
    asyncio.run(sign())
    if (child := os.fork()) == 0:
        asyncio.run(sign())
        os.write(1, b"child ")
        sys.exit()
    os.waitpid(child, 0)
    asyncio.run(sign())
    os.write(1, b"parent")
