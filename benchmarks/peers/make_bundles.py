#!/usr/bin/env python3
"""Write the bundles of the engine benchmark: wide, many and conv. The fourth, digits, is the committed example."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch
from torch import Tensor, nn

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from encoders import conv_prelu, deep_prelu, relu_mlp
from export_bundle import export_bundle

SEED = 20_261_123
WIDE_FEATURES = 2000
WIDE_INPUTS = 50


def principal_axes(axes: int, features: int) -> Tensor:
    """Orthonormal rows, (axes, features): what a PCA gives."""
    return torch.linalg.qr(torch.randn(features, axes)).Q.T.contiguous()


def write(out: Path, name: str, encoder: nn.Module, shape: list[int], outputs: int, **preprocessing: Tensor) -> None:
    features = preprocessing["components"].shape[1] if preprocessing else torch.Size(shape).numel()
    export_bundle(
        encoder,
        out / name,
        name=name,
        version="1",
        bundle_format=1,  # layers: the engine that the figures are of
        input_shape=shape,
        features=[f"feature_{k}" for k in range(features)],
        output_names=[f"output_{i}" for i in range(outputs)],
        **preprocessing,
    )
    print(out / name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "target" / "bundles", metavar="FOLDER")
    out = parser.parse_args().out
    torch.manual_seed(SEED)
    components = principal_axes(WIDE_INPUTS, WIDE_FEATURES)
    wide = deep_prelu(WIDE_INPUTS, 1152, 5, 2)
    write(out, "wide", wide, [WIDE_INPUTS], 2, mean=torch.randn(WIDE_FEATURES), components=components)
    write(out, "many", relu_mlp(256, 512, 3, 64), [256], 64)
    write(out, "conv", conv_prelu(), [1, 28, 28], 10)


if __name__ == "__main__":
    main()
