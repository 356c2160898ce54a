#!/usr/bin/env python3
"""Export a PyTorch encoder as a model bundle: a folder with model.json, encoder.pt and tensors.safetensors.

The bundle carries the encoder as TorchScript, its preprocessing and, where every module is recognised, its
layers. Everything written is read back and compared with the module before the export succeeds.
"""

from __future__ import annotations

import argparse
import copy
import importlib
import json
import math
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from safetensors.numpy import load_file, save_file
from torch import Tensor, nn

sys.path.insert(0, str(Path(__file__).resolve().parent))
from layer_description import Layer, Tensors, UnrecognisedModule, describe_layers, evaluate_layers
from torchscript import compile_encoder, write_torchscript

FORMAT = "attribution-bundle/1"
DEFAULT_TOLERANCE = 1e-4
_FLOAT32_AGREEMENT = 1e-4  # relative; two correct float32 implementations differ by about 1e-6
_FLOAT64_AGREEMENT = 1e-9
_PROBE_ROWS = 16
_BATCH_SIZES = (1, 5)


class ExportError(Exception):
    """The encoder cannot be exported as asked; the message says why, in one line."""


class InputFileError(Exception):
    """A file given to the command cannot be used; the message names it."""


@dataclass(frozen=True)
class Preprocessing:
    """``e = ((x - mean) / scale) componentsᵀ``; float32; mean, scale (D,), components (K, D)."""

    mean: NDArray[np.float32] | None = None
    scale: NDArray[np.float32] | None = None
    components: NDArray[np.float32] | None = None

    def tensors(self) -> dict[str, NDArray[np.float32]]:
        named = {"mean": self.mean, "scale": self.scale, "components": self.components}
        return {name: value for name, value in named.items() if value is not None}

    def apply(self, x: NDArray[np.floating]) -> NDArray[np.float64]:
        """Raw rows (n, D) to flat encoder inputs (n, K)."""
        u = x.astype(np.float64)
        u = u - self.mean if self.mean is not None else u
        u = u / self.scale if self.scale is not None else u
        return u @ self.components.T.astype(np.float64) if self.components is not None else u


@dataclass(frozen=True)
class ExportReport:
    """What was written. ``layers_left_out`` says why there is no ``layers`` section, if there is none."""

    path: Path
    torchscript: bool
    layers: bool
    layers_left_out: str | None
    relative_error: float
    exact: bool


def export_bundle(
    encoder: nn.Module,
    out_dir: str | Path,
    *,
    name: str,
    version: str,
    input_shape: Sequence[int],
    features: Sequence[str],
    output_names: Sequence[str],
    mean: ArrayLike | None = None,
    scale: ArrayLike | None = None,
    components: ArrayLike | None = None,
    tolerance: float = DEFAULT_TOLERANCE,
    example: ArrayLike | None = None,
    layers: bool = True,
    torchscript: bool = True,
) -> ExportReport:
    """Write ``encoder`` and its preprocessing as a bundle folder.

    Args:
        encoder: module ``(n, *input_shape) -> (n, O)``; of a tuple output the first tensor counts. It is
            copied, so it keeps its mode, device and dtype.
        out_dir: the bundle folder; files of an earlier export in it are replaced.
        input_shape: the encoder's input without the batch axis; K is its product.
        features: the D raw feature names; D = K without ``components``.
        output_names: the O output names.
        mean, scale: (D,); components: (K, D). ``e = ((x - mean) / scale) componentsᵀ``.
        tolerance: largest relative error of ``f(e) = J(e) e`` at which the encoder counts as exact.
        example: raw feature rows (n, D) to check with; by default standard normal encoder inputs.
        layers: write a ``layers`` section where every module is recognised.
        torchscript: write ``encoder.pt``.

    Raises:
        ExportError: shapes disagree, rows depend on each other, or what was written differs from the module.
    """
    shape = tuple(int(size) for size in input_shape)
    preprocessing = Preprocessing(*(_float32(value) for value in (mean, scale, components)))
    _check_names(features, output_names)
    _check_shapes(shape, len(features), preprocessing)
    eager = _eval_copy(encoder)
    probe = _probe_rows(shape, preprocessing, len(features), example)
    z = _checked_forward(eager, probe, len(output_names))
    jacobian = _jacobian(eager, probe)

    described, left_out = _describe(eager, shape, probe) if layers else (None, "switched off")
    if not torchscript and described is None:
        raise ExportError(f"nothing to write: no TorchScript asked for, and no layers ({left_out})")

    out_dir = Path(out_dir)
    out_dir.mkdir(parents=True, exist_ok=True)
    _write_encoder(eager, probe, jacobian, out_dir / "encoder.pt", torchscript)
    _write_tensors(out_dir / "tensors.safetensors", preprocessing, described)
    model = _model_json(name, version, tolerance, shape, features, output_names, preprocessing, described)
    (out_dir / "model.json").write_text(json.dumps(model, indent=2, ensure_ascii=False) + "\n", "utf-8")

    error = _relative_error(z, jacobian, probe)
    return ExportReport(out_dir, torchscript, described is not None, left_out, error, error <= tolerance)


