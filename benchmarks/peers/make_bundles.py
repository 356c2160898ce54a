#!/usr/bin/env python3
"""Write the bundles of the engine benchmark: all encoders but digits, which is the committed example."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import encoders
from export_bundle import export_bundle

SEED = 20_261_123
WIDE_FEATURES = 2000
WIDE_INPUTS = 50
REFERENCE_ROWS = 256
DIGITS = ROOT / "examples" / "digits" / "bundle"


def principal_axes(axes: int, features: int) -> Tensor:
    """Orthonormal rows, (axes, features): what a PCA gives."""
    return torch.linalg.qr(torch.randn(features, axes)).Q.T.contiguous()


def write(
    folder: Path, encoder: nn.Module, shape: list[int], outputs: int, bundle_format: int, **options: Tensor
) -> None:
    components = options.get("components")
    features = torch.Size(shape).numel() if components is None else components.shape[1]
    export_bundle(
        encoder,
        folder,
        name=folder.name,
        version="1",
        bundle_format=bundle_format,
        input_shape=shape,
        features=[f"feature_{k}" for k in range(features)],
        output_names=[f"output_{i}" for i in range(outputs)],
        **options,
    )


def write_layers(folder: Path, encoder: nn.Module, shape: list[int], outputs: int, **preprocessing: Tensor) -> None:
    """Format 1 has layers: the engine that the figures of Jacobians are of."""
    write(folder, encoder, shape, outputs, 1, **preprocessing)


def write_graph(folder: Path, encoder: nn.Module, shape: list[int], outputs: int, **preprocessing: Tensor) -> None:
    """With a reference that is like the rows to come."""
    reference = torch.randn(REFERENCE_ROWS, torch.Size(shape).numel())
    write(folder, encoder, shape, outputs, 2, reference=reference, **preprocessing)
    encoders.save(encoder, folder)


def standardization(features: int) -> dict[str, Tensor]:
    return {"mean": 0.5 * torch.randn(features), "scale": 0.5 + 1.5 * torch.rand(features)}


def wide(folder: Path) -> None:
    components = principal_axes(WIDE_INPUTS, WIDE_FEATURES)
    encoder = encoders.deep_prelu(WIDE_INPUTS, 1152, 5, 2)
    write_layers(folder, encoder, [WIDE_INPUTS], 2, mean=torch.randn(WIDE_FEATURES), components=components)


def many(folder: Path) -> None:
    write_layers(folder, encoders.relu_mlp(256, 512, 3, 64), [256], 64)


def conv(folder: Path) -> None:
    write_layers(folder, encoders.conv_prelu(), [1, 28, 28], 10)


def tabular(folder: Path) -> None:
    write_graph(folder, encoders.tabular(), [50], 16, **standardization(50))


def transformer(folder: Path) -> None:
    write_graph(folder, encoders.transformer(), [30], 8, **standardization(30))


def scvi(folder: Path) -> None:
    write_graph(folder, encoders.scvi(), [200], 10)


def biased(folder: Path) -> None:
    tensors = load_file(DIGITS / "tensors.safetensors")
    preprocessing = {key: tensors[f"preprocessing.{key}"] for key in ("mean", "scale")}
    write_graph(folder, encoders.biased(DIGITS), [64], 2, **preprocessing)


def conv_biased(folder: Path) -> None:
    write_graph(folder, encoders.conv_biased(), [1, 28, 28], 10)


ENCODERS: dict[str, Callable[[Path], None]] = {
    write.__name__: write for write in (wide, many, conv, tabular, transformer, scvi, biased, conv_biased)
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which of {', '.join(ENCODERS)}; default: all")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "target" / "bundles", metavar="FOLDER")
    arguments = parser.parse_args()
    for name in arguments.names or ENCODERS:
        torch.manual_seed(SEED)  # each is the same, whichever are written
        try:
            ENCODERS[name](arguments.out / name)
            print(arguments.out / name)
        except ModuleNotFoundError as missing:
            print(f"{name} needs the package of {missing.name}", file=sys.stderr)


if __name__ == "__main__":
    main()
