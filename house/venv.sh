#!/bin/sh
# A virtual environment in .venv from the first Python that is new enough. Debian keeps the part of Python
# that makes one in a package of its own (python3-venv): installed here when we may, asked for when not.
set -eu

fits() { command -v "$1" >/dev/null && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

python=
for candidate in "${PYTHON:-python3.11}" python3 python3.13 python3.12; do
    if fits "$candidate"; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
    echo "Motcua needs Python 3.11 or later, and none was found on the path." >&2
    exit 1
fi

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "Python cannot make virtual environments here: install the package python$version-venv." >&2
        exit 1
    fi
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "python$version-venv" >/dev/null
fi

rm -rf .venv
"$python" -m venv .venv
