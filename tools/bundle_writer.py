"""Write an encoder and its preprocessing as a bundle folder, format attribution-bundle/1."""

from __future__ import annotations

import json
import math
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from safetensors.numpy import save_file
from torch import Tensor, nn

import encoder_checks as checks
from encoder_checks import ExportError
from layer_description import Layer, Tensors, UnrecognisedModule, describe_layers
from torchscript import ways_to_compile, write_torchscript

FORMAT = "attribution-bundle/1"
DEFAULT_TOLERANCE = 1e-4
DEFAULT_REFERENCE_ROWS = 1000
_FILES = ("model.json", "encoder.pt", "tensors.safetensors")
_PROBE_ROWS = 16

# What the application takes (docs/bundle-format.md).
_FEWEST_REFERENCE_ROWS = 50
_MOST_REFERENCE_ROWS = 100_000
_MOST_REFERENCE_VALUES = 4 << 20


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
    reference_rows: int


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
    reference: ArrayLike | None = None,
    reference_rows: int = DEFAULT_REFERENCE_ROWS,
    reference_seed: int = 0,
    layers: bool = True,
    torchscript: bool = True,
    output: str | int | None = None,
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
        reference: raw feature rows (n, D) of the training data; attributions that are unlike theirs are an alert.
        reference_rows: so many of them, drawn at random without replacement, go into the bundle; all when there
            are fewer.
        reference_seed: of the draw.
        layers: write a ``layers`` section where every module is recognised.
        torchscript: write ``encoder.pt``.
        output: the name of the embedding where the encoder returns a dictionary, or its index in a tuple.

    Raises:
        ExportError: shapes disagree, rows depend on each other, or what was written differs from the module.
    """
    shape = tuple(int(size) for size in input_shape)
    preprocessing = Preprocessing(*(_float32(value) for value in (mean, scale, components)))
    _check_names(features, output_names)
    _check_shapes(shape, len(features), preprocessing)
    drawn = None if reference is None else _draw(reference, len(features), reference_rows, reference_seed)
    eager = checks.eval_copy(encoder, output)
    probe = _probe_rows(shape, preprocessing, len(features), example)
    z = checks.checked_forward(eager, probe, len(output_names))
    jacobian = checks.compute_jacobian(eager, probe)

    described, left_out = _describe(eager, shape, probe) if layers else (None, "switched off")
    if not torchscript and described is None:
        raise ExportError(f"nothing to write: no TorchScript asked for, and no layers ({left_out})")

    model = {
        "format": FORMAT,
        "name": name,
        "version": version,
        "tolerance": tolerance,
        "input": {"shape": list(shape), "features": list(features)},
        "output": {"names": list(output_names)},
    }
    tensors: Tensors = {}
    if preprocessing.tensors():
        tensors = {f"preprocessing.{key}": value for key, value in preprocessing.tensors().items()}
        model["preprocessing"] = {key: f"preprocessing.{key}" for key in preprocessing.tensors()}
    if described is not None:
        model["layers"] = described[0]
        tensors |= described[1]
    if drawn is not None:
        model["reference"] = "reference"
        tensors["reference"] = drawn

    out_dir = Path(out_dir)
    out_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out_dir) as staging:
        if torchscript:
            _write_encoder(eager, probe, jacobian, Path(staging, "encoder.pt"))
        if tensors:
            save_file(tensors, Path(staging, "tensors.safetensors"))
            Path(staging, "tensors.safetensors").chmod(0o644)  # safetensors writes files for their owner only
        text = json.dumps(model, indent=2, ensure_ascii=False) + "\n"
        Path(staging, "model.json").write_text(text, "utf-8")
        _move_into_place(Path(staging), out_dir)

    error = checks.relative_error(z, jacobian, probe)
    rows = 0 if drawn is None else len(drawn)
    return ExportReport(out_dir, torchscript, described is not None, left_out, error, error <= tolerance, rows)


def _float32(value: ArrayLike | None) -> NDArray[np.float32] | None:
    return None if value is None else np.ascontiguousarray(np.asarray(value, dtype=np.float32))


def _check_names(features: Sequence[str], output_names: Sequence[str]) -> None:
    for kind, names in (("feature", features), ("output", output_names)):
        if not names:
            raise ExportError(f"no {kind} names given")
        repeated = sorted(name for name, count in Counter(names).items() if count > 1)
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


def _draw(reference: ArrayLike, feature_count: int, rows: int, seed: int) -> NDArray[np.float32]:
    """Rows of the training data (rows, D), float32: drawn without replacement, in their order."""
    given = np.asarray(reference, dtype=np.float32)
    if rows < _FEWEST_REFERENCE_ROWS:
        raise ExportError(f"{rows} reference rows are too few to compare with; take {_FEWEST_REFERENCE_ROWS} or more")
    if given.ndim != 2 or given.shape[1] != feature_count:
        raise ExportError(f"reference has shape {list(given.shape)}, expected [n, {feature_count}]")
    if not np.isfinite(given).all():
        row, feature = np.argwhere(~np.isfinite(given))[0]
        raise ExportError(f"reference has {given[row, feature]} in row {row}, feature {feature}; leave such rows out")
    most = min(_MOST_REFERENCE_ROWS, _MOST_REFERENCE_VALUES // feature_count)
    if most < _FEWEST_REFERENCE_ROWS:
        widest = _MOST_REFERENCE_VALUES // _FEWEST_REFERENCE_ROWS
        raise ExportError(f"reference: with more than {widest} features attributions are not watched; leave it out")
    count = min(rows, most, len(given))
    if count < _FEWEST_REFERENCE_ROWS:
        raise ExportError(f"reference has {count} rows, too few to compare with; give {_FEWEST_REFERENCE_ROWS} or more")
    chosen = np.random.default_rng(seed).choice(len(given), count, replace=False)
    return np.ascontiguousarray(given[np.sort(chosen)])


def _probe_rows(
    shape: tuple[int, ...], preprocessing: Preprocessing, feature_count: int, example: ArrayLike | None
) -> Tensor:
    """Encoder inputs to check with: (_PROBE_ROWS, *shape), float32; given rows are repeated or cut."""
    if example is None:
        return torch.randn(_PROBE_ROWS, *shape, generator=torch.Generator().manual_seed(0))
    raw = np.asarray(example, dtype=np.float32)
    if raw.ndim != 2 or raw.shape[1] != feature_count or not len(raw):
        raise ExportError(f"example has shape {list(raw.shape)}, expected [n, {feature_count}]")
    repeated = np.resize(raw, (_PROBE_ROWS, feature_count))
    inputs = preprocessing.apply(repeated).astype(np.float32)
    return torch.from_numpy(inputs).reshape(len(inputs), *shape)


def _describe(
    eager: nn.Module, shape: tuple[int, ...], probe: Tensor
) -> tuple[tuple[list[Layer], Tensors] | None, str | None]:
    """The described layers, or None and the reason; described layers were checked against the module."""
    try:
        layers, tensors = describe_layers(eager, len(shape))
    except UnrecognisedModule as reason:
        return None, str(reason)
    checks.check_layers(eager, layers, tensors, probe)
    return (layers, tensors), None


def _write_encoder(eager: nn.Module, probe: Tensor, jacobian: Tensor, path: Path) -> None:
    """Write what scripting gives, or tracing where the scripted module cannot be made, saved or matched."""
    failure = ExportError("no way to compile the encoder")
    for compile_encoder in ways_to_compile(eager, probe):
        try:
            write_torchscript(compile_encoder(), path)
            checks.check_torchscript(eager, path, probe, jacobian)
            return
        except ExportError as cause:
            failure = cause
        except Exception as cause:
            reason = checks.one_line(cause)
            failure = ExportError(f"the encoder cannot be compiled to TorchScript: {reason}")
    raise failure


def _move_into_place(staging: Path, out_dir: Path) -> None:
    """Replace the files of an earlier export, which stay untouched when an export fails."""
    for file in _FILES:
        if (staging / file).exists():
            (staging / file).replace(out_dir / file)
        else:
            (out_dir / file).unlink(missing_ok=True)