def _float32(value: ArrayLike | None) -> NDArray[np.float32] | None:
    return None if value is None else np.ascontiguousarray(np.asarray(value, dtype=np.float32))


def _check_names(features: Sequence[str], output_names: Sequence[str]) -> None:
    for kind, names in (("feature", features), ("output", output_names)):
        if not names:
            raise ExportError(f"no {kind} names given")
        repeated = sorted({name for name in names if list(names).count(name) > 1})
        if repeated:
            raise ExportError(f"{kind} name {repeated[0]!r} is given more than once")


def _check_shapes(shape: tuple[int, ...], feature_count: int, preprocessing: Preprocessing) -> None:
    width = math.prod(shape)
    if not shape or min(shape) < 1:
        raise ExportError(f"input shape {list(shape)} must have positive sizes")
    if preprocessing.components is None and width != feature_count:
        raise ExportError(f"input shape {list(shape)} takes {width} values, but there are {feature_count} features")
    expected = {"mean": (feature_count,), "scale": (feature_count,), "components": (width, feature_count)}
    for key, value in preprocessing.tensors().items():
        if value.shape != expected[key]:
            raise ExportError(f"{key} has shape {list(value.shape)}, expected {list(expected[key])}")
        if not np.isfinite(value).all():
            raise ExportError(f"{key} has values that are not finite")
    if preprocessing.scale is not None and (preprocessing.scale == 0).any():
        raise ExportError(f"scale is zero at feature {int(np.argmin(np.abs(preprocessing.scale)))}")


def _eval_copy(encoder: nn.Module) -> nn.Module:
    """A float32 copy on the CPU in eval mode, with glass-box-umap's uncompilable PReLU replaced."""
    try:
        eager = copy.deepcopy(encoder)
    except Exception as cause:
        raise ExportError(f"the encoder cannot be copied: {cause}") from cause
    eager = _with_plain_prelu(eager).cpu().float().eval()
    for parameter in eager.parameters():
        parameter.requires_grad_(False)
    return eager


def _with_plain_prelu(module: nn.Module) -> nn.Module:
    """Replace ``VmapPReLU``, which keeps its slope as a Python float in eval mode, by ``nn.PReLU``."""
    if isinstance(module, torch.jit.ScriptModule):
        return module
    if type(module).__name__ == "VmapPReLU" and isinstance(module, nn.PReLU):
        plain = nn.PReLU(module.num_parameters)
        plain.weight = module.weight
        return plain
    for name, child in module._modules.items():
        if child is not None:
            module._modules[name] = _with_plain_prelu(child)
    return module


def _probe_rows(
    shape: tuple[int, ...], preprocessing: Preprocessing, feature_count: int, example: ArrayLike | None
) -> Tensor:
    """Encoder inputs to check with: (n, *shape), float32, n >= 5."""
    if example is None:
        return torch.randn(_PROBE_ROWS, *shape, generator=torch.Generator().manual_seed(0))
    raw = np.asarray(example, dtype=np.float32)
    if raw.ndim != 2 or raw.shape[1] != feature_count or not len(raw):
        raise ExportError(f"example has shape {list(raw.shape)}, expected [n, {feature_count}]")
    repeated = np.resize(raw, (max(_PROBE_ROWS, max(_BATCH_SIZES)), feature_count))
    inputs = preprocessing.apply(repeated).astype(np.float32)
    return torch.from_numpy(inputs).reshape(len(inputs), *shape)


def _first_output(encoder: nn.Module, x: Tensor) -> Tensor:
    out = encoder(x)
    return out[0] if isinstance(out, (tuple, list)) else out


def _checked_forward(encoder: nn.Module, probe: Tensor, output_count: int) -> Tensor:
    """Outputs (n, O) of the probe rows, after checking their shape and that rows are independent."""
    try:
        z = _first_output(encoder, probe)
        single = torch.cat([_first_output(encoder, row[None]) for row in probe])
    except Exception as cause:
        raise ExportError(f"the encoder fails on rows of shape {list(probe.shape[1:])}: {_one_line(cause)}") from cause
    if z.shape != (len(probe), output_count):
        raise ExportError(f"the encoder gives {list(z.shape[1:])} per row, but there are {output_count} output names")
    if not torch.isfinite(z).all():
        raise ExportError("the encoder gives values that are not finite")
    if not _agree(z, single, _FLOAT32_AGREEMENT):
        raise ExportError("the encoder's rows depend on each other (batch statistics?): there is no Jacobian per row")
    return z


def _jacobian(encoder: nn.Module, probe: Tensor) -> Tensor:
    """(n, O, K) by one backward pass per output."""
    x = probe.detach().clone().requires_grad_(True)
    z = _first_output(encoder, x)
    rows = [torch.autograd.grad(z[:, i].sum(), x, retain_graph=True)[0].flatten(1) for i in range(z.shape[1])]
    return torch.stack(rows, dim=1)


