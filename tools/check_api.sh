#!/usr/bin/env bash
# Tests the HTTP API of a running demonstration against its OpenAPI document, with schemathesis from PyPI:
#   tools/check_api.sh          starts the demonstration, and stops it at the end
#   tools/check_api.sh URL      tests the server at this address
# Needs python3 and PyPI; says so and ends with 0 where there is none. `mvn verify` does not need it.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

work=$(mktemp -d)
demo=
finish() {
  if [ -n "$demo" ]; then
    kill "$demo" && wait "$demo" || true
  fi
  rm -rf "$work"
}
trap finish EXIT

# The version that was tried: another one may find more.
if ! { python3 -m venv "$work/venv" && "$work/venv/bin/pip" install -q schemathesis==4.32.5; } >"$work/pip" 2>&1; then
  tail -1 "$work/pip" >&2
  echo "schemathesis is not there: the HTTP API is not checked against its document" >&2
  exit 0
fi

url=${1:-}
if [ -z "$url" ]; then
  ./attribution demo --rate 50 >"$work/demo" 2>&1 &
  demo=$!
  for _ in $(seq 120); do
    url=$(grep -om1 'http://127\.0\.0\.1:[0-9]*' "$work/demo") && break
    kill -0 "$demo" || { cat "$work/demo" >&2; exit 1; }
    sleep 1
  done
fi

config=$PWD/tools/schemathesis.toml
cd "$work" # where it leaves its own files
"$work/venv/bin/st" --config-file "$config" run "$url/openapi.json" \
  --wait-for-schema 60 --max-examples "${EXAMPLES:-50}" --request-timeout 30
