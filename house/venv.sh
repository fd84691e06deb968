#!/bin/sh
# A virtual environment in .venv from the first Python that is new enough. The distribution's own comes first: it
# is built with profiles of real programs, which one that was compiled by hand seldom is, and runs a fifth faster.
# Debian keeps the part of it that makes environments in a package of its own (python3-venv): installed here when
# we may.
set -eu

candidates="${PYTHON:-/usr/bin/python3.11 /usr/bin/python3 python3.11 python3 python3.13 python3.12}"

fits() { command -v "$1" >/dev/null && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
makes_environments() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }
completed() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "python$version-venv" >/dev/null &&
        makes_environments "$1"
}

incomplete=
for candidate in $candidates; do
    fits "$candidate" || continue
    if makes_environments "$candidate" || completed "$candidate"; then
        rm -rf .venv
        exec "$candidate" -m venv .venv
    fi
    incomplete=$candidate
done
if [ -n "$incomplete" ]; then
    echo "$incomplete cannot make virtual environments: install Debian's package python3-venv." >&2
else
    echo "Motcua needs Python 3.11 or later, and none was found on the path." >&2
fi
exit 1
