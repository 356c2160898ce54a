"""Checkpoints as ``GlassBoxUMAP.save`` writes them; by the package itself where it is installed."""

import builtins
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from attribution_export import glassbox_checkpoint
from attribution_export.glassbox_checkpoint import CheckpointError, read_checkpoint
from bundle_reader import Bundle
from export_bundle import main

WIDTH, COMPONENTS = 9, 5
OPTIONS = {"hidden_size": 16, "n_hidden_layers": 3, "dropout_rate": 0.1}


@pytest.fixture
def data() -> np.ndarray:
    return np.random.default_rng(3).normal(7.0, 3.0, size=(60, WIDTH)).astype(np.float32)


@pytest.fixture
def without_package(monkeypatch):
    def refuse(name, *arguments, **keywords):
        if name.startswith("glass_box_umap"):
            raise ImportError(name)
        return original(name, *arguments, **keywords)

    original = builtins.__import__
    monkeypatch.setattr(builtins, "__import__", refuse)


def randomise_slopes_and_scales(encoder: torch.nn.Module) -> None:
    for parameter in encoder.parameters():
        if parameter.dim() == 1:
            torch.nn.init.uniform_(parameter, 0.1, 0.4)


def saved_by_the_package(data: np.ndarray, path: Path, pca: PCA | None):
    package = pytest.importorskip("glass_box_umap", reason="glass-box-umap is not installed")
    umap = package.GlassBoxUMAP(pca_components=pca and COMPONENTS, encoder_kwargs=OPTIONS).to("cpu")
    umap._mean = data.mean(axis=0)
    umap._pca = pca.fit(data - umap._mean) if pca else None
    umap._model = umap._build_model((COMPONENTS if pca else WIDTH,))
    randomise_slopes_and_scales(umap._model)
    umap.save(path)
    return umap


@pytest.mark.parametrize("pca", [None, PCA(COMPONENTS), PCA(COMPONENTS, whiten=True)], ids=["none", "pca", "whiten"])
def test_bundle_embeds_as_the_package_does(tmp_path, data, pca):
    umap = saved_by_the_package(data, tmp_path / "umap.pt", pca)
    for bundle_format in (1, 2):
        out = tmp_path / str(bundle_format)
        arguments = ["--checkpoint", tmp_path / "umap.pt", "--out", out, "--bundle-format", bundle_format]
        assert main([*map(str, arguments), "--require", "exact"]) == 0
        np.testing.assert_allclose(Bundle(out).forward(data), umap.transform(data), rtol=1e-3, atol=1e-5)
    types = [layer["type"] for layer in Bundle(tmp_path / "1").model["layers"]]
    block = ["linear", "prelu", "layer_norm_detached"]
    assert types == ["flatten", *block, *block, "linear", "prelu", "linear"]
    operators = Bundle(tmp_path / "2").operators
    assert operators.count("aten.prelu.default") == 3 and operators.count("aten.detach.default") == 2


def test_reads_a_checkpoint_without_the_package(tmp_path, data, without_package):
    torch.save(documented_state(data), tmp_path / "umap.pt")
    checkpoint = read_checkpoint(tmp_path / "umap.pt")
    assert type(checkpoint.encoder) is torch.nn.Sequential
    assert checkpoint.encoder_shape == (COMPONENTS,) and checkpoint.feature_count == WIDTH


def documented_state(data: np.ndarray) -> dict:
    encoder = glassbox_checkpoint._rebuild_encoder("default", (COMPONENTS,), 2, OPTIONS)
    mean = data.mean(axis=0)
    return {
        "attrs": {"n_components": 2, "encoder_name": "default", "encoder_kwargs": OPTIONS},
        "state_dict": {f"encoder.{key}": value for key, value in encoder.state_dict().items()},
        "input_dims": (COMPONENTS,),
        "pca": PCA(COMPONENTS).fit(data - mean),
        "mean": mean,
    }


@pytest.mark.parametrize(("name", "shape"), [("default", (WIDTH,)), ("default_conv", (1, 12, 12))])
def test_rebuilt_encoders_equal_the_package_ones(name, shape):
    registry = pytest.importorskip("glass_box_umap.parametric_umap.registry", reason="glass-box-umap is not installed")
    theirs = registry.create_encoder(name, shape, 2, {}).eval()
    randomise_slopes_and_scales(theirs)
    ours = glassbox_checkpoint._rebuild_encoder(name, shape, 2, {}).eval()
    ours.load_state_dict(theirs.state_dict())
    x = torch.randn(7, *shape)
    torch.testing.assert_close(ours(x), theirs(x))


def test_one_mean_covers_the_mean_of_the_pca_too(tmp_path, data):
    state = documented_state(data)
    state["pca"] = PCA(COMPONENTS).fit(data)  # a PCA whose own mean is far from zero
    torch.save(state, tmp_path / "umap.pt")
    checkpoint = read_checkpoint(tmp_path / "umap.pt")
    encoder_inputs = (data - checkpoint.mean) @ checkpoint.components.T
    np.testing.assert_allclose(encoder_inputs, state["pca"].transform(data - state["mean"]), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda state: state.pop("pca"), "not a GlassBoxUMAP checkpoint, it has no 'pca'"),
        (lambda state: state["attrs"].update(encoder_name="custom"), "'custom'"),
        (lambda state: state["attrs"].update(encoder_kwargs={"hidden_size": 4}), "the weights do not fit"),
        (lambda state: state["attrs"].update(encoder_kwargs={"unknown": 4}), "unknown"),
    ],
)
def test_says_why_a_checkpoint_cannot_be_read(tmp_path, data, change, message, without_package):
    state = documented_state(data)
    change(state)
    torch.save(state, tmp_path / "umap.pt")
    with pytest.raises(CheckpointError, match=message):
        read_checkpoint(tmp_path / "umap.pt")


def test_command_names_a_file_that_is_no_checkpoint(tmp_path, capsys):
    (tmp_path / "umap.pt").write_text("text")
    assert main(["--checkpoint", str(tmp_path / "umap.pt"), "--out", str(tmp_path / "bundle")]) == 4
    assert "umap.pt: cannot be read" in capsys.readouterr().err
