#!/usr/bin/env bash
# Every test: the Swift tests on both databases, then the programs that use a running gateway.
# A part that is missing is a failure, not a part less.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

binary="$PWD/.build/${CONFIGURATION:?run this through make}/kaunter"
python="$(scripts/find-python.sh)"
passed=()

# Whatever skips its half on PostgreSQL fails.
export KAUNTER_REQUIRE_POSTGRESQL=1

echo "== Swift tests, on SQLite and on PostgreSQL"
scripts/postgresql.sh scripts/swift-test.sh
passed+=("Swift tests on both databases")

for runner in Tests/*/run.py; do
    if [[ ! -f "$runner" ]]; then
        echo "No Tests/*/run.py was found: the tests of a running gateway are missing." >&2
        exit 1
    fi
    name="$(basename "$(dirname "$runner")")"
    echo "== $name"
    scripts/postgresql.sh "$python" "$runner" --kaunter "$binary"
    passed+=("$name")
done

printf -v list '%s, ' "${passed[@]}"
echo "== All passed in ${SECONDS} s: ${list%, }"
