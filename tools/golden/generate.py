#!/usr/bin/env python3
"""Write the golden cases: bundles with a float64 reference computed by torch.func.vmap(torch.func.jacrev(f)).

Usage: python tools/golden/generate.py [--out FOLDER] [case ...]
"""

from __future__ import annotations

import argparse
import copy
import json
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file
from torch import Tensor, nn

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tools" / "golden")]
import encoders
from attribution_export import DEFAULT_TOLERANCE, export_bundle
from attribution_export.torchscript import write_torchscript

DEFAULT_OUT = ROOT / "engine" / "src" / "test" / "resources" / "golden"
ROUTES_AGREE = 1e-9


@dataclass(frozen=True)
class Case:
    """One golden case. ``feature_count`` differs from the input shape's product only with PCA."""

    name: str
    encoder: Callable[[], nn.Module]
    input_shape: tuple[int, ...]
    outputs: int
    rows: int = 200
    feature_count: int | None = None
    preprocessing: Callable[[np.random.Generator], dict[str, NDArray]] | None = None
    saved_in_training_mode: bool = False
    location: Callable[[dict[str, NDArray]], tuple] = field(default=lambda given: (0.0, 1.0))
    """Mean and standard deviation of the raw features, given the preprocessing."""


def pca(rng: np.random.Generator, features: int, components: int) -> NDArray:
    """Orthonormal rows (K, D)."""
    return np.linalg.qr(rng.normal(size=(features, components)))[0].T


def pca_mean(rng: np.random.Generator) -> dict[str, NDArray]:
    return {"mean": rng.normal(0.0, 3.0, 20), "components": pca(rng, 20, 6)}


def pca_mean_scale(rng: np.random.Generator) -> dict[str, NDArray]:
    """Means around 50, scales from 0.001 to 100: subtracting after scaling would lose the digits."""
    return {"mean": rng.normal(50.0, 5.0, 18), "scale": np.logspace(-3, 2, 18), "components": pca(rng, 18, 6)}


CASES = [
    Case("prelu-deep-shared", lambda: encoders.deep_prelu(12, 24, 3), (12,), 3),
    Case("prelu-deep-channels", lambda: encoders.deep_prelu(12, 24, 3, per_channel=True), (12,), 3),
    Case("layernorm-detached", lambda: encoders.normalised_prelu(10, 24, 2), (10,), 2),
    Case("residual", lambda: encoders.residual(10, 16, 2), (10,), 2),
    Case("conv", lambda: encoders.convolutional(2), (1, 28, 28), 2, rows=7),
    Case("maxout", lambda: encoders.maxout(10, 12, 2), (10,), 2),
    Case("pca-mean", lambda: encoders.normalised_prelu(6, 16, 2), (6,), 2, 150, 20, pca_mean,
         location=lambda given: (given["mean"] + 0.5, 2.0)),
    Case("pca-mean-scale", lambda: encoders.deep_prelu(6, 16, 2), (6,), 2, 150, 18, pca_mean_scale,
         location=lambda given: (given["mean"], given["scale"])),
    Case("biased", lambda: encoders.deep_prelu(10, 20, 2, bias=True), (10,), 2),
    Case("gelu", lambda: encoders.gelu(10, 20, 2), (10,), 2),
    Case("one-output", lambda: encoders.deep_prelu(10, 20, 1), (10,), 1),
    Case("outputs-96", lambda: encoders.deep_prelu(8, 16, 96), (8,), 96, rows=24),
    Case("leaky-relu", lambda: encoders.leaky_relu(10, 20, 2), (10,), 2),
    Case("tuple-output", lambda: encoders.WithAuxiliaryOutput(10, 16, 2), (10,), 2),
    Case("saved-in-training-mode", lambda: encoders.normalised_prelu(10, 16, 2, dropout=0.5), (10,), 2,
         saved_in_training_mode=True),
]  # fmt: skip


