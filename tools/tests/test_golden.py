"""The committed golden cases agree with a float32 evaluation of their own bundles."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

import generate
from attribution_export.layer_description import evaluate_layers
from bundle_reader import Bundle

CASES = sorted(path for path in generate.DEFAULT_OUT.iterdir() if path.is_dir())
pytestmark = pytest.mark.parametrize("folder", CASES, ids=lambda path: path.name)


def share_of_rows_off(ours: np.ndarray, reference: np.ndarray) -> float:
    """Share of rows that differ by more than 1e-4 of the row's largest value."""
    rows = len(reference)
    difference = np.abs(ours - reference).reshape(rows, -1).max(1)
    return float((difference > 1e-4 * np.abs(reference).reshape(rows, -1).max(1)).mean())


def test_torchscript_in_float32_reaches_the_reference(folder: Path):
    bundle, reference = Bundle(folder), load_file(folder / "reference.safetensors")
    encoder = bundle.encoder.eval()
    e = torch.from_numpy(bundle.preprocess(reference["x"]))
    jacobian = generate.backward_jacobian(encoder, e).numpy()
    assert share_of_rows_off(jacobian, reference["jacobian"]) <= 0.01
    assert share_of_rows_off(bundle.forward(reference["x"]), reference["z"]) <= 0.01


def test_layers_reach_the_reference(folder: Path):
    bundle, reference = Bundle(folder), load_file(folder / "reference.safetensors")
    if "layers" not in bundle.model:
        pytest.skip("the case has no layers")
    e = bundle.preprocess(reference["x"].astype(np.float64))
    z, along = evaluate_layers(bundle.model["layers"], bundle.tensors, e, e)
    assert share_of_rows_off(z, reference["z"]) <= 0.01
    assert share_of_rows_off(along, reference["reconstruction"]) <= 0.01


def test_reference_obeys_its_own_definitions(folder: Path):
    reference = load_file(folder / "reference.safetensors")
    projected = reference.get("projected", reference["jacobian"])
    contributions = reference["contributions"]
    assert contributions.shape == projected.shape
    np.testing.assert_allclose(contributions.sum(2), reference["reconstruction"], atol=1e-9)
    np.testing.assert_allclose(reference["reduced_normalized"].sum(1), 1.0)
    np.testing.assert_array_equal(reference["reduced_signed_0"], contributions[:, 0])
    summary = json.loads((folder / "reference.json").read_text())
    assert summary["exact"] == (folder.name not in ("biased", "gelu"))


def test_folder_is_small(folder: Path):
    assert sum(file.stat().st_size for file in folder.iterdir()) < 400_000
