#!/usr/bin/env bash
# Installs the Debian packages that are missing for the parts named, and nothing where all is there.
#
#     scripts/install-packages.sh PART…        parts: make build check test bench
#
# What matters is the command or the library, not who installed it: a Node from elsewhere will do.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packages=()

# need PACKAGE… -- CHECK…: the packages are missing if the check fails.
need() {
    local wanted=()
    while [[ "$1" != -- ]]; do
        wanted+=("$1")
        shift
    done
    shift
    "$@" >/dev/null 2>&1 || packages+=("${wanted[@]}")
}

has_postgresql_server() {
    command -v initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb'
}

# Debian keeps it where only root's PATH looks.
has_haproxy() {
    command -v haproxy || test -x /usr/sbin/haproxy
}

has_pgbench() {
    command -v pgbench || compgen -G '/usr/lib/postgresql/*/bin/pgbench'
}

need_for() {
    case "$1" in
        make) need make -- command -v make ;;
        build)
            need git -- command -v git
            need ca-certificates -- test -f /etc/ssl/certs/ca-certificates.crt
            need pkg-config -- command -v pkg-config
            need libsqlite3-dev -- pkg-config --exists sqlite3
            need libpq-dev -- pkg-config --exists libpq
            need libssl-dev -- pkg-config --exists libcrypto
            need zlib1g-dev -- pkg-config --exists zlib
            need libqrencode-dev -- pkg-config --exists libqrencode
            ;;
        check) need shellcheck -- command -v shellcheck ;;
        test)
            need postgresql -- has_postgresql_server
            need php-cli -- command -v php
            need nodejs -- command -v node
            need ruby -- command -v ruby
            need default-jdk-headless -- command -v javac
            need openssl -- command -v openssl
            need curl -- command -v curl
            need gcc libc6-dev -- command -v cc
            need prometheus -- command -v promtool
            need haproxy -- has_haproxy
            need systemd -- command -v systemd-analyze
            need iproute2 -- command -v ip
            need sqlite3 -- command -v sqlite3
            need zsh -- command -v zsh
            need fish -- command -v fish
            need man-db -- command -v man
            need groff-base -- command -v groff
            need mandoc -- command -v mandoc
            need util-linux -- command -v unshare
            need binutils -- command -v readelf
            need zbar-tools -- command -v zbarimg
            need chromium -- command -v chromium
            need chromium-driver -- command -v chromedriver
            need python3 python3-cryptography python3-selenium -- scripts/find-python.sh
            need python3-venv -- python3 -c 'import venv, ensurepip'
            ;;
        bench)
            need postgresql -- has_postgresql_server
            need postgresql-contrib -- has_pgbench
            need openssl -- command -v openssl
            need wrk -- command -v wrk
            need gcc libc6-dev -- command -v cc
            need libssl-dev -- pkg-config --exists libcrypto
            need python3-venv -- python3 -c 'import venv, ensurepip'
            need python3 python3-cryptography python3-selenium -- scripts/find-python.sh
            ;;
        *)
            echo "install-packages.sh: no part is called '$1'" >&2
            exit 2
            ;;
    esac
}

for part in "$@"; do
    need_for "$part"
done
if [[ ${#packages[@]} == 0 ]]; then
    exit
fi

echo "== Missing on this machine, for '$*': ${packages[*]}"
if ! command -v apt-get >/dev/null; then
    echo "This is no Debian: install what corresponds to these packages, then try again." >&2
    exit 1
fi
as_root=(env DEBIAN_FRONTEND=noninteractive)
if [[ "$(id -u)" != 0 ]]; then
    echo "They are installed with apt-get through sudo, which may ask for your password."
    as_root=(sudo "${as_root[@]}")
fi
"${as_root[@]}" apt-get update
"${as_root[@]}" apt-get install --yes --no-install-recommends "${packages[@]}"
