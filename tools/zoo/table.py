"""The results of one or more versions of torch as one Markdown table."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

START, END = "<!-- zoo: written by python -m zoo table -->", "<!-- zoo: end -->"

Line = dict[str, Any]


def table(results: Sequence[Path], into: Path) -> None:
    """Replace what stands between the markers of ``into``."""
    text = into.read_text()
    before, rest = text.split(START)
    _, after = rest.split(END)
    into.write_text(
        before + START + "\n" + "\n".join(render([json.loads(file.read_text()) for file in results])) + END + after
    )


def render(results: Sequence[dict[str, Any]]) -> list[str]:
    versions = [result["torch"] for result in results]
    by_name = [{line["name"]: line for line in result["encoders"]} for result in results]
    names = list(dict.fromkeys(name for lines in by_name for name in lines))
    header = [heading for heading, _ in COLUMNS]
    lines = [*_summary(versions, by_name), "", "| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    refusals = []
    for name in names:
        explained = {v: of[name] for v, of in zip(versions, by_name, strict=True) if "method" in of.get(name, {})}
        if explained:
            cells = [_both(cell, list(explained.values())) for _, cell in COLUMNS]
            if len(explained) < len(versions):
                cells[0] += f" ({', '.join(explained)} only)"
            lines.append("| " + " | ".join(cells) + " |")
        for version, of in zip(versions, by_name, strict=True):
            if name in of and version not in explained:
                refusals.append(f"| {name} | {of[name]['package']} | {version} | {_outcome(of[name])} |")
    if refusals:
        lines += ["", "| refused or failed | package | torch | message |", "|---|---|---|---|", *refusals]
    return [*lines, ""]


def _outcome(line: Line) -> str:
    text = line.get("refused") or line["failed"]
    return text.replace("|", "\\|")


def _summary(versions: Sequence[str], by_name: Sequence[dict[str, Line]]) -> list[str]:
    lines = ["| | " + " | ".join(f"torch {version}" for version in versions) + " |", "|---|" + "---|" * len(versions)]
    for heading, figure in SUMMARY:
        lines.append(f"| {heading} | " + " | ".join(figure(list(found.values())) for found in by_name) + " |")
    return lines


def _both(cell: Callable[[Line], str], found: Sequence[Line]) -> str:
    texts = list(dict.fromkeys(cell(line) for line in found))
    return " · ".join(texts)


def _share(key: str) -> Callable[[Line], str]:
    def cell(line: Line) -> str:
        value = line.get(key)
        return "–" if value is None else _percent(value)

    return cell


def _percent(value: float) -> str:
    text = f"{100 * value:.1f}".removesuffix(".0")
    return f"{text} %"


def _nodes(line: Line) -> str:
    return "–" if line["nodes_max"] is None else f"{line['nodes_median']:.0f}, {line['nodes_max']}"


def _contributions(line: Line) -> str:
    if line.get("contributions_share") is None:
        return "–"
    return _percent(line["contributions_share"]) + (" c" if line["compared_with"] == "captum" else " j")


def _rate(line: Line) -> str:
    value = line["rows_per_second"]
    return "–" if value is None else f"{value:.2g}" if value < 100 else f"{value:.0f}"


COLUMNS: list[tuple[str, Callable[[Line], str]]] = [
    ("encoder", lambda line: line["name"]),
    ("package", lambda line: line["package"]),
    ("K → O", lambda line: f"{line['inputs']} → {line['outputs']}"),
    ("method", lambda line: line["method"] + (" (format 1)" if line["format"] == 1 else "")),
    ("engine", lambda line: line["engine"]),
    ("embeddings", _share("embedding_share")),
    ("complete to 1e-4", _share("complete_1e-4")),
    ("to 1e-2", _share("complete_1e-2")),
    ("contributions", _contributions),
    ("nodes", _nodes),
    ("s", lambda line: f"{line['seconds']:.1f}"),
    ("rows/s", _rate),
]


def _explained(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if "method" in line]


def _mean(lines: Sequence[Line], key: str) -> str:
    values = [line[key] for line in lines if line.get(key) is not None]
    return f"{_percent(sum(values) / len(values))} ({len(values)} encoders)" if values else "–"


def _kind(line: Line) -> str:
    """The method; with a path what lies on it, by the exporter's reason."""
    if line["method"] != "integrated_gradients":
        return line["method"]
    if line["categories"]:
        return "indices"
    return "mixed" if "kinks" in line["reason"] else "smooth" if line["reason"] else "unknown"


def _of_kind(key: str, *kinds: str) -> Callable[[Sequence[Line]], str]:
    return lambda lines: _mean([line for line in _explained(lines) if _kind(line) in kinds], key)


def _compared(kind: str) -> Callable[[Sequence[Line]], str]:
    return lambda lines: _mean(
        [line for line in _explained(lines) if line.get("compared_with") == kind], "contributions_share"
    )


SUMMARY: list[tuple[str, Callable[[Sequence[Line]], str]]] = [
    ("encoders", lambda lines: str(len(lines))),
    ("packages", lambda lines: str(len({line["package"].split(" ")[0] for line in lines} - {"home-made"}))),
    ("explained", lambda lines: str(len(_explained(lines)))),
    ("refused", lambda lines: str(sum("refused" in line for line in lines))),
    ("failed otherwise", lambda lines: str(sum("failed" in line for line in lines))),
    ("embeddings within 1e-4 of float64, rows", lambda lines: _mean(_explained(lines), "embedding_share")),
    ("complete to 1e-4, rows: `jacobian` and `affine`", _of_kind("complete_1e-4", "jacobian", "affine")),
    ("complete to 1e-4, rows: smooth", _of_kind("complete_1e-4", "smooth")),
    ("complete to 1e-4, rows: mixed", _of_kind("complete_1e-4", "mixed")),
    ("complete to 1e-2, rows: mixed", _of_kind("complete_1e-2", "mixed")),
    ("complete to 1e-2, rows: columns of indices beside smooth parts", _of_kind("complete_1e-2", "indices")),
    ("contributions within 1e-2 of captum's, rows", _compared("captum")),
    ("contributions within 1e-2 of the float64 Jacobian's, rows", _compared("float64 Jacobian")),
]
