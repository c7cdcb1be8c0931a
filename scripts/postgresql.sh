#!/usr/bin/env bash
# Runs a command with a PostgreSQL server of its own: made for it, reached by a unix socket only, and
# gone afterwards, whether the command succeeded, failed or was interrupted.
#
#     scripts/postgresql.sh COMMAND [ARGUMENT…]
#
# The command finds the server in TEST_POSTGRESQL_URL.
set -euo pipefail

# Debian keeps the server's programs off PATH, in a folder for each version: take the newest.
programs="$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null |
    sort --version-sort | tail -n 1)"
initdb="$(PATH="${programs:+$programs:}$PATH" command -v initdb)" || {
    echo "PostgreSQL's server programs are not installed: run 'make deps'." >&2
    exit 1
}
programs="$(dirname "$(readlink -f "$initdb")")"

folder="$(mktemp -d "${TMPDIR:-/tmp}/kaunter-postgresql.XXXXXX")"

# PostgreSQL refuses to run as root, so root hands the folder and the work to `postgres`.
as_owner() { (cd "$folder" && "$@"); }
if [[ "$(id -u)" == 0 ]]; then
    chown postgres: "$folder"
    as_owner() { (cd "$folder" && runuser -u postgres -- "$@"); }
fi

remove() {
    if [[ -f "$folder/data/postmaster.pid" ]]; then
        as_owner "$programs/pg_ctl" --pgdata data --mode immediate stop >/dev/null || true
    fi
    rm -rf "$folder"
}
trap remove EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

as_owner "$programs/initdb" --pgdata data --username postgres --auth trust \
    --encoding UTF8 --locale C --no-sync >/dev/null

# Nothing here outlives the run, so nothing waits for the disk.
options="-c listen_addresses= -c unix_socket_directories='$folder' -c max_connections=300"
options+=" -c fsync=off -c full_page_writes=off"
if ! as_owner "$programs/pg_ctl" --pgdata data --log server.log --wait \
    --options "$options" start >/dev/null; then
    cat "$folder/server.log" >&2
    exit 1
fi

export TEST_POSTGRESQL_URL="postgresql:///postgres?host=$folder&user=postgres"
"$@"
