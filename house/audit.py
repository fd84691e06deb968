"""The dependency audit: what the locks pin, held against published advisories.

Three ends that must not be mistaken for one another: the service answered for every pin; it
answered, but not for all; nobody answered (it is asked first for a release that is known to be
bad). Our own list is held against the locks in any case, so that an audit never means nothing.
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from packaging.version import Version

KNOWN_BAD = "jinja2==2.4.1"
ADVISORIES = Path(__file__).with_name("advisories.toml")


def pins(locks: list[Path]) -> dict[str, str]:
    found = [re.findall(r"^([a-z0-9.-]+)==(\S+)", lock.read_text(), re.MULTILINE) for lock in locks]
    return {name: version for lock in found for name, version in lock}


def known_faults(pinned: dict[str, str], fixed: dict[str, str]) -> list[str]:
    """Pins older than the release that an advisory of our own list names."""
    faults = []
    for advisory, release in fixed.items():
        name, first_good = release.split()
        if name in pinned and Version(pinned[name]) < Version(first_good):
            faults.append(f"{name} {pinned[name]}: {advisory}, fixed in {first_good}")
    return faults


def ask(requirements: list[str], accepted: list[str]) -> list[dict[str, Any]] | None:
    """What the advisory service says of each requirement, or None when it could not be asked."""
    ignored = [word for advisory in accepted for word in ("--ignore-vuln", advisory)]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(requirements))
        file.flush()
        options = ["--format", "json", "--progress-spinner", "off", "--no-deps", "--disable-pip"]
        command = [sys.executable, "-m", "pip_audit", "-r", file.name, *options, *ignored]
        told = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        dependencies: list[dict[str, Any]] = json.loads(told.stdout)["dependencies"]
    except (ValueError, KeyError):
        return None
    return dependencies


def judge(told: list[dict[str, Any]]) -> list[str]:
    """Every advisory that was told, and every pin that nothing was told about."""
    faults = [f"{one['name']}: not audited" for one in told if "skip_reason" in one]
    for one in told:
        faults += [f"{one['name']} {one['version']}: {v['id']}" for v in one.get("vulns", ())]
    return faults


def main(locks: list[Path]) -> int:
    pinned = pins(locks)
    ours = tomllib.loads(ADVISORIES.read_text())
    faults = known_faults(pinned, ours["fixed"])
    canary = ask([KNOWN_BAD], [])
    reached = canary is not None and any(one.get("vulns") for one in canary)
    if reached:
        told = ask([f"{name}=={version}" for name, version in pinned.items()], [*ours["accepted"]])
        faults += judge(told) if told else ["the advisory service stopped answering"]
    if not pinned:
        faults.append("the locks pin nothing: nothing was audited")
    how = "the advisory service" if reached else "house/advisories.toml alone"
    print(f"Audited {len(pinned)} pins against {how}: {len(faults)} faults.")
    if not reached:
        print("No advisory service answered from here: what is newer was NOT seen.")
    print("\n".join(faults), file=sys.stderr, end="\n" if faults else "")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main([Path(lock) for lock in sys.argv[1:]]))
