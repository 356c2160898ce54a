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

MODULE = "module.pt"
STATISTICS_BATCHES = 50


class TraceablePReLU(nn.Module):
    """PReLU out of operations that ``torch.func.vmap`` can batch; ``weight`` broadcasts over one batch."""

    def __init__(self, weight: Tensor, axes: int) -> None:
        """``axes`` is how many axes one row has at this place: the slopes lie along the first of them."""
        super().__init__()
        self.weight = nn.Parameter(weight.reshape(-1, *[1] * (axes - 1)) if weight.numel() > 1 else weight.reshape(()))

    def forward(self, x: Tensor) -> Tensor:
        return torch.where(x > 0, x, self.weight * x)


class TraceableBatchNorm(nn.Module):
    """``nn.BatchNorm1d`` in eval mode, which also takes the single vectors that ``vmap`` gives."""

    def __init__(self, norm: nn.BatchNorm1d) -> None:
        super().__init__()
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        self.scale = nn.Parameter(scale.detach())
        self.shift = nn.Parameter((norm.bias - norm.running_mean * scale).detach())

    def forward(self, x: Tensor) -> Tensor:
        return x * self.scale + self.shift


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


def tabular() -> nn.Module:
    """50 to 16: what a team writes for a table of numbers."""
    layers: list[nn.Module] = []
    for inputs in (50, 512, 512):
        layers += [nn.Linear(inputs, 512), nn.BatchNorm1d(512), nn.GELU(), nn.LayerNorm(512)]
    return as_trained(nn.Sequential(*layers, nn.Linear(512, 16)), 50)


class NumbersOnly(nn.Module):
    """A model of numbers and categories, without categories."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, x: Tensor) -> Tensor:
        return self.model(x, None)


def transformer() -> nn.Module:
    """30 to 8: FT-Transformer (Gorishniy et al. 2021), 2 blocks of width 64, as its authors wrote it."""
    # Here, because the other encoders are made where it is not installed.
    from rtdl_revisiting_models import FTTransformer

    options = FTTransformer.get_default_kwargs(n_blocks=2) | {"d_block": 64}
    return as_trained(NumbersOnly(FTTransformer(n_cont_features=30, cat_cardinalities=[], d_out=8, **options)), 30)


class ScviMean(nn.Module):
    """The mean of the latent variable, without the variance that the encoder of scvi-tools gives beside it."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.hidden = encoder.encoder
        self.mean = encoder.mean_encoder

    def forward(self, x: Tensor) -> Tensor:
        return self.mean(self.hidden(x))


def scvi() -> nn.Module:
    """200 to 10: the encoder of scvi-tools with two layers of 128; the same layers where it is not installed."""
    try:
        from scvi.nn import Encoder

        return as_trained(ScviMean(Encoder(200, 10, n_layers=2, n_hidden=128)), 200)
    except ModuleNotFoundError:
        layers: list[nn.Module] = []
        for inputs in (200, 128):
            layers += [nn.Linear(inputs, 128), nn.BatchNorm1d(128, momentum=0.01, eps=0.001), nn.ReLU()]
        return as_trained(nn.Sequential(*layers, nn.Linear(128, 10)), 200)


def biased(digits: Path) -> nn.Module:
    """The encoder of the digits example with a bias in every linear layer."""
    encoder = from_bundle(digits)
    for module in encoder.modules():
        if isinstance(module, nn.Linear):
            module.bias = nn.Parameter(0.1 * torch.randn(module.out_features))
    return encoder


def conv_biased() -> nn.Module:
    """(n, 1, 28, 28) to (n, 10), with PyTorch's default biases."""
    return nn.Sequential(
        *(nn.Conv2d(1, 16, 3, stride=2, padding=1), nn.ReLU(), nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.ReLU()),
        *(nn.Flatten(), nn.Linear(32 * 7 * 7, 64), nn.ReLU(), nn.Linear(64, 10)),
    )


def as_trained(encoder: nn.Module, inputs: int) -> nn.Module:
    """Gives norms weights of their own, and batch norms the statistics of normal inputs; eval mode."""
    for module in encoder.modules():
        if isinstance(module, nn.BatchNorm1d | nn.LayerNorm):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, std=0.1)
    with torch.no_grad():
        for _ in range(STATISTICS_BATCHES):
            encoder.train()(torch.randn(256, inputs))
    return encoder.eval()


def save(encoder: nn.Module, folder: Path) -> None:
    """Writes the module beside the bundle that was made of it, for ``from_bundle``."""
    torch.save(encoder, folder / MODULE)


def from_bundle(folder: Path) -> nn.Module:
    """The encoder of a bundle, ready for ``vmap``: eval mode, parameters without gradients."""
    model = json.loads((folder / "model.json").read_text("utf-8"))
    if (folder / MODULE).exists():
        encoder = _with_traceable_norms(torch.load(folder / MODULE, weights_only=False))
    elif "layers" in model:
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


def _with_traceable_norms(module: nn.Module) -> nn.Module:
    for name, child in module.named_children():
        made = TraceableBatchNorm(child) if isinstance(child, nn.BatchNorm1d) else _with_traceable_norms(child)
        setattr(module, name, made)
    return module
