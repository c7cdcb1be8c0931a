#!/usr/bin/env bash
# Prints the Python that has the modules which the tests import: a Python of one's own may stand
# first on PATH and not see the modules that Debian installs for its own.
set -euo pipefail

for python in python3 /usr/bin/python3; do
    if "$python" -c 'import cryptography, selenium' 2>/dev/null; then
        command -v "$python"
        exit
    fi
done
echo "No python3 here can import cryptography and selenium." >&2
exit 1
