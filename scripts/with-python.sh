#!/usr/bin/env bash
# Runs a Python program with the Python that has the modules it imports.
#
#     scripts/with-python.sh PROGRAM [ARGUMENT…]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

exec "$(scripts/find-python.sh)" "$@"
