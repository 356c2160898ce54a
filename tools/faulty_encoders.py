#!/usr/bin/env python3
"""Write the bundles that the tests of the diagnosis read: one injected fault each, and healthy ones.

Usage: PYTHONHASHSEED=0 python tools/faulty_encoders.py [--out FOLDER] [--seed N] [--sizes 12,20,2] [--all] [name ...]

A folder is called ``<expected cause>-<variant>``; ``none`` stands for healthy and ``unknown`` for faults that must not
be given one of the names. ``rows.csv`` holds raw feature rows as a stream would bring them. With other seeds and sizes
the same faults are injected into other random encoders, with --all also those that are not committed: for a
confusion table. PyTorch 2.7.1.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from torch import Tensor, nn

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tools")]
from attribution_export.layer_description import describe_layers
from attribution_export.torchscript import write_torchscript
from encoder_modules import LayerNormDetached, Residual

ROWS_OF_DIGITS = 24
DEFAULT_OUT = ROOT / "engine" / "src" / "test" / "resources" / "diagnosis"
DIGITS = ROOT / "examples" / "digits"
ROWS = 32


@dataclass
class Sizes:
    inputs: int = 12
    hidden: int = 20
    outputs: int = 2


@dataclass
class Case:
    """An encoder, whether it is described by layers as well, and which preprocessing the bundle has."""

    encoder: nn.Module
    mean: bool = True
    scale: bool = True
    components: bool = False
    layers: bool = False
    freeze: bool = False
    trace: bool = False


@dataclass
class Data:
    """Raw rows (n, D) with means far from 0 in units of their spread, as pixels and measurements have."""

    mean: Tensor
    spread: Tensor
    sizes: Sizes
    rows: Tensor = field(init=False)

    def __post_init__(self) -> None:
        self.rows = self.mean + self.spread * torch.randn(ROWS, self.sizes.inputs)

    @property
    def centre(self) -> Tensor:
        """The mean of encoder inputs that were scaled and not centred."""
        return self.mean / self.spread


# --- modules ---------------------------------------------------------------------------------------------------------


class Centred(nn.Module):
    """Subtracts a mean inside the encoder."""

    def __init__(self, mean: Tensor, inner: nn.Module) -> None:
        super().__init__()
        self.register_buffer("mean", mean.clone())
        self.inner = inner

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x - self.mean)


class LiveLayerNorm(nn.Module):
    """LayerNormDetached whose author forgot to detach."""

    def __init__(self, width: int, eps: float = 1e-12) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        centred = x - x.mean(dim=-1, keepdim=True)
        return self.scale * centred / torch.sqrt(centred.pow(2).mean(dim=-1, keepdim=True) + self.eps)


class UnitLength(nn.Module):
    """Divides by the length, which is no variance."""

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.normalize(x, dim=-1)


class HandWrittenGelu(nn.Module):
    """The tanh form of GELU; its code shows a tanh, but it does not saturate."""

    def forward(self, x: Tensor) -> Tensor:
        return 0.5 * x * (1.0 + torch.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))


class Gated(nn.Module):
    """x·sigmoid(x); its code shows a sigmoid, but it does not saturate."""

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.sigmoid(x)


class Half(nn.Module):
    """Computes everything in a 16-bit format."""

    def __init__(self, inner: nn.Module, bfloat16: bool) -> None:
        super().__init__()
        self.inner = inner.to(torch.bfloat16 if bfloat16 else torch.float16)
        self.bfloat16 = bfloat16

    def forward(self, x: Tensor) -> Tensor:
        narrow = x.to(torch.bfloat16) if self.bfloat16 else x.to(torch.float16)
        return self.inner(narrow).to(torch.float32)


class Rounded(nn.Module):
    """Rounds to a 16-bit format and back."""

    def __init__(self, bfloat16: bool) -> None:
        super().__init__()
        self.bfloat16 = bfloat16

    def forward(self, x: Tensor) -> Tensor:
        return (x.to(torch.bfloat16) if self.bfloat16 else x.to(torch.float16)).to(torch.float32)


def linear(inputs: int, outputs: int, bias: float = 0.0) -> nn.Linear:
    layer = nn.Linear(inputs, outputs, bias=bias != 0.0)
    nn.init.normal_(layer.weight, std=(2.0 / inputs) ** 0.5)
    if bias != 0.0:
        nn.init.normal_(layer.bias, std=bias)
    return layer


def prelu() -> nn.Module:
    layer = nn.PReLU()
    nn.init.uniform_(layer.weight, 0.1, 0.4)
    return layer


def layer_norm(width: int) -> nn.Module:
    layer = LayerNormDetached(width)
    nn.init.uniform_(layer.scale, 0.5, 1.8)
    return layer


def mlp(
    s: Sizes,
    *,
    bias: tuple[float, float, float] = (0.0, 0.0, 0.0),
    act: Callable[[], nn.Module] = prelu,
    norms: tuple[Callable[[int], nn.Module] | None, Callable[[int], nn.Module] | None] = (None, None),
    between: Callable[[], nn.Module] | None = None,
) -> nn.Module:
    """inputs, hidden, hidden, outputs; ``norms`` follow the activations, ``between`` follows the second layer."""
    first, second = norms
    return nn.Sequential(
        *(linear(s.inputs, s.hidden, bias[0]), act(), *([first(s.hidden)] if first else [])),
        *(linear(s.hidden, s.hidden, bias[1]), act(), *([second(s.hidden)] if second else [])),
        *([between()] if between else []),
        linear(s.hidden, s.outputs, bias[2]),
    )


NORMS = (layer_norm, layer_norm)


def live(width: int) -> nn.Module:
    return LiveLayerNorm(width)


def affine_layer_norm(width: int) -> nn.Module:
    layer = nn.LayerNorm(width)
    nn.init.uniform_(layer.weight, 0.5, 1.8)
    nn.init.normal_(layer.bias, std=0.3)
    return layer


def batch_norm(width: int) -> nn.Module:
    layer = nn.BatchNorm1d(width)
    layer.running_mean.normal_(std=0.5)
    layer.running_var.uniform_(0.5, 2.0)
    return layer


# --- cases -----------------------------------------------------------------------------------------------------------


def cases(s: Sizes, data: Data) -> dict[str, Callable[[], Case]]:
    normed = NORMS
    found: dict[str, Callable[[], Case]] = {
        "none-plain": lambda: Case(mlp(s), layers=True),
        "none-normed": lambda: Case(mlp(s, norms=normed), layers=True),
        "none-torchscript": lambda: Case(mlp(s, norms=normed), trace=True),
        "none-pca": lambda: Case(mlp(s), components=True),
        "none-uncentred": lambda: Case(mlp(s, norms=normed), mean=False),
        "none-residual": lambda: Case(
            nn.Sequential(
                linear(s.inputs, s.hidden),
                Residual(mlp(Sizes(s.hidden, s.hidden, s.hidden), norms=normed)),
                linear(s.hidden, s.outputs),
            )
        ),
        "none-maxpool": lambda: Case(
            nn.Sequential(
                linear(s.inputs, 2 * s.hidden),
                nn.Unflatten(1, (1, 2 * s.hidden)),
                nn.MaxPool1d(2),
                nn.Flatten(),
                linear(s.hidden, s.outputs),
            )
        ),
    }
    sizes_of_bias = {"1e3": 1e-3, "1e2": 1e-2, "1e1": 1e-1, "1": 1.0}
    for label, size in sizes_of_bias.items():
        for where in range(3):
            at = tuple(size if i == where else 0.0 for i in range(3))
            place = ("first", "middle", "last")[where]
            found[f"bias_present-{place}-{label}"] = lambda at=at: Case(mlp(s, bias=at))
            found[f"bias_present-normed-{place}-{label}"] = lambda at=at: Case(mlp(s, bias=at, norms=normed))
    all_biases = (0.1, 0.1, 0.1)
    found |= {
        "bias_present-layers": lambda: Case(mlp(s, bias=all_biases, norms=normed), layers=True),
        "bias_present-uncentred": lambda: Case(mlp(s, bias=all_biases), mean=False),
        "bias_present-traced": lambda: Case(mlp(s, bias=all_biases, norms=normed), trace=True),
        "bias_present-batch-norm": lambda: Case(mlp(s, norms=(batch_norm, None))),
        "bias_present-narrow": lambda: Case(
            nn.Sequential(linear(s.inputs, 5, 0.1), prelu(), linear(5, s.outputs)), mean=False
        ),
        # The encoder subtracts the mean itself.
        "mean_not_subtracted-inside": lambda: Case(Centred(data.centre, mlp(s)), mean=False),
        "mean_not_subtracted-inside-normed": lambda: Case(Centred(data.centre, mlp(s, norms=normed)), mean=False),
        "mean_not_subtracted-raw": lambda: Case(
            Centred(data.mean, nn.Sequential(_inverse_scale(s, data), mlp(s, norms=normed))), mean=False, scale=False
        ),
        "mean_not_subtracted-traced": lambda: Case(Centred(data.centre, mlp(s)), mean=False, trace=True),
        "mean_not_subtracted-twice": lambda: Case(Centred(data.centre, mlp(s, norms=normed))),
        "mean_not_subtracted-folded": lambda: Case(_folded_mean(s, data), mean=False),
        # The variance takes part in the derivative.
        "variance_not_detached-first": lambda: Case(mlp(s, norms=(live, layer_norm))),
        "variance_not_detached-last": lambda: Case(mlp(s, norms=(layer_norm, live))),
        "variance_not_detached-all": lambda: Case(mlp(s, norms=(live, live))),
        "variance_not_detached-plain": lambda: Case(mlp(s, norms=(None, live)), trace=True),
        "variance_not_detached-frozen": lambda: Case(mlp(s, norms=normed), freeze=True),
        "variance_not_detached-torch": lambda: Case(mlp(s, norms=(affine_layer_norm, affine_layer_norm))),
        "variance_not_detached-with-gelu": lambda: Case(
            mlp(s, norms=(affine_layer_norm, affine_layer_norm), act=nn.GELU)
        ),
        "variance_not_detached-residual": lambda: Case(
            nn.Sequential(
                linear(s.inputs, s.hidden),
                Residual(nn.Sequential(live(s.hidden), linear(s.hidden, s.hidden))),
                linear(s.hidden, s.outputs),
            )
        ),
        # Activations that level off.
        "saturating_activation-tanh": lambda: Case(mlp(s, act=nn.Tanh)),
        "saturating_activation-tanh-once": lambda: Case(mlp(s, between=nn.Tanh)),
        "saturating_activation-sigmoid": lambda: Case(mlp(s, act=nn.Sigmoid)),
        "saturating_activation-hardtanh": lambda: Case(mlp(s, act=nn.Hardtanh)),
        "saturating_activation-tanh-normed": lambda: Case(mlp(s, act=nn.Tanh, norms=normed)),
        "saturating_activation-tanh-after-norm": lambda: Case(mlp(s, norms=normed, between=nn.Tanh)),
        "saturating_activation-sigmoid-after-norm": lambda: Case(mlp(s, norms=normed, between=nn.Sigmoid)),
        "saturating_activation-output": lambda: Case(nn.Sequential(mlp(s), nn.Tanh())),
        # 16-bit arithmetic.
        "low_precision-half": lambda: Case(Half(mlp(s), False)),
        "low_precision-bfloat16": lambda: Case(Half(mlp(s), True)),
        "low_precision-bfloat16-normed": lambda: Case(Half(mlp(s, norms=normed), True)),
        "low_precision-half-inner": lambda: Case(mlp(s, between=lambda: Rounded(False))),
        "low_precision-bfloat16-inner": lambda: Case(mlp(s, between=lambda: Rounded(True))),
        "low_precision-bfloat16-inner-normed": lambda: Case(mlp(s, norms=normed, between=lambda: Rounded(True))),
        # Faults without a name, or with two.
        "unknown-gelu": lambda: Case(mlp(s, act=nn.GELU)),
        "unknown-gelu-normed": lambda: Case(mlp(s, act=nn.GELU, norms=normed)),
        "unknown-silu": lambda: Case(mlp(s, act=nn.SiLU)),
        "unknown-softplus": lambda: Case(mlp(s, act=nn.Softplus)),
        "unknown-softplus-normed": lambda: Case(mlp(s, act=nn.Softplus, norms=normed)),
        "unknown-elu": lambda: Case(mlp(s, act=nn.ELU)),
        "unknown-hand-written-gelu": lambda: Case(mlp(s, act=HandWrittenGelu)),
        "unknown-hand-written-gelu-normed": lambda: Case(mlp(s, act=HandWrittenGelu, norms=normed)),
        "unknown-gated": lambda: Case(mlp(s, act=Gated)),
        "unknown-gated-after-norm": lambda: Case(mlp(s, norms=normed, between=Gated)),
        "unknown-unit-length": lambda: Case(mlp(s, between=UnitLength)),
        "unknown-tanh-and-bias": lambda: Case(mlp(s, act=nn.Tanh, bias=all_biases)),
        "unknown-sigmoid-and-bias": lambda: Case(mlp(s, act=nn.Sigmoid, bias=all_biases)),
        "unknown-gelu-and-bias": lambda: Case(mlp(s, act=nn.GELU, bias=all_biases)),
        "unknown-gelu-normed-and-bias": lambda: Case(mlp(s, act=nn.GELU, bias=all_biases, norms=normed)),
        "unknown-softmax": lambda: Case(nn.Sequential(mlp(s), nn.Softmax(dim=-1))),
    }
    return found | extra_cases(s, data)


# Enough for every rule and for what it might be confused with, and no more: these lie in the repository.
COMMITTED = frozenset(
    f"{cause}-{variant}"
    for cause, variants in {
        "none": "plain normed torchscript pca uncentred residual maxpool float64 shared-bias-zero",
        "bias_present": "first-1e1 first-1e3 middle-1e2 last-1e1 last-1e3 normed-first-1e1 normed-first-1e3"
        " normed-middle-1e2 normed-last-1e1 normed-last-1e3 layers uncentred traced batch-norm narrow frozen half",
        "mean_not_subtracted": "inside inside-normed raw twice folded batch-norm frozen",
        "variance_not_detached": "first last all frozen torch with-gelu residual biased",
        "saturating_activation": "tanh tanh-once sigmoid hardtanh tanh-normed tanh-after-norm output"
        " sigmoid-after-norm",
        "low_precision": "half bfloat16 bfloat16-normed half-inner bfloat16-inner bfloat16-inner-normed",
        "unknown": "gelu gelu-normed softplus softplus-normed hand-written-gelu hand-written-gelu-normed gated"
        " gated-after-norm unit-length tanh-and-bias sigmoid-and-bias gelu-and-bias gelu-bfloat16 squared-relu-and-bias"
        " clamp-after-norm relu6-and-bias tanh-gate-after-norm mean-and-tanh cancelling softshrink"
        " faint-gelu-bfloat16",
    }.items()
    for variant in variants.split()
)


def extra_cases(s: Sizes, data: Data) -> dict[str, Callable[[], Case]]:
    """Combinations, and encoders that look like a fault they do not have; for the confusion table."""
    normed = NORMS
    biases = (0.1, 0.1, 0.1)
    return {
        "bias_present-relu-batch-norm": lambda: Case(mlp(s, bias=biases, act=nn.ReLU, norms=(batch_norm, batch_norm))),
        "bias_present-frozen": lambda: Case(mlp(s, bias=biases), freeze=True),
        "bias_present-narrow-frozen": lambda: Case(
            nn.Sequential(linear(s.inputs, 5, 0.1), prelu(), linear(5, s.outputs)), mean=False, freeze=True
        ),
        "bias_present-large": lambda: Case(mlp(s, bias=(10.0, 10.0, 10.0))),
        "bias_present-half": lambda: Case(Half(mlp(s, bias=biases), False)),
        "bias_present-zero-mean-output": lambda: Case(_centred_output(s, data), mean=False),
        "mean_not_subtracted-batch-norm": lambda: Case(
            nn.Sequential(_batch_norm_of(data), mlp(s, norms=normed)), mean=False, scale=False
        ),
        "mean_not_subtracted-pca-twice": lambda: Case(Centred(data.centre, mlp(s))),
        "mean_not_subtracted-frozen": lambda: Case(Centred(data.centre, mlp(s)), mean=False, freeze=True),
        "variance_not_detached-biased": lambda: Case(
            mlp(s, bias=biases, act=nn.ReLU, norms=(affine_layer_norm, affine_layer_norm))
        ),
        "variance_not_detached-small": lambda: Case(
            nn.Sequential(Scaled(1e-3), mlp(s, norms=(None, plain_layer_norm)))
        ),
        "variance_not_detached-first-then-tanh": lambda: Case(mlp(s, norms=(live, None), between=nn.Tanh)),
        "saturating_activation-faint": lambda: Case(nn.Sequential(Scaled(0.05), mlp(s, act=nn.Tanh))),
        "saturating_activation-strong": lambda: Case(nn.Sequential(Scaled(50.0), mlp(s, act=nn.Tanh))),
        "saturating_activation-relu6": lambda: Case(mlp(s, act=nn.ReLU6)),
        "low_precision-half-traced": lambda: Case(Half(mlp(s), False), trace=True),
        "none-float64": lambda: Case(Double(mlp(s, norms=normed))),
        "none-shared-bias-zero": lambda: Case(_zero_bias(mlp(s, bias=biases, norms=normed))),
        "unknown-mean-and-tanh": lambda: Case(Centred(data.centre, mlp(s, act=nn.Tanh)), mean=False),
        "unknown-mean-and-gelu": lambda: Case(Centred(data.centre, mlp(s, act=nn.GELU)), mean=False),
        "unknown-mean-and-gelu-normed": lambda: Case(
            Centred(data.centre, mlp(s, act=nn.GELU, norms=normed)), mean=False
        ),
        "unknown-softplus-large": lambda: Case(nn.Sequential(Scaled(100.0), mlp(s, act=nn.Softplus))),
        "unknown-gelu-large-and-bias": lambda: Case(nn.Sequential(Scaled(100.0), mlp(s, act=nn.GELU, bias=biases))),
        "unknown-squared-relu": lambda: Case(mlp(s, act=SquaredRelu)),
        "unknown-squared-relu-normed": lambda: Case(mlp(s, act=SquaredRelu, norms=normed)),
        "unknown-squared-relu-and-bias": lambda: Case(mlp(s, act=SquaredRelu, bias=biases, norms=normed)),
        "unknown-sine": lambda: Case(mlp(s, act=Sine)),
        "unknown-sign": lambda: Case(mlp(s, between=Sign)),
        "unknown-rounded-decimals": lambda: Case(nn.Sequential(mlp(s), Decimals())),
        "unknown-clamp-after-norm": lambda: Case(mlp(s, norms=normed, between=nn.Hardtanh)),
        "unknown-relu6-and-bias": lambda: Case(mlp(s, act=nn.ReLU6, bias=biases)),
        "unknown-softshrink": lambda: Case(mlp(s, between=nn.Softshrink)),
        "unknown-tanh-gate-after-norm": lambda: Case(mlp(s, norms=normed, between=TanhGate)),
        "unknown-gelu-bfloat16": lambda: Case(Half(mlp(s, act=nn.GELU), True)),
        "unknown-residual-norm-and-bias": lambda: Case(
            nn.Sequential(
                linear(s.inputs, s.hidden),
                Residual(nn.Sequential(affine_layer_norm(s.hidden), linear(s.hidden, s.hidden, 0.1))),
                linear(s.hidden, s.outputs),
            )
        ),
        "unknown-cancelling": lambda: Case(Cancelling(s)),
        "unknown-tanh-bfloat16": lambda: Case(Half(mlp(s, act=nn.Tanh), True)),
        "unknown-faint-gelu-bfloat16": lambda: Case(Half(mlp(s, norms=normed, between=FaintGelu), True)),
    }


def plain_layer_norm(width: int) -> nn.Module:
    return nn.LayerNorm(width, elementwise_affine=False)


def _batch_norm_of(data: Data) -> nn.Module:
    layer = nn.BatchNorm1d(len(data.mean), affine=False)
    layer.running_mean.copy_(data.mean)
    layer.running_var.copy_(data.spread**2)
    return layer


def _zero_bias(encoder: nn.Module) -> nn.Module:
    for name, parameter in encoder.named_parameters():
        if name.endswith("bias"):
            parameter.data.zero_()
    return encoder


def _centred_output(s: Sizes, data: Data) -> nn.Module:
    """Biases as training leaves them: the outputs of the data are centred."""
    encoder = mlp(s, bias=(0.3, 0.3, 0.3)).eval()
    with torch.no_grad():
        encoder[-1].bias -= encoder(data.rows / data.spread).mean(0)
    return encoder


class Scaled(nn.Module):
    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        return x * self.factor


class Double(nn.Module):
    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner.double()

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x.to(torch.float64)).to(torch.float32)


class SquaredRelu(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x) * torch.relu(x)


class Sine(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.sin(x)


class Sign(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.sign(x)


class Decimals(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x + (torch.round(x * 100.0) / 100.0 - x).detach()


class FaintGelu(nn.Module):
    """Curved by no more than bfloat16 rounds."""

    def forward(self, x: Tensor) -> Tensor:
        return x + 0.05 * nn.functional.gelu(x)


class TanhGate(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x * torch.tanh(x)


class Cancelling(nn.Module):
    """Exact, but float32 is not enough for it: large numbers that cancel."""

    def __init__(self, s: Sizes) -> None:
        super().__init__()
        self.large = linear(s.inputs, s.hidden)
        self.small = linear(s.inputs, s.outputs)
        self.last = linear(s.hidden, s.outputs)

    def forward(self, x: Tensor) -> Tensor:
        y = self.last(torch.relu(self.large(x * 300.0))) + 1e-0 * self.small(x)
        return y - self.last(torch.relu(self.large(x * 100.0))) * 3.0


def _inverse_scale(s: Sizes, data: Data) -> nn.Linear:
    layer = nn.Linear(s.inputs, s.inputs, bias=False)
    layer.weight.data = torch.diag(1.0 / data.spread)
    return layer


def _folded_mean(s: Sizes, data: Data) -> nn.Module:
    """A first layer whose bias takes the mean away: the same function as a subtraction in front of it."""
    encoder = mlp(s, bias=(1.0, 0.0, 0.0), norms=NORMS)
    encoder[0].bias.data = -encoder[0].weight.data @ data.centre
    return encoder


def digits_cases() -> dict[str, Callable[[], tuple[nn.Module, dict[str, np.ndarray]]]]:
    """Faults in the trained example encoder, narrowed to stay small: its first hidden units of each layer."""
    tensors = load_file(str(DIGITS / "bundle" / "tensors.safetensors"))

    def encoder(
        bias: float = 0.0,
        norm: Callable[[int], nn.Module] = LayerNormDetached,
        act: Callable[[], nn.Module] | None = None,
    ) -> nn.Module:
        width = 24
        modules: list[nn.Module] = []
        inputs = 64
        for index in (0, 3, 6):
            layer = linear(inputs, width, bias)
            layer.weight.data = torch.from_numpy(tensors[f"layers.{index}.weight"][:width, :inputs].copy())
            slope = nn.PReLU()
            slope.weight.data = torch.from_numpy(tensors[f"layers.{index + 1}.weight"].copy())
            modules += [layer, act() if act else slope]
            if index != 6:
                scaled = norm(width)
                scale = torch.from_numpy(tensors[f"layers.{index + 2}.scale"][:width].copy())
                next(iter(scaled.parameters())).data = scale
                modules.append(scaled)
            inputs = width
        last = linear(width, 2)
        last.weight.data = torch.from_numpy(tensors["layers.8.weight"][:, :width].copy())
        return nn.Sequential(*modules, last)

    mean, scale = tensors["preprocessing.mean"], tensors["preprocessing.scale"]
    both = {"mean": mean, "scale": scale}
    only_scale = {"scale": scale}
    centre = torch.from_numpy(mean / scale)
    return {
        "none-digits": lambda: (encoder(), both),
        "bias_present-digits": lambda: (encoder(bias=0.01), both),
        "mean_not_subtracted-digits": lambda: (Centred(centre, encoder()), only_scale),
        "mean_not_subtracted-digits-twice": lambda: (Centred(centre, encoder()), both),
        "variance_not_detached-digits": lambda: (encoder(norm=LiveLayerNorm), both),
        "saturating_activation-digits": lambda: (encoder(act=nn.Tanh), both),
        "low_precision-digits": lambda: (Half(encoder(), True), both),
        "unknown-digits-gelu": lambda: (encoder(act=nn.GELU), both),
    }


# --- writing ---------------------------------------------------------------------------------------------------------


def compile_module(encoder: nn.Module, inputs: int, freeze: bool, trace: bool) -> torch.jit.ScriptModule:
    encoder = encoder.eval()
    script = torch.jit.trace(encoder, torch.randn(3, inputs)) if trace else torch.jit.script(encoder)
    return torch.jit.freeze(script) if freeze else script


def write(
    out: Path,
    name: str,
    module: torch.jit.ScriptModule,
    preprocessing: dict[str, np.ndarray],
    rows: np.ndarray,
    inputs: int,
    outputs: int,
    described: tuple[list, dict] | None = None,
) -> None:
    shutil.rmtree(out / name, ignore_errors=True)
    folder = out / name
    folder.mkdir(parents=True)
    features = [f"f{k}" for k in range(rows.shape[1])]
    model: dict = {
        "format": "attribution-bundle/1",
        "name": name,
        "version": "1",
        "input": {"shape": [inputs], "features": features},
        "output": {"names": [f"output_{i}" for i in range(outputs)]},
    }
    tensors = {f"preprocessing.{key}": np.ascontiguousarray(value) for key, value in preprocessing.items()}
    if tensors:
        model["preprocessing"] = {key: f"preprocessing.{key}" for key in preprocessing}
    if described:
        model["layers"], layer_tensors = described
        tensors |= layer_tensors
    if tensors:
        save_file(tensors, str(folder / "tensors.safetensors"))
    (folder / "model.json").write_text(json.dumps(model) + "\n", "utf-8")
    if not described:
        write_torchscript(module, folder / "encoder.pt")
    lines = [",".join(features)] + [",".join(f"{value:.4g}" for value in row) for row in rows]
    (folder / "rows.csv").write_text("\n".join(lines) + "\n", "utf-8")


def write_case(name: str, make: Callable[[], Case], data: Data, s: Sizes, out: Path) -> None:
    case = make()
    preprocessing: dict[str, np.ndarray] = {}
    if case.mean:
        preprocessing["mean"] = data.mean.numpy()
    if case.scale:
        preprocessing["scale"] = data.spread.numpy()
    if case.components:
        preprocessing["components"] = torch.linalg.qr(torch.randn(s.inputs, s.inputs))[0].numpy()
    with torch.no_grad():
        encoder = case.encoder.eval()
        described = describe_layers(encoder, 1) if case.layers else None
        module = compile_module(encoder, s.inputs, case.freeze, case.trace)
        write(out, name, module, preprocessing, data.rows.numpy(), s.inputs, s.outputs, described)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--all", action="store_true", help="also the cases that are not committed")
    parser.add_argument("--sizes", default="12,20,2", help="inputs,hidden,outputs")
    parser.add_argument("names", nargs="*", metavar="name")
    arguments = parser.parse_args()
    s = Sizes(*map(int, arguments.sizes.split(",")))
    torch.manual_seed(1000 * arguments.seed)
    spread = torch.empty(s.inputs).uniform_(0.5, 2.0)
    data = Data(spread * torch.randn(s.inputs) * 1.5, spread, s)
    for number, (name, make) in enumerate(cases(s, data).items()):
        torch.manual_seed(1000 * arguments.seed + number + 1)
        if name in arguments.names or (not arguments.names and (arguments.all or name in COMMITTED)):
            write_case(name, make, data, s, arguments.out)
    if arguments.seed == 0:
        rows = np.loadtxt(DIGITS / "data.csv", delimiter=",", skiprows=1, max_rows=ROWS_OF_DIGITS, dtype=np.float32)
        for number, (name, make) in enumerate(digits_cases().items()):
            torch.manual_seed(math.prod((number + 1, 77)))
            if not arguments.names or name in arguments.names:
                encoder, preprocessing = make()
                with torch.no_grad():
                    module = compile_module(encoder, 64, False, False)
                    write(arguments.out, name, module, preprocessing, rows, 64, 2)


if __name__ == "__main__":
    main()
