#!/usr/bin/env python3
"""Writes what river, scipy and scikit-learn say, for the Java tests of detectors and statistics.

    python tools/detector_vectors.py --out drift/src/test/resources/detectors

Streams are sums of a fixed linear congruential generator's numbers, so that the same files come out everywhere; Java
reads them from the files.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import river
import scipy
import sklearn
from river.drift import ADWIN, KSWIN, PageHinkley
from scipy import stats
from sklearn.metrics import ndcg_score

# Montgomery, Introduction to Statistical Quality Control: the 30 observations of the chapter on CUSUM and EWMA.
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


def segments(seed: int, *levels: tuple[int, float, float]) -> list[float]:
    """One stretch of noise after another: (length, mean, deviation)."""
    draw = noise(seed)
    return [round(mean + deviation * draw(), 4) for length, mean, deviation in levels for _ in range(length)]


def streams() -> dict[str, list[float]]:
    return {
        "shift up": segments(1, (500, 0, 1), (300, 3, 1)),
        "shift down": segments(2, (400, -5, 0.1), (300, -6, 0.1)),
        "two shifts": segments(3, (400, 0.2, 0.05), (400, 0.5, 0.05), (400, 0.2, 0.05)),
        "no shift": segments(4, (1500, 10, 2)),
        "slow rise": [round(0.002 * i + 0.2 * x, 4) for i, x in enumerate(segments(5, (1200, 0, 1)))],
        "constant": [0.1] * 400,
        "bits": [float(next(source) < p) for source in [uniforms(6)] for p in [0.2] * 500 + [0.6] * 500],
    }


def adwin_cases() -> list[dict[str, Any]]:
    return [
        adwin_case(name, values, settings)
        for name, values in streams().items()
        for settings in ({}, {"delta": 0.1, "clock": 1}, {"delta": 1e-4, "clock": 8, "max_buckets": 3})
    ]


def adwin_case(name: str, values: list[float], settings: dict[str, Any]) -> dict[str, Any]:
    detector = ADWIN(**settings)
    changes, widths, widths_at_changes = [], [], []
    for i, value in enumerate(values):
        detector.update(value)
        if detector.drift_detected:
            changes.append(i)
            widths_at_changes.append(int(detector.width))
        if i % 50 == 0:
            widths.append(int(detector.width))
    return {
        "stream": name,
        "delta": detector.delta,
        "clock": detector.clock,
        "buckets": detector.max_buckets,
        "changes": changes,
        "widthsAtChanges": widths_at_changes,
        "widthsEvery50": widths,
    }


def page_hinkley_cases() -> list[dict[str, Any]]:
    settings = (
        {},
        {"threshold": 5.0, "delta": 0.1, "mode": "up"},
        {"threshold": 5.0, "delta": 0.1, "mode": "down"},
        {"threshold": 2.0, "delta": 0.05, "alpha": 1.0, "mode": "both"},
        {"threshold": 8.0, "delta": 0.5, "min_instances": 5, "alpha": 0.99},
    )
    return [page_hinkley_case(name, values, s) for name, values in streams().items() for s in settings]


def page_hinkley_case(name: str, values: list[float], settings: dict[str, Any]) -> dict[str, Any]:
    detector = PageHinkley(**settings)
    changes = []
    for i, value in enumerate(values):
        detector.update(value)
        if detector.drift_detected:
            changes.append(i)
    return {
        "stream": name,
        "delta": detector.delta,
        "threshold": detector.threshold,
        "alpha": detector.alpha,
        "minimum": detector.min_instances,
        "mode": detector.mode,
        "changes": changes,
    }


def montgomery() -> dict[str, Any]:
    """The textbook's tables, computed again: k = 1/2, h = 5; λ = 0.1, L = 2.7; mean 10, deviation 1."""
    upper, lower, ewma, limits = [], [], [], []
    high = low = 0.0
    average = 10.0
    for i, x in enumerate(MONTGOMERY, start=1):
        high = max(0.0, x - 10.5 + high)
        low = max(0.0, 9.5 - x + low)
        average = 0.1 * x + 0.9 * average
        upper.append(high)
        lower.append(low)
        ewma.append(average)
        limits.append(2.7 * math.sqrt(0.1 / 1.9 * (1 - 0.9 ** (2 * i))))
    return {"values": MONTGOMERY, "upper": upper, "lower": lower, "ewma": ewma, "halfWidths": limits}


def kolmogorov_cases() -> list[dict[str, Any]]:
    samples = [
        ("equal sizes", segments(11, (20, 0, 1)), segments(12, (20, 0.5, 1))),
        ("unequal sizes", segments(13, (50, 0, 1)), segments(14, (7, 0, 2))),
        ("far apart", segments(15, (30, 0, 1)), segments(16, (30, 9, 1))),
        ("ties", [round(x) for x in segments(17, (40, 0, 1))], [round(x) for x in segments(18, (60, 0.4, 1))]),
        ("one value each", [1.0], [2.0]),
        ("the same", [1.0, 2.0, 3.0], [1.0, 2.0, 3.0]),
        ("large", segments(19, (1500, 0, 1)), segments(20, (1200, 0.1, 1))),
        ("reference and window", segments(22, (1000, 0, 1)), segments(23, (500, 0.25, 1))),
    ]
    cases = [kolmogorov_case(*sample) for sample in samples]
    return cases + kswin_cases()


def kolmogorov_case(name: str, first: list[float], second: list[float]) -> dict[str, Any]:
    exact = stats.ks_2samp(first, second, method="exact")
    case = {"name": name, "first": first, "second": second, "statistic": float(exact.statistic)}
    n, m = len(first), len(second)
    if n * m <= 2**16:
        return case | {"pValue": float(exact.pvalue)}
    # scipy's "asymp" is Smirnov's one-sample law at a rounded size; Kolmogorov's limit is what Java computes
    limit = float(stats.kstwobign.sf(exact.statistic * math.sqrt(n * m / (n + m))))
    return case | {"pValue": limit, "exactPValue": float(exact.pvalue)}


def kswin_cases() -> list[dict[str, Any]]:
    """The samples that river's KSWIN compares in a stream with a shift, every fortieth time."""
    compared: list[tuple[list[float], list[float]]] = []
    original = stats.ks_2samp

    def spy(first: list[float], second: list[float], **options: Any) -> Any:
        compared.append((list(first), list(second)))
        return original(first, second, **options)

    stats.ks_2samp = spy
    try:
        detector = KSWIN(alpha=0.001, seed=7)
        for value in segments(21, (250, 0, 1), (150, 2, 1)):
            detector.update(value)
    finally:
        stats.ks_2samp = original
    return [kolmogorov_case(f"kswin {i}", *pair) for i, pair in enumerate(compared) if i % 40 == 0]


def ranking_cases() -> list[dict[str, Any]]:
    relevance = [abs(x) for x in segments(31, (12, 0, 1))]
    scores = [abs(x) for x in segments(32, (12, 0, 1))]
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
    versions = {m.__name__: m.__version__ for m in (river, scipy, sklearn, np)}
    write(folder / "streams.json", streams())
    write(folder / "adwin.json", adwin_cases())
    write(folder / "page_hinkley.json", page_hinkley_cases())
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
