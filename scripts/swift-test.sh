#!/usr/bin/env bash
# Runs the Swift tests that are built, and prints what became of each. A run of no test is a failure.
#
#     scripts/swift-test.sh [ARGUMENT OF swift test…]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Leaves out the lines about tests that have started; one can go on over several lines. What failed
# is said once more at the end, where it is found below a crash's pages.
print_results() {
    local line is_start=false has_run=false failures=()
    while IFS= read -r line; do
        [[ "$line" == "◇ "* ]] && is_start=true
        $is_start || printf '%s\n' "$line"
        [[ "$line" == *" started." ]] && is_start=false
        [[ "$line" == *"Test run with "[1-9]* ]] && has_run=true
        [[ "$line" == "✘ Test "* || "$line" == *"Fatal error: "* ]] && failures+=("$line")
    done
    ((${#failures[@]} == 0)) || printf '== Failed:\n%s\n' "$(printf '%s\n' "${failures[@]}" | tail -40)"
    $has_run
}

swift test --skip-build --disable-xctest \
    --configuration "${CONFIGURATION:?run this through make}" "$@" 2>&1 | print_results