def write_case(case: Case, seed: int, out: Path) -> dict:
    """Write one case folder and return its reference.json."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    encoder = case.encoder()
    given = case.preprocessing(rng) if case.preprocessing else {}
    given = {key: value.astype(np.float32) for key, value in given.items()}
    feature_count = case.feature_count or int(np.prod(case.input_shape))
    mean, deviation = case.location(given)
    x = (mean + deviation * rng.normal(size=(case.rows, feature_count))).astype(np.float32)

    shutil.rmtree(out, ignore_errors=True)
    export_bundle(
        encoder, out, name=f"golden-{case.name}", version="1", input_shape=case.input_shape,
        features=[f"feature_{k}" for k in range(feature_count)],
        output_names=[f"output_{i}" for i in range(case.outputs)],
        layers=not case.saved_in_training_mode, bundle_format=1, **given,
    )  # fmt: skip
    if case.saved_in_training_mode:
        write_torchscript(torch.jit.script(encoder.train()), out / "encoder.pt")

    tensors = reference(encoder, x, case.input_shape, given)
    save_file(tensors, str(out / "reference.safetensors"))
    summary = verification(tensors["z"], tensors["reconstruction"])
    summary |= {"torch": torch.__version__.split("+")[0], "seed": seed}
    (out / "reference.json").write_text(json.dumps(summary, indent=2) + "\n", "utf-8")
    return summary


def reference(
    encoder: nn.Module, x: NDArray[np.float32], shape: tuple[int, ...], given: dict[str, NDArray]
) -> dict[str, NDArray]:
    """docs/mathematics.md, steps 1 to 6, in float64 from the float32 weights and inputs."""
    u = x.astype(np.float64) - given.get("mean", np.float32(0)).astype(np.float64)
    u /= given.get("scale", np.float32(1)).astype(np.float64)
    components = given["components"].astype(np.float64) if "components" in given else None
    e = u @ components.T if components is not None else u
    z, jacobian = forward_and_jacobian(encoder, torch.from_numpy(e).reshape(len(e), *shape))
    projected = jacobian @ components if components is not None else jacobian
    contributions = projected * u[:, None, :]
    l2 = np.linalg.norm(contributions, axis=1)
    tensors = {
        "x": x,
        "z": z,
        "jacobian": jacobian,
        "contributions": contributions,
        "reduced_l2": l2,
        "reduced_normalized": l2 / l2.sum(axis=1, keepdims=True),
        "reduced_signed_0": contributions[:, 0, :],
        "reconstruction": np.einsum("bij,bj->bi", jacobian, e),
    }
    if components is not None:
        tensors["projected"] = projected
    return {key: np.ascontiguousarray(value) for key, value in tensors.items()}


def forward_and_jacobian(encoder: nn.Module, e: Tensor) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """z (n, O) and J (n, O, K) in eval mode, checked against one backward pass per output."""
    double = copy.deepcopy(encoder).double().eval()
    pure = stateless_prelu(copy.deepcopy(double))

    def f(row: Tensor) -> Tensor:
        return first_output(pure, row[None])[0]

    jacobian = torch.func.vmap(torch.func.jacrev(f))(e).detach().flatten(2)
    z = first_output(double, e).detach()
    by_backward = backward_jacobian(double, e)
    if (jacobian - by_backward).abs().max() > ROUTES_AGREE * jacobian.abs().max():
        raise AssertionError("vmap(jacrev) and backward passes disagree")
    return z.numpy(), jacobian.numpy()


def backward_jacobian(encoder: nn.Module, e: Tensor) -> Tensor:
    e = e.clone().requires_grad_(True)
    z = first_output(encoder, e)
    rows = [torch.autograd.grad(z[:, i].sum(), e, retain_graph=True)[0].flatten(1) for i in range(z.shape[1])]
    return torch.stack(rows, dim=1)


def first_output(encoder: nn.Module, x: Tensor) -> Tensor:
    out = encoder(x)
    return out[0] if isinstance(out, tuple) else out


class StatelessPReLU(nn.Module):
    """``nn.PReLU`` in terms that vmap(jacrev) can batch; torch 2.7's prelu backward cannot be."""

    def __init__(self, slope: Tensor) -> None:
        super().__init__()
        self.register_buffer("slope", slope.detach())

    def forward(self, x: Tensor) -> Tensor:
        slope = self.slope if len(self.slope) == 1 else self.slope.reshape(-1, *[1] * (x.dim() - 2))
        return torch.where(x > 0, x, slope * x)


def stateless_prelu(module: nn.Module) -> nn.Module:
    if isinstance(module, nn.PReLU):
        return StatelessPReLU(module.weight)
    for name, child in module._modules.items():
        module._modules[name] = stateless_prelu(child)
    return module


def verification(z: NDArray[np.float64], reconstruction: NDArray[np.float64]) -> dict:
    """docs/mathematics.md, step 7."""
    error = np.abs(z - reconstruction)
    relative = float(error.max() / (np.abs(z).max() + 1e-8))
    return {
        "count": len(z),
        "zRange": [float(z.min()), float(z.max())],
        "reconstructionRange": [float(reconstruction.min()), float(reconstruction.max())],
        "maxError": float(error.max()),
        "meanError": float(error.mean()),
        "relativeError": relative,
        "exact": relative <= DEFAULT_TOLERANCE,
    }


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="folder of the case folders")
    parser.add_argument("cases", nargs="*", metavar="case", help="only these cases (default: all)")
    wanted = parser.parse_args(arguments)
    unknown = set(wanted.cases) - {case.name for case in CASES}
    if unknown:
        parser.error(f"unknown case {sorted(unknown)[0]!r}")
    torch.set_num_threads(1)  # the same sums in the same order wherever it runs
    for seed, case in enumerate(CASES, start=1):
        if wanted.cases and case.name not in wanted.cases:
            continue
        folder = wanted.out / case.name
        summary = write_case(case, seed, folder)
        size = sum(file.stat().st_size for file in folder.iterdir())
        print(f"{case.name:24s} relative error {summary['relativeError']:.1e}  {size / 1000:5.0f} kB")


if __name__ == "__main__":
    main()
