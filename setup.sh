#!/bin/sh
# Make the virtual environment $1 with what running and testing need. Called by `make setup`.
# PYTHON=/path/to/python3 chooses the Python; else it is the first of the usual names that will do.
set -eu
venv=$1
fits='import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'

chosen=
if [ -n "${PYTHON:-}" ]; then
    set -- "$PYTHON"
else
    set -- python3 python3.13 python3.12 python3.11
fi
for candidate in "$@"; do
    if "$candidate" -c "$fits" 2>/dev/null; then
        chosen=$candidate
        break
    fi
done
if [ -z "$chosen" ]; then
    echo "legalds needs Python 3.11 or newer with its venv module; ${PYTHON:-python3} is not." >&2
    echo "On Debian or Ubuntu: apt-get install python3-venv. Another Python: make setup PYTHON=/path/to/python3" >&2
    exit 1
fi

same='import sys; print(sys.version_info[:2], sys.base_prefix)'
if [ "$("$venv/bin/python" -c "$same" 2>/dev/null || true)" != "$("$chosen" -c "$same")" ]; then
    "$chosen" -m venv --clear "$venv"
fi
echo "Installing what legalds needs into $venv"
"$venv/bin/python" -m pip install --quiet -r requirements-dev.txt
