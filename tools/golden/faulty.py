#!/usr/bin/env python3
"""Write the faulty bundles that the admission check must refuse, or must let in with the right label.

Usage: python tools/golden/faulty.py [--out FOLDER] [case ...]

Encoders take four features to two outputs. PyTorch 2.7.1; each case is far below 40 kB.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tools" / "golden")]
from attribution_export.torchscript import write_torchscript
from encoders import linear

DEFAULT_OUT = ROOT / "engine" / "src" / "test" / "resources" / "faulty"
FEATURES, OUTPUTS = 4, 2


class Centred(nn.Module):
    """Subtracts the batch's own mean: a row's outputs depend on its neighbours."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = linear(FEATURES, OUTPUTS)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x - x.mean(0, keepdim=True))


class DetachedStatistics(nn.Module):
    """Scales by a batch statistic that the derivative does not see, and that a batch of one has as well."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = linear(FEATURES, OUTPUTS)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x / (x.detach().abs().max() + 1.0))


class Summed(nn.Module):
    """One row of outputs for the whole batch."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = linear(FEATURES, OUTPUTS)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x).sum(0, keepdim=True)


class Flat(nn.Module):
    """One number per row without an axis for it."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = linear(FEATURES, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x).squeeze(1)


class NotANumber(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = linear(FEATURES, OUTPUTS)

    def forward(self, x: Tensor) -> Tensor:
        return torch.sqrt(-self.linear(x).abs() - 1.0)


class AlwaysDropping(nn.Module):
    """Dropout that evaluation mode does not switch off."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = linear(FEATURES, OUTPUTS)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(nn.functional.dropout(x, 0.5, training=True))


class RefusesLargeValues(nn.Module):
    """Fails for a batch that holds a value above 1000: the other rows are not at fault."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = linear(FEATURES, OUTPUTS)

    def forward(self, x: Tensor) -> Tensor:
        if bool((x > 1000.0).any()):
            raise ValueError("a value is above 1000")
        return self.linear(x)


class ChangesItsInput(nn.Module):
    """Rectifies in place, which autograd refuses of a leaf."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = linear(FEATURES, OUTPUTS)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x.relu_())


class WithBias(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(linear(FEATURES, 8, bias=True), nn.ReLU(), linear(8, OUTPUTS, bias=True))

    def forward(self, x: Tensor) -> Tensor:
        return self.body(x)


def batch_norm() -> nn.Module:
    """Without running statistics, evaluation mode also uses the batch's."""
    return nn.Sequential(linear(FEATURES, 8), nn.BatchNorm1d(8, track_running_stats=False), linear(8, OUTPUTS))


def training_dropout() -> nn.Module:
    return nn.Sequential(linear(FEATURES, 8), nn.ReLU(), nn.Dropout(0.5), linear(8, OUTPUTS)).train()


CASES: dict[str, Callable[[], nn.Module]] = {
    "batch-mean": Centred,
    "batch-norm": batch_norm,
    "batch-maximum": DetachedStatistics,
    "summed-over-rows": Summed,
    "flat-output": Flat,
    "nan-outputs": NotANumber,
    "always-dropping": AlwaysDropping,
    "refuses-large-values": RefusesLargeValues,
    "wrong-output-count": lambda: linear(FEATURES, OUTPUTS + 1),
    "wrong-input-width": lambda: linear(FEATURES + 1, OUTPUTS),
    "float64-weights": lambda: linear(FEATURES, OUTPUTS).double(),
    "layers-disagree": lambda: linear(FEATURES, OUTPUTS),
    "biased": WithBias,
    "saved-in-training-mode": training_dropout,
    "changes-its-input": ChangesItsInput,
}


def write_case(name: str, seed: int, out: Path) -> None:
    torch.manual_seed(seed)
    module = CASES[name]()
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    model = {
        "format": "attribution-bundle/1",
        "name": f"faulty-{name}",
        "version": "1",
        "input": {"shape": [FEATURES], "features": [f"feature_{k}" for k in range(FEATURES)]},
        "output": {"names": [f"output_{i}" for i in range(OUTPUTS)]},
    }
    if name == "layers-disagree":
        model["layers"] = [{"type": "linear", "weight": "weight"}]
        save_file({"weight": module.weight.detach() * 1.01}, str(out / "tensors.safetensors"))
    (out / "model.json").write_text(json.dumps(model, indent=2) + "\n", "utf-8")
    write_torchscript(torch.jit.script(module), out / "encoder.pt")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT)
    parser.add_argument("cases", nargs="*", metavar="case", help=f"of {', '.join(CASES)}; all when none is named")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.cases if name not in CASES]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; choose from {', '.join(CASES)}")
    for seed, name in enumerate(CASES):
        if not arguments.cases or name in arguments.cases:
            write_case(name, seed, arguments.out / name)
            print(name)


if __name__ == "__main__":
    main()
