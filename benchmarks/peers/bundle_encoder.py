"""A model bundle as PyTorch modules: what a Python team has in its hands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

_FILES = ("model.json", "encoder.pt", "tensors.safetensors")


class LayerNormDetached(nn.Module):
    """``scale * (x - mean) / sqrt(var + eps)`` over the last axis; the variance is a constant for the derivative."""

    def __init__(self, scale: Tensor, eps: float) -> None:
        super().__init__()
        self.scale = nn.Parameter(scale)
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        variance = x.var(dim=-1, keepdim=True, unbiased=False).detach()
        return self.scale * ((x - x.mean(dim=-1, keepdim=True)) / torch.sqrt(variance + self.eps))


class PReLU(nn.Module):
    """``nn.PReLU`` of rows (.., K): its own backward fails under ``vmap(jacrev)`` in torch 2.7."""

    def __init__(self, slopes: Tensor) -> None:
        super().__init__()
        self.slopes = nn.Parameter(slopes)

    def forward(self, x: Tensor) -> Tensor:
        return torch.where(x > 0, x, self.slopes * x)


class Residual(nn.Module):
    """``x + inner(x)``."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor) -> Tensor:
        return x + self.inner(x)


@dataclass(frozen=True)
class Bundle:
    """An encoder (n, K) -> (n, O) in eval mode without trainable parameters, and its preprocessing.

    ``mean`` and ``scale`` are (D,), ``components`` (K, D); each is None where the bundle has none.
    """

    name: str
    version: str
    fingerprint: str
    tolerance: float
    features: int
    outputs: int
    encoder: nn.Module
    mean: Tensor | None
    scale: Tensor | None
    components: Tensor | None


def load_bundle(folder: Path) -> Bundle:
    """Read a bundle folder that has a ``layers`` section."""
    model = json.loads((folder / "model.json").read_text("utf-8"))
    tensors = load_file(folder / "tensors.safetensors")
    named = {key: tensors[name] for key, name in model.get("preprocessing", {}).items()}
    encoder = _sequence(model["layers"], tensors).eval().requires_grad_(False)
    return Bundle(
        name=model["name"],
        version=model["version"],
        fingerprint=_fingerprint(folder),
        tolerance=model.get("tolerance", 1e-4),
        features=len(model["input"]["features"]),
        outputs=len(model["output"]["names"]),
        encoder=encoder,
        mean=named.get("mean"),
        scale=named.get("scale"),
        components=named.get("components"),
    )


def _sequence(layers: list[dict[str, Any]], tensors: Mapping[str, Tensor]) -> nn.Sequential:
    return nn.Sequential(*(_module(layer, tensors) for layer in layers))


def _module(layer: dict[str, Any], tensors: Mapping[str, Tensor]) -> nn.Module:
    kind = layer["type"]
    if kind == "linear":
        return _linear(tensors[layer["weight"]], tensors[layer["bias"]] if "bias" in layer else None)
    if kind == "prelu":
        return PReLU(tensors[layer["weight"]].reshape(-1))
    if kind == "layer_norm_detached":
        return LayerNormDetached(tensors[layer["scale"]], layer["eps"])
    if kind == "residual":
        return Residual(_sequence(layer["layers"], tensors))
    if kind == "leaky_relu":
        return nn.LeakyReLU(layer["negativeSlope"])
    # One row has no batch axis under vmap.
    return {"relu": nn.ReLU(), "flatten": nn.Flatten(0)}[kind]


def _linear(weight: Tensor, bias: Tensor | None) -> nn.Linear:
    module = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
    module.weight.data.copy_(weight)
    if bias is not None:
        module.bias.data.copy_(bias)
    return module


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in _FILES:
        if (folder / name).exists():
            digest.update((folder / name).read_bytes())
    return digest.hexdigest()