def _relative_error(z: Tensor, jacobian: Tensor, probe: Tensor) -> float:
    reconstruction = torch.einsum("bij,bj->bi", jacobian, probe.flatten(1))
    return float((z - reconstruction).abs().max() / (z.abs().max() + 1e-8))


def _agree(a: Tensor, b: Tensor, tolerance: float) -> bool:
    return a.shape == b.shape and float((a - b).abs().max()) <= tolerance * (float(a.abs().max()) + 1e-8)


def _describe(
    eager: nn.Module, shape: tuple[int, ...], probe: Tensor
) -> tuple[tuple[list[Layer], Tensors] | None, str | None]:
    """The described layers, or None and the reason; described layers were checked against the module."""
    try:
        layers, tensors = describe_layers(eager, len(shape))
    except UnrecognisedModule as reason:
        return None, str(reason)
    _check_layers(eager, layers, tensors, probe)
    return (layers, tensors), None


def _check_layers(eager: nn.Module, layers: list[Layer], tensors: Tensors, probe: Tensor) -> None:
    """Compare layers evaluated in numpy with the module, both in float64: outputs and derivative."""
    double = copy.deepcopy(eager).double()
    x = probe.double().requires_grad_(True)
    direction = torch.randn(x.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    z = _first_output(double, x)
    cotangent = torch.randn(z.shape, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    (gradient,) = torch.autograd.grad((z * cotangent).sum(), x)
    ours, ours_along = map(torch.from_numpy, evaluate_layers(layers, tensors, probe.double().numpy(), direction.numpy()))
    along = (gradient * direction).flatten(1).sum(1)
    if not _agree(z.detach(), ours, _FLOAT64_AGREEMENT):
        raise ExportError("the described layers give other outputs than the module; export with layers off")
    if not _agree(along, (ours_along * cotangent).sum(1), _FLOAT64_AGREEMENT):
        raise ExportError("the described layers give another Jacobian than the module; export with layers off")


def _write_encoder(eager: nn.Module, probe: Tensor, jacobian: Tensor, path: Path, wanted: bool) -> None:
    path.unlink(missing_ok=True)
    if not wanted:
        return
    try:
        write_torchscript(compile_encoder(eager, probe), path)
        _check_torchscript(eager, path, probe, jacobian)
    except ExportError:
        path.unlink(missing_ok=True)
        raise
    except Exception as cause:
        path.unlink(missing_ok=True)
        raise ExportError(f"the encoder cannot be compiled to TorchScript: {_one_line(cause)}") from cause


def _check_torchscript(eager: nn.Module, path: Path, probe: Tensor, jacobian: Tensor) -> None:
    """Compare the saved file with the module, on several batch sizes and, by calling twice, also optimised."""
    loaded = torch.jit.load(str(path), map_location="cpu").eval()
    for rows in _BATCH_SIZES * 2:
        try:
            z, j = _first_output(loaded, probe[:rows]), _jacobian(loaded, probe[:rows])
        except Exception as cause:
            raise ExportError(f"the saved TorchScript fails on {rows} row(s) (frozen batch size?): {_one_line(cause)}") from cause
        if not _agree(_first_output(eager, probe[:rows]), z, _FLOAT32_AGREEMENT):
            raise ExportError(f"the saved TorchScript gives other outputs than the module on {rows} row(s)")
        if not _agree(jacobian[:rows], j, _FLOAT32_AGREEMENT):
            raise ExportError(f"the saved TorchScript gives another Jacobian than the module on {rows} row(s)")


def _write_tensors(path: Path, preprocessing: Preprocessing, described: tuple[list[Layer], Tensors] | None) -> None:
    tensors = {f"preprocessing.{key}": value for key, value in preprocessing.tensors().items()}
    if described is not None:
        tensors.update(described[1])
    path.unlink(missing_ok=True)
    if tensors:
        save_file(tensors, str(path))


def _model_json(
    name: str,
    version: str,
    tolerance: float,
    shape: tuple[int, ...],
    features: Sequence[str],
    output_names: Sequence[str],
    preprocessing: Preprocessing,
    described: tuple[list[Layer], Tensors] | None,
) -> dict[str, Any]:
    model: dict[str, Any] = {
        "format": FORMAT,
        "name": name,
        "version": version,
        "tolerance": tolerance,
        "input": {"shape": list(shape), "features": list(features)},
        "output": {"names": list(output_names)},
    }
    if preprocessing.tensors():
        model["preprocessing"] = {key: f"preprocessing.{key}" for key in preprocessing.tensors()}
    if described is not None:
        model["layers"] = described[0]
    return model


def _one_line(cause: Exception) -> str:
    lines = [line.strip() for line in str(cause).splitlines() if line.strip()]
    return lines[-1] if lines else type(cause).__name__
