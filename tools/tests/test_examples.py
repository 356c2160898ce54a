"""The committed examples: data that matches the bundle, an embedding that separates the classes, exactness."""

import csv
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.neighbors import KNeighborsClassifier

from attribution_export.encoder_checks import compute_jacobian, relative_error
from bundle_reader import Bundle

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
pytestmark = pytest.mark.parametrize("name", ["wdbc", "digits"])


def read(name: str) -> tuple[Bundle, list[str], np.ndarray, np.ndarray]:
    folder = EXAMPLES / name
    with (folder / "data.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    labels = (folder / "labels.csv").read_text("utf-8").split()[1:]
    return Bundle(folder / "bundle"), header, np.array(rows, dtype=np.float32), np.array(labels)


def test_header_is_the_bundle_feature_names(name):
    bundle, header, rows, labels = read(name)
    assert header == bundle.model["input"]["features"]
    assert len(rows) == len(labels) == {"wdbc": 569, "digits": 1797}[name]


def test_embedding_separates_the_classes(name):
    bundle, _, rows, labels = read(name)
    z = bundle.forward(rows)
    assert 1.0 < np.abs(z).max() < 10.0
    assert KNeighborsClassifier(5).fit(z[::2], labels[::2]).score(z[1::2], labels[1::2]) >= 0.95


def test_encoder_is_exact_on_its_data(name):
    bundle, _, rows, _ = read(name)
    e = torch.from_numpy(bundle.preprocess(rows).astype(np.float32))
    z = bundle.encoder(e).detach()
    assert relative_error(z, compute_jacobian(bundle.encoder, e), e) < 1e-5


def test_bundle_is_small_and_has_layers(name):
    bundle, *_ = read(name)
    assert bundle.model["layers"]
    assert sum(file.stat().st_size for file in (EXAMPLES / name / "bundle").iterdir()) < 1_000_000


def test_reference_of_digits_is_of_its_data(name):
    bundle, _, rows, _ = read(name)
    if name != "digits":
        pytest.skip("has no reference")
    reference = bundle.tensors[bundle.model["reference"]]
    known = {row.tobytes() for row in rows}
    assert reference.shape == (400, 64) and all(row.tobytes() in known for row in reference)
