"""The committed vectors are what the published implementations say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("scipy", reason="scipy is not installed (tools/requirements.txt)")

import detector_vectors as vectors

FOLDER = Path(__file__).resolve().parents[2] / "drift/src/test/resources/detectors"


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("montgomery", vectors.montgomery),
        ("ranking", vectors.ranking_cases),
        ("false_discovery", vectors.discovery_cases),
    ],
)
def test_vectors_are_written_again_the_same(name: str, write) -> None:
    committed = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))

    assert json.loads(json.dumps(write())) == committed
