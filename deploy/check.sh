#!/usr/bin/env bash
# Checks the files of this folder as far as the tools that are installed can: promtool (Debian: prometheus), amtool
# (prometheus-alertmanager), python3. Reports the checks that it skips because a tool is not installed.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"

have() {
  command -v "$1" >/dev/null || { echo "$1 is not installed: $2 is not checked" >&2; return 1; }
}

if have promtool prometheus/; then
  promtool check rules prometheus/alerts.yml
  promtool check config prometheus/prometheus.yml
  promtool test rules prometheus/alerts-test.yml
fi
if have amtool prometheus/alertmanager.yml; then
  amtool check-config prometheus/alertmanager.yml
fi
if have python3 grafana/; then
  # Also says which metrics rules and dashboard name; with an address as argument, whether they are there.
  python3 grafana/check.py "$@"
fi
