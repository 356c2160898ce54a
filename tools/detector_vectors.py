#!/usr/bin/env python3
"""Writes what scipy, scikit-learn and a textbook say, for the Java tests of the CUSUM and the statistics.

    python tools/detector_vectors.py --out drift/src/test/resources/detectors

Samples are sums of a fixed linear congruential generator's numbers, so that every machine writes the same files.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn.metrics import ndcg_score

# Montgomery, Introduction to Statistical Quality Control: the 30 observations of the chapter on CUSUM.
# Twenty are from N(10, 1), ten from N(11, 1).
MONTGOMERY = [
    9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.20, 10.34, 9.03, 11.47, 10.51, 9.40, 10.08,
    9.37, 10.62, 10.31, 8.52, 10.84, 10.90, 9.33, 12.29, 11.50, 10.60, 11.08, 10.38, 11.62, 11.31, 10.52,
]  # fmt: skip


def uniforms(seed: int) -> Iterator[float]:
    """Numerical Recipes' generator, in (0, 1)."""
    state = seed
    while True:
        state = (1664525 * state + 1013904223) % 2**32
        yield (state + 0.5) / 2**32


def noise(seed: int) -> Callable[[], float]:
    """Nearly normal, mean 0, deviation 1: the sum of twelve uniform numbers; four decimals, exact in JSON."""
    source = uniforms(seed)
    return lambda: round(sum(next(source) for _ in range(12)) - 6, 4)


def sample(seed: int, length: int, mean: float, deviation: float) -> list[float]:
    draw = noise(seed)
    return [round(mean + deviation * draw(), 4) for _ in range(length)]


def montgomery() -> dict[str, Any]:
    """The textbook's table, computed again: k = 1/2, mean 10, deviation 1."""
    upper, lower = [], []
    high = low = 0.0
    for x in MONTGOMERY:
        high = max(0.0, x - 10.5 + high)
        low = max(0.0, 9.5 - x + low)
        upper.append(high)
        lower.append(low)
    return {"values": MONTGOMERY, "upper": upper, "lower": lower}


def kolmogorov_cases() -> list[dict[str, Any]]:
    pairs = [
        ("equal sizes", sample(11, 20, 0, 1), sample(12, 20, 0.5, 1)),
        ("unequal sizes", sample(13, 50, 0, 1), sample(14, 7, 0, 2)),
        ("far apart", sample(15, 30, 0, 1), sample(16, 30, 9, 1)),
        ("ties", [round(x) for x in sample(17, 40, 0, 1)], [round(x) for x in sample(18, 60, 0.4, 1)]),
        ("one value each", [1.0], [2.0]),
        ("the same", [1.0, 2.0, 3.0], [1.0, 2.0, 3.0]),
        ("large", sample(19, 1500, 0, 1), sample(20, 1200, 0.1, 1)),
        ("reference and window", sample(22, 1000, 0, 1), sample(23, 500, 0.25, 1)),
    ]
    return [kolmogorov_case(*pair) for pair in pairs]


def kolmogorov_case(name: str, first: list[float], second: list[float]) -> dict[str, Any]:
    exact = stats.ks_2samp(first, second, method="exact")
    case = {"name": name, "first": first, "second": second, "statistic": float(exact.statistic)}
    n, m = len(first), len(second)
    if n * m <= 2**16:
        return case | {"pValue": float(exact.pvalue)}
    # scipy's "asymp" is Smirnov's one-sample law at a rounded size; Kolmogorov's limit is what Java computes
    limit = float(stats.kstwobign.sf(exact.statistic * math.sqrt(n * m / (n + m))))
    return case | {"pValue": limit, "exactPValue": float(exact.pvalue)}


def ranking_cases() -> list[dict[str, Any]]:
    relevance = [abs(x) for x in sample(31, 12, 0, 1)]
    scores = [abs(x) for x in sample(32, 12, 0, 1)]
    ties = [round(x, 0) for x in scores]
    cases = [(relevance, scores), (relevance, relevance), (relevance, relevance[::-1]), (relevance, ties)]
    return [
        {"relevance": r, "scores": s, "k": k, "ndcg": float(ndcg_score([r], [s], k=k))}
        for r, s in cases
        for k in (1, 3, 5, 12)
    ]


def discovery_cases() -> list[dict[str, Any]]:
    source = uniforms(41)
    lists = [
        [0.01, 0.02, 0.03, 0.04, 0.05],
        [round(next(source) ** 3, 6) for _ in range(40)],
        [0.5, 0.5, 0.001, 0.001, 1.0, 0.0],
        [0.2],
    ]
    return [{"p": p, "adjusted": [float(a) for a in stats.false_discovery_control(p)]} for p in lists]


def normal_cases() -> dict[str, list[float]]:
    at = [-12.0, -8.5, -7.1, -7.0, -5.25, -3.0, -1.0, -0.1, 0.0, 0.3, 1.5, 4.0, 7.5]
    return {"at": at, "cumulative": [float(p) for p in stats.norm.cdf(at)]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    versions = {m.__name__: m.__version__ for m in (scipy, sklearn, np)}
    write(folder / "montgomery.json", montgomery())
    write(folder / "kolmogorov_smirnov.json", kolmogorov_cases())
    write(folder / "ranking.json", ranking_cases())
    write(folder / "false_discovery.json", discovery_cases())
    write(folder / "normal.json", normal_cases())
    write(folder / "versions.json", versions)


def write(file: Path, content: Any) -> None:
    file.write_text(json.dumps(content, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
