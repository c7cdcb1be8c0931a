#!/usr/bin/env bash
# What can be said of the sources without running a gateway. The build comes before this.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

echo "== Format"
swift format lint --strict --parallel --recursive Package.swift Sources Tests Benchmarks
echo "formatted"

echo "== Scripts"
shellcheck .ci/run scripts/*.sh Tests/Operate/*.sh
echo "no complaint"

echo "== Tidiness, rooms and the documents' links"
scripts/swift-test.sh --filter '^TidyTests\.'
