#!/usr/bin/env python3
"""scipy and river on the rows of the drift benchmark:

    drift_peer.py FILE ROWS FEATURES REFERENCE WINDOW SHIFT_ROW RATE

FILE has little-endian float32, contributions [stream, ROWS, FEATURES]. RATE is the probability of a false alarm per
window that is asked for. SHIFT_ROW is the first row with a shift; -1: there is none. Prints, for each
peer, {name, windows seen per stream, streams: [[[rows seen, [features, clearest first]], ...] per stream]}.

The textbook: scipy's ks_2samp of every feature's window with the reference, Benjamini-Hochberg over the features, an
alarm where an adjusted p is below RATE.

KSWIN: river's, one for every feature; alpha is RATE / (FEATURES * WINDOW), for it tests after every row. Once with its
own sizes (the last 30 of 100 rows) and once with more (100 of 300). It is slow, so it sees the first streams only (the
larger one none of many features), of these what it remembers before the shift and what comes after; without a shift the
first 10 windows.
"""

from __future__ import annotations

import json
import sys
import warnings
from bisect import bisect_right
from typing import Any

import numpy as np
from river.drift import KSWIN
from scipy import stats

KSWIN_FEATURE_STREAMS = 120
KSWIN_LARGE_FEATURE_STREAMS = 40
KSWIN_LARGE_MOST_FEATURES = 5
KSWIN_QUIET_WINDOWS = 10

Alarm = tuple[int, list[int]]


class RememberedKs:
    """scipy's ks_2samp; its p-value depends on the distance and the sizes alone, and is computed once for each."""

    def __init__(self) -> None:
        self.original = stats.ks_2samp
        self.known: dict[tuple[int, int, int], Any] = {}

    def __call__(self, first: list[float], second: list[float], **options: Any) -> Any:
        n, m = len(first), len(second)
        a, b = sorted(first), sorted(second)
        distance = max(abs(bisect_right(a, x) * m - bisect_right(b, x) * n) for x in a + b)
        key = (distance, n, m)
        if key not in self.known:
            self.known[key] = self.original(first, second, **options)
        return self.known[key][0], self.known[key][1]


def textbook(rows: np.ndarray, reference: int, window: int, rate: float) -> list[Alarm]:
    alarms = []
    before = rows[:reference]
    for end in range(reference + window, len(rows) + 1, window):
        now = rows[end - window : end]
        tests = [stats.ks_2samp(before[:, k], now[:, k]) for k in range(rows.shape[1])]
        adjusted = stats.false_discovery_control([test.pvalue for test in tests])
        named = [k for k in range(rows.shape[1]) if adjusted[k] < rate]
        if named:
            alarms.append((end, sorted(named, key=lambda k: -tests[k].statistic)))
    return alarms


def kswin(rows: np.ndarray, sizes: dict[str, int], start: int, shift_row: int, window: int, rate: float) -> list[Alarm]:
    """Rows from start on; ends with the window of the first alarm after the shift."""
    features = rows.shape[1]
    detectors = [KSWIN(alpha=rate / (features * window), seed=k, **sizes) for k in range(features)]
    alarms: list[Alarm] = []
    end = len(rows)
    for i, row in enumerate(rows[start:].tolist(), start=start):
        if i >= end:
            break
        named = []
        for k, detector in enumerate(detectors):
            detector.update(row[k])
            if detector.drift_detected:
                named.append(k)
        if named:
            alarms.append((i + 1, named))
            if 0 <= shift_row <= i:
                end = min(end, i - (i - shift_row) % window + window)
    return alarms


def main() -> None:
    file = sys.argv[1]
    length, features, reference, window, shift_row = (int(word) for word in sys.argv[2:7])
    rate = float(sys.argv[7])
    streams = np.fromfile(file, dtype="<f4").reshape(-1, length, features)
    warnings.simplefilter("ignore", category=RuntimeWarning)
    windows = (length - reference) // window
    by_book = [textbook(stream, reference, window, rate) for stream in streams]
    stats.ks_2samp = RememberedKs()
    fewer = min(windows, KSWIN_QUIET_WINDOWS) if shift_row < 0 else windows

    def by_row(share: int, size: int, recent: int) -> list[list[Alarm]]:
        start = reference if shift_row < 0 else shift_row - size
        sizes = {"window_size": size, "stat_size": recent}
        seen = streams[: max(1, share // features), : reference + fewer * window]
        return [kswin(stream, sizes, start, shift_row, window, rate) for stream in seen]

    large = by_row(KSWIN_LARGE_FEATURE_STREAMS, 300, 100) if features <= KSWIN_LARGE_MOST_FEATURES else []
    print(
        json.dumps(
            [
                {"name": "ks_2samp, BH", "windows": windows, "streams": by_book},
                {"name": "KSWIN", "windows": fewer, "streams": by_row(KSWIN_FEATURE_STREAMS, 100, 30)},
                {"name": "KSWIN 100 of 300", "windows": fewer, "streams": large},
            ]
        )
    )


if __name__ == "__main__":
    main()
