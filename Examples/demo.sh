#!/bin/bash
# Ingests the shipped fixtures into a scratch database and asks it three questions.
set -euo pipefail
cd "$(dirname "$0")/.."

binary=${LOGBOOK_BINARY:-.build/static/release/logbook}
[[ -x $binary ]] || { echo "demo: $binary is missing; run: make demo" >&2; exit 1; }
PATH=$(cd "$(dirname "$binary")" && pwd):$PATH

# The database and the configuration of this machine, if any, have no say here.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export LOGBOOK_DB=$scratch/logbook.db LOGBOOK_CONFIG=$scratch/logbook.yaml
echo "database: $LOGBOOK_DB" >"$LOGBOOK_CONFIG"

show() {
  printf '\n$ %s\n' "$*"
  "$@"
}

show ls fixtures/rotated fixtures/formats
show logbook ingest fixtures/rotated fixtures/formats
show logbook search timeout --level error
show logbook volume --by 1h --since 2026-03-02 --until 2026-03-03
show logbook status
