#!/bin/sh
# Installs the generators of static sites, where they are missing and we may.
set -eu

missing=""
for program in hugo jekyll; do command -v $program >/dev/null || missing="$missing $program"; done
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ]; then as_root=""
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root="sudo"
    else echo "The test of recipes needs:$missing. Install them, then try again." >&2; exit 1
    fi
    echo "Installing for the test of recipes:$missing"
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get update -qq
    # shellcheck disable=SC2086  # a list of packages
    $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
cd "$(dirname "$0")"
[ node_modules/.package-lock.json -nt package-lock.json ] || { npm ci --silent --no-audit --no-fund; touch node_modules/.package-lock.json; }
