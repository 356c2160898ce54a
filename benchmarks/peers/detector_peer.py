#!/usr/bin/env python3
"""River's detectors on the streams of the detector benchmark: detector_peer.py FILE LENGTH FALSE_ALARM_EVERY

FILE has little-endian float64, streams of LENGTH one after the other. Prints {detector: [[places of alarms] per
stream]}. ADWIN once as river makes it and once with the same delta as ours; Page-Hinkley with thresholds in units of
the noise, which is known here (0.2), because its own defaults are for values of another size.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from river.drift import ADWIN, PageHinkley

SIGMA = 0.2


def detectors(false_alarm_every: float) -> dict[str, Callable[[], Any]]:
    return {
        "river ADWIN, δ = 0.002 (default)": ADWIN,
        f"river ADWIN, δ = 32 / {false_alarm_every:,.0f}": lambda: ADWIN(delta=32 / false_alarm_every),
        "river PageHinkley, λ = 5 σ, δ = 0.75 σ": lambda: PageHinkley(
            threshold=5 * SIGMA, delta=0.75 * SIGMA, alpha=1.0, mode="up"
        ),
    }


def alarms(detector: Any, values: list[float]) -> list[int]:
    places = []
    for i, value in enumerate(values):
        detector.update(value)
        if detector.drift_detected:
            places.append(i)
    return places


def main() -> None:
    file, length, every = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    streams = np.fromfile(file, dtype="<f8").reshape(-1, length).tolist()
    print(json.dumps({name: [alarms(make(), s) for s in streams] for name, make in detectors(every).items()}))


if __name__ == "__main__":
    main()
