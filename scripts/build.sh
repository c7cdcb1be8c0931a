#!/usr/bin/env bash
# Builds everything, tests included, so that no later step builds a second time.
# Warnings are errors (Package.swift says so); an import that a target does not declare is one too.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

options=(--configuration "${CONFIGURATION:?run this through make}")
# A release build is an operator's: it has no tests, whose `@testable import` needs a debug build.
if [[ "$CONFIGURATION" == debug ]]; then
    options+=(--build-tests)
fi

echo "== Build ($CONFIGURATION): the first one takes some minutes"
swift build "${options[@]}" --explicit-target-dependency-import-check error
