"""The encoders of the engine benchmark, as PyTorch modules."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from encoder_modules import LayerNormDetached, Residual


class TraceablePReLU(nn.Module):
    """PReLU out of operations that ``torch.func.vmap`` can batch; ``weight`` broadcasts over one batch."""

    def __init__(self, weight: Tensor, axes: int) -> None:
        """``axes`` is how many axes one row has at this place: the slopes lie along the first of them."""
        super().__init__()
        self.weight = nn.Parameter(weight.reshape(-1, *[1] * (axes - 1)) if weight.numel() > 1 else weight.reshape(()))

    def forward(self, x: Tensor) -> Tensor:
        return torch.where(x > 0, x, self.weight * x)


def he_linear(inputs: int, outputs: int) -> nn.Linear:
    layer = nn.Linear(inputs, outputs, bias=False)
    nn.init.normal_(layer.weight, std=(2.0 / inputs) ** 0.5)
    return layer


def deep_prelu(inputs: int, hidden: int, depth: int, outputs: int) -> nn.Module:
    """glass-box-umap's DeepPReLU net: a LayerNormDetached after every hidden layer but the last."""
    layers: list[nn.Module] = []
    for i in range(depth):
        layers += [he_linear(inputs if i == 0 else hidden, hidden), nn.PReLU()]
        if i < depth - 1:
            layers.append(LayerNormDetached(hidden))
    return nn.Sequential(*layers, he_linear(hidden, outputs))


def relu_mlp(inputs: int, hidden: int, depth: int, outputs: int) -> nn.Module:
    layers: list[nn.Module] = []
    for i in range(depth):
        layers += [he_linear(inputs if i == 0 else hidden, hidden), nn.ReLU()]
    return nn.Sequential(*layers, he_linear(hidden, outputs))


def conv_prelu() -> nn.Module:
    """(n, 1, 28, 28) to (n, 10), bias-free, one slope per channel."""
    return nn.Sequential(
        *(nn.Conv2d(1, 16, 3, stride=2, padding=1, bias=False), nn.PReLU(16)),
        *(nn.Conv2d(16, 32, 3, stride=2, padding=1, bias=False), nn.PReLU(32)),
        *(nn.Flatten(), he_linear(32 * 7 * 7, 64), nn.PReLU(), he_linear(64, 10)),
    )


def from_bundle(folder: Path) -> nn.Module:
    """The encoder of a bundle, ready for ``vmap``: eval mode, parameters without gradients."""
    model = json.loads((folder / "model.json").read_text("utf-8"))
    if "layers" in model:
        tensors = load_file(folder / "tensors.safetensors")
        encoder = nn.Sequential(*_modules(model["layers"], tensors, len(model["input"]["shape"])))
    else:
        encoder = _conv_from_torchscript(folder / "encoder.pt")
    return encoder.eval().requires_grad_(False)


def _modules(layers: list[dict[str, Any]], tensors: dict[str, Tensor], axes: int) -> list[nn.Module]:
    modules = []
    for layer in layers:
        if layer["type"] == "flatten":
            axes = 1
        modules.append(_module(layer, tensors, axes))
    return modules


def _module(layer: dict[str, Any], tensors: dict[str, Tensor], axes: int) -> nn.Module:
    match layer["type"]:
        case "flatten":
            return nn.Flatten()
        case "linear":
            return _linear(tensors[layer["weight"]], tensors.get(layer.get("bias", "")))
        case "relu":
            return nn.ReLU()
        case "leaky_relu":
            return nn.LeakyReLU(layer["negativeSlope"])
        case "prelu":
            return TraceablePReLU(tensors[layer["weight"]], axes)
        case "layer_norm_detached":
            norm = LayerNormDetached(len(tensors[layer["scale"]]), layer.get("eps", 1e-12))
            norm.scale.data = tensors[layer["scale"]]
            return norm
        case "residual":
            return Residual(nn.Sequential(*_modules(layer["layers"], tensors, axes)))
    raise ValueError(f"unknown layer {layer['type']!r}")


def _linear(weight: Tensor, bias: Tensor | None) -> nn.Linear:
    linear = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
    linear.weight.data = weight
    if bias is not None:
        linear.bias.data = bias
    return linear


def _conv_from_torchscript(path: Path) -> nn.Module:
    encoder = conv_prelu()
    state = torch.jit.load(path, "cpu").state_dict()
    encoder.load_state_dict({key: state[scripted] for key, scripted in zip(encoder.state_dict(), state, strict=True)})
    return nn.Sequential(*(_traceable(module) for module in encoder))


def _traceable(module: nn.Module) -> nn.Module:
    if not isinstance(module, nn.PReLU):
        return module
    return TraceablePReLU(module.weight.data, 3 if module.weight.numel() > 1 else 1)
