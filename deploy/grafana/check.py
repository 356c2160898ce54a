"""Checks the dashboard's queries, and that what rules and dashboard name is there.

    check.py                               parses every query, where promtool is installed
    check.py http://localhost:9090         runs every query and rule on a Prometheus, too
    check.py … http://localhost:8080/metrics   looks for every metric name in what an instance shows, too
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
DASHBOARD = HERE / "attribution-streams.json"
RULES = HERE.parent / "prometheus" / "alerts.yml"

# What Grafana puts in.
VARIABLES = {
    "$__rate_interval": "1m",
    "$__interval": "1m",
    '"$job"': '"attribution-streams"',
    '"$model"': '".*"',
    '"$instance"': '".*"',
}
# Only where something is configured, or has happened.
OPTIONAL = re.compile(r"attribution_webhook_|^up$")
METRIC = re.compile(r"\b(?:attribution|kafka|jvm|process)_[a-z_]+\b")


def filled_in(query: str) -> str:
    for name, value in VARIABLES.items():
        query = query.replace(name, value)
    if "$" in query:
        raise SystemExit(f"a variable that this script does not know: {query}")
    return query


def queries(dashboard: dict) -> dict[str, str]:
    """Every query by where it stands."""
    found = {}
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            found[f"{panel['title']} {target['refId']}"] = filled_in(target["expr"])
    for annotation in dashboard["annotations"]["list"]:
        found[annotation["name"]] = filled_in(annotation["expr"])
    return found


def names(text: str) -> set[str]:
    return set(METRIC.findall(re.sub(r'"[^"]*"', "", text)))


def parse(expressions: dict[str, str]) -> None:
    if not shutil.which("promtool"):
        print("promtool is not installed: queries are not parsed", file=sys.stderr)
        return
    # promtool parses expressions in every version only as rules.
    rules = [{"record": f"q{i}", "expr": expr} for i, expr in enumerate(expressions.values())]
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
        json.dump({"groups": [{"name": "dashboard", "rules": rules}]}, file)
        file.flush()
        subprocess.run(["promtool", "check", "rules", file.name], check=True, stdout=subprocess.DEVNULL)
    print(f"{len(expressions)} queries of the dashboard parse")


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as response:
        return response.read()


def run(prometheus: str, expressions: dict[str, str]) -> None:
    empty = []
    for place, expr in expressions.items():
        try:
            answer = fetch(f"{prometheus}/api/v1/query?{urllib.parse.urlencode({'query': expr})}")
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{place}: {error.read().decode()}") from error
        if not json.loads(answer)["data"]["result"]:
            empty.append(place)
    print(f"{len(expressions)} queries ran; without result: {', '.join(empty) or 'none'}")
    groups = json.loads(fetch(f"{prometheus}/api/v1/rules"))["data"]["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    for rule in rules:
        print(f"  {rule['name']}: {rule['health']}, {rule['state']}")
    if any(rule["health"] != "ok" for rule in rules):
        raise SystemExit("a rule cannot be evaluated")


def look(instance: str, wanted: set[str]) -> None:
    shown = names(fetch(instance).decode())
    missing = {name for name in wanted - shown if not OPTIONAL.match(name)}
    print(f"{len(wanted & shown)} of {len(wanted)} metric names are shown by {instance}")
    if missing:
        raise SystemExit(f"not shown: {', '.join(sorted(missing))}")


def main() -> None:
    dashboard = json.loads(DASHBOARD.read_text())
    ids = [panel["id"] for panel in dashboard["panels"]]
    if len(set(ids)) != len(ids):
        raise SystemExit("two panels have one id")
    expressions = queries(dashboard)
    wanted = set().union(*map(names, expressions.values()))
    wanted |= {name for line in re.findall(r"expr:.*(?:\n {10}.*)*", RULES.read_text()) for name in names(line)}
    parse(expressions)
    print(f"named by rules and dashboard: {', '.join(sorted(wanted))}")
    for url in sys.argv[1:]:
        if url.endswith("/metrics"):
            look(url, wanted)
        else:
            run(url.rstrip("/"), expressions)


if __name__ == "__main__":
    main()
