"""``python -m zoo run`` measures with the torch that it finds; ``python -m zoo table`` makes a table of the results."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from zoo.table import table


def run(arguments: argparse.Namespace) -> None:
    import torch

    import zoo.homemade
    import zoo.packages  # noqa: F401
    from zoo.measure import Limits, measure
    from zoo.specimens import SPECIMENS

    unknown = set(arguments.encoders) - SPECIMENS.keys()
    if unknown:
        sys.exit(f"zoo: no encoder has the name {', '.join(sorted(unknown))}")
    chosen = [SPECIMENS[name] for name in arguments.encoders or SPECIMENS]
    found = {}
    if arguments.encoders and arguments.out.exists():
        found = {line["name"]: line for line in json.loads(arguments.out.read_text())["encoders"]}
    limits = Limits(arguments.rows, arguments.compared, arguments.seconds)
    for specimen in chosen:
        while arguments.pause and arguments.pause.exists():
            time.sleep(5)
        with tempfile.TemporaryDirectory() as temporary:
            folder = arguments.bundles / specimen.name if arguments.bundles else Path(temporary)
            line = measure(specimen, folder, limits)
        found[specimen.name] = line
        ordered = [found[name] for name in SPECIMENS if name in found]
        result = {"torch": torch.__version__.split("+")[0], "python": sys.version.split()[0], "encoders": ordered}
        arguments.out.write_text(json.dumps(result, indent=1) + "\n")
        print(f"{specimen.name}: {summary(line)}", flush=True)


def summary(line: dict) -> str:
    for key in ("refused", "failed"):
        if key in line:
            return f"{key}: {line[key]}"
    share = line.get("contributions_share")
    return (
        f"{line['method']}, {line['engine']}; "
        f"embeddings {line['embedding_share']:.3f} ({line['embedding_error']:.1e}), "
        f"complete {line['complete_1e-4']:.3f} and {line['complete_1e-2']:.3f} ({line['completeness_error']:.1e}), "
        f"contributions {'-' if share is None else f'{share:.3f}'}, nodes {line['nodes_median']} "
        f"{line['nodes_max']}, {line['seconds']:.1f} s"
        + (f"; format 1: {line['graph_left_out']}" if line["format"] == 1 else "")
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m zoo", description=__doc__)
    commands = parser.add_subparsers(required=True)
    runs = commands.add_parser("run", help="export, explain and compare the encoders; writes results as JSON")
    runs.add_argument("encoders", nargs="*", help="names; by default all. Results of the others in OUT are kept")
    runs.add_argument("--out", type=Path, required=True, help="the JSON file of the results")
    runs.add_argument("--bundles", type=Path, help="keep the bundles here")
    runs.add_argument("--rows", type=int, default=200, help="rows to explain (200)")
    runs.add_argument("--compared", type=int, default=20, help="rows whose contributions are compared (20)")
    runs.add_argument("--seconds", type=int, default=600, help="the most that one command may take (600)")
    runs.add_argument("--pause", type=Path, help="wait before an encoder while this file exists")
    runs.set_defaults(do=run)
    tables = commands.add_parser("table", help="write results into the table of a Markdown file")
    tables.add_argument("results", nargs="+", type=Path, help="what run wrote, one file for each torch")
    tables.add_argument(
        "--into", type=Path, required=True, help="docs/zoo.md: the table between its markers is replaced"
    )
    tables.set_defaults(do=lambda given: table(given.results, given.into))
    arguments = parser.parse_args()
    arguments.do(arguments)


if __name__ == "__main__":
    main()
