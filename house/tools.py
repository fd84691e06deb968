"""Programs of others that tests and benchmarks use: found, or installed from Debian's packages.

``python -m house.tools test`` sees to the group ``test``; ``find`` is for the tests.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple


class Tool(NamedTuple):
    package: str
    group: str
    places: tuple[str, ...]
    """Names on the path, or patterns of absolute paths; the first that is there is taken."""


TOOLS = {
    "PostgreSQL": Tool("postgresql", "test", ("/usr/lib/postgresql/*/bin/postgres", "postgres")),
    "Redis": Tool("redis-server", "test", ("redis-server",)),
    "SoftHSM": Tool(
        "softhsm2",
        "test",
        (
            "/usr/lib/softhsm/libsofthsm2.so",
            "/usr/lib/*/softhsm/libsofthsm2.so",
            "/usr/local/lib/softhsm/libsofthsm2.so",
        ),
    ),
    "Chromium": Tool("chromium", "test", ("chromium", "chromium-browser", "google-chrome")),
    "fonts": Tool("fonts-dejavu-core", "test", ("/usr/share/fonts/**/*.ttf",)),
    "Apache": Tool("apache2", "test", ("/usr/sbin/apache2",)),
    "mod_auth_openidc": Tool(
        "libapache2-mod-auth-openidc", "test", ("/usr/lib/apache2/modules/mod_auth_openidc.so",)
    ),
    "wrk": Tool("wrk", "bench", ("wrk",)),
    "taskset": Tool("util-linux", "bench", ("taskset",)),
}


def find(name: str) -> Path | None:
    """Where a tool is: the program, or the library to load."""
    for place in TOOLS[name].places:
        if not place.startswith("/"):
            found = shutil.which(place)
        else:
            found = max(map(str, Path("/").glob(place[1:])), default=None)
        if found:
            return Path(found)
    return None


def in_ci() -> bool:
    """Where what cannot be had is a failure, and nothing is left out."""
    return bool(os.environ.get("CI"))


def install(packages: Iterable[str]) -> None:
    """Debian's packages, where we may install any; a failure shows when we look again."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-qq", "--no-install-recommends", *packages],
    ):
        subprocess.run(command, env=quiet, check=False, stdout=subprocess.DEVNULL)


def missing(group: str) -> list[str]:
    return [name for name, tool in TOOLS.items() if tool.group == group and find(name) is None]


def main(group: str) -> int:
    """See to a group. What cannot be had fails in CI; elsewhere what needs it is skipped."""
    absent = missing(group)
    if absent:
        print(f"Installing from Debian's packages: {', '.join(absent)}", flush=True)
        install(TOOLS[name].package for name in absent)
    absent = missing(group)
    if absent:
        packages = " ".join(TOOLS[name].package for name in absent)
        print(
            f"{', '.join(absent)} could not be had (Debian: apt-get install {packages}): "
            "what needs them is skipped.",
            file=sys.stderr,
        )
    return int(bool(absent) and in_ci())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
