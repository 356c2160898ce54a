"""Read what ``GlassBoxUMAP.save`` wrote: encoder, preprocessing and input shape.

The file is ``torch.save`` of ``{attrs, state_dict, input_dims, pca, mean}``. Where the package glass-box-umap is
installed, its own registry builds the encoder, so that encoders registered by the user work too; otherwise the two
encoders it comes with (version 0.1.0) are rebuilt here from plain PyTorch modules.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from encoder_modules import LayerNormDetached

_KEYS = ("attrs", "state_dict", "input_dims", "pca", "mean")
_ENCODER_PREFIX = "encoder."


class CheckpointError(Exception):
    """The file is not a GlassBoxUMAP checkpoint that can be read; the message says why, in one line."""


@dataclass(frozen=True)
class Checkpoint:
    """A fitted GlassBoxUMAP as a bundle needs it.

    ``mean`` (D,) and ``components`` (K, D) are float32, such that ``e = (x - mean) componentsᵀ``; ``components`` is
    None without PCA. ``encoder_shape`` is the encoder's input without the batch axis.
    """

    encoder: nn.Module
    encoder_shape: tuple[int, ...]
    feature_count: int
    output_count: int
    mean: NDArray[np.float32] | None
    components: NDArray[np.float32] | None


def read_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint. It contains pickled objects: read only files that you trust.

    Raises:
        CheckpointError: not a checkpoint, an unknown encoder, or weights that do not fit it.
    """
    state = _load(path)
    shape = tuple(int(size) for size in state["input_dims"])
    encoder = _build_encoder(state["attrs"], shape)
    weights = {
        key.removeprefix(_ENCODER_PREFIX): value
        for key, value in state["state_dict"].items()
        if key.startswith(_ENCODER_PREFIX)
    }
    try:
        encoder.load_state_dict(weights)
    except RuntimeError as cause:
        encoder_name = state["attrs"].get("encoder_name", "default")
        misfit = " ".join(str(cause).split())[:300]
        raise CheckpointError(f"{path}: the weights do not fit encoder {encoder_name!r}: {misfit}") from cause
    mean, components = _preprocessing(state["mean"], state["pca"])
    feature_count = components.shape[1] if components is not None else math.prod(shape)
    return Checkpoint(encoder.eval(), shape, feature_count, int(state["attrs"]["n_components"]), mean, components)


def _load(path: Path) -> dict[str, Any]:
    try:
        state = torch.load(path, map_location="cpu", weights_only=False)
    except FileNotFoundError as cause:
        raise CheckpointError(f"{path}: no such file") from cause
    except Exception as cause:
        reason = " ".join(str(cause).split())[:300]
        raise CheckpointError(f"{path}: cannot be read with torch.load: {type(cause).__name__}: {reason}") from cause
    missing = [key for key in _KEYS if not isinstance(state, dict) or key not in state]
    if missing:
        raise CheckpointError(f"{path}: not a GlassBoxUMAP checkpoint, it has no {missing[0]!r}")
    return state


def _preprocessing(
    mean: NDArray | None, pca: Any | None
) -> tuple[NDArray[np.float32] | None, NDArray[np.float32] | None]:
    """One mean and one matrix for ``pca.transform(x - mean)``.

    scikit-learn's PCA subtracts a mean of its own, and whitening divides each component by its standard deviation.
    """
    combined = 0.0 if mean is None else np.asarray(mean, dtype=np.float64).reshape(-1)
    if pca is None:
        return (None if mean is None else combined.astype(np.float32)), None
    components = np.asarray(pca.components_, dtype=np.float64)
    if pca.whiten:
        components = components / np.sqrt(pca.explained_variance_)[:, None]
    return (combined + pca.mean_).astype(np.float32), components.astype(np.float32)


def _build_encoder(attrs: dict[str, Any], shape: tuple[int, ...]) -> nn.Module:
    name, kwargs = attrs.get("encoder_name", "default"), attrs.get("encoder_kwargs", {})
    try:
        from glass_box_umap.parametric_umap.registry import create_encoder
    except ImportError:
        create_encoder = _rebuild_encoder
    try:
        return create_encoder(name, shape, attrs["n_components"], kwargs)
    except (TypeError, ValueError) as cause:
        reason = str(cause).splitlines()[0]
        hint = "" if name in _BUILDERS else " (--import MODULE imports what registers it)"
        raise CheckpointError(f"encoder {name!r}: {reason}{hint}") from cause


def _rebuild_encoder(name: str, shape: tuple[int, ...], outputs: int, kwargs: dict[str, Any]) -> nn.Module:
    if name not in _BUILDERS:
        raise ValueError("it needs the package glass-box-umap, and the module that registers it")
    return _BUILDERS[name](shape, outputs, **kwargs)


def _deep_prelu_net(
    shape: tuple[int, ...], outputs: int, hidden_size: int = 128, n_hidden_layers: int = 3, dropout_rate: float = 0.0
) -> nn.Module:
    layers: list[nn.Module] = []
    width = math.prod(shape)
    for i in range(n_hidden_layers):
        layers += [nn.Linear(width, hidden_size, bias=False), nn.PReLU()]
        if i < n_hidden_layers - 1:
            layers.append(LayerNormDetached(hidden_size))
        layers.append(nn.Dropout(dropout_rate))
        width = hidden_size
    layers.append(nn.Linear(hidden_size, outputs, bias=False))
    return nn.Sequential(OrderedDict(flatten=nn.Flatten(), model=nn.Sequential(*layers)))


def _conv_encoder(shape: tuple[int, ...], outputs: int, hidden_dims: list[int] | None = None) -> nn.Module:
    convolutions = nn.Sequential(
        *(nn.Conv2d(shape[0], 64, 3, stride=2, padding=1, bias=False), nn.PReLU()),
        *(nn.Conv2d(64, 64, 3, stride=2, padding=1, bias=False), nn.PReLU(), nn.Flatten()),
    )
    width = _output_width(convolutions, shape)
    mlp: list[nn.Module] = []
    for hidden in hidden_dims or [512, 512]:
        mlp += [nn.Linear(width, hidden, bias=False), nn.PReLU()]
        width = hidden
    mlp.append(nn.Linear(width, outputs, bias=False))
    return nn.Sequential(OrderedDict(conv_layers=convolutions, mlp=nn.Sequential(*mlp)))


@torch.no_grad()
def _output_width(module: nn.Module, shape: tuple[int, ...]) -> int:
    row: Tensor = torch.zeros(1, *shape)
    return module(row).numel()


_BUILDERS = {"default": _deep_prelu_net, "default_conv": _conv_encoder}
