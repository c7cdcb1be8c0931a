#!/usr/bin/env bash
# Prints the Python that has the packages of Tests/requirements.txt: one of its own below
# .build, made where it is not there yet or other versions are asked for.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

requirements=Tests/requirements.txt
folder=.build/python
wanted="$(cksum <"$requirements") $("$(scripts/find-python.sh)" --version)"

# The note comes last: what was broken off is made anew.
if [[ "$(cat "$folder/wanted" 2>/dev/null)" != "$wanted" ]]; then
    echo "== Python packages for the tests, into $folder" >&2
    rm -rf "$folder"
    "$(scripts/find-python.sh)" -m venv "$folder"
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
        --requirement "$requirements" >&2
    echo "$wanted" >"$folder/wanted"
fi
echo "$PWD/$folder/bin/python"
