"""Write an encoder and its preprocessing as a bundle folder, format attribution-bundle/2 or /1."""

from __future__ import annotations

import json
import math
import tempfile
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from safetensors.numpy import save_file
from torch import Tensor, nn

from . import encoder_checks as checks
from . import probes
from .defaults import DEFAULT_REFERENCE_ROWS, DEFAULT_TOLERANCE, METHODS
from .encoder_checks import ExportError
from .graph_description import Graph, NoGraph, export_graph
from .graph_encoder import GraphEncoder
from .graph_verdict import Verdict, judge
from .layer_description import Layer, Tensors, UnrecognisedModule, describe_layers
from .sklearn_preprocessing import UnknownTransformer, read_transformer
from .torchscript import ways_to_compile, write_torchscript

FORMAT = "attribution-bundle"
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
    """What was written.

    ``layers_left_out`` says why there is no ``layers`` section, and ``graph_left_out`` why there is no ``graph``
    (bundle format 1). ``method`` is what the application takes for this encoder, ``reason`` why; ``method`` is None
    where there is no graph to judge by. ``notes`` has what was converted, one sentence each.
    """

    path: Path
    torchscript: bool
    layers: bool
    layers_left_out: str | None
    relative_error: float
    exact: bool
    reference_rows: int
    bundle_format: int = 1
    graph_left_out: str | None = None
    method: str | None = None
    reason: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Encoder:
    """The encoder's part of a bundle: what model.json says, the tensors it names, and what was found."""

    bundle_format: int
    model: dict[str, Any]
    tensors: Tensors
    error: float
    verdict: Verdict | None
    layers_left_out: str | None = None
    graph_left_out: str | None = None
    notes: tuple[str, ...] = ()


def export_bundle(
    encoder: nn.Module | torch.export.ExportedProgram,
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
    bundle_format: int | None = None,
    preprocessing: Any = None,
    baseline: ArrayLike | str | None = None,
    method: str | None = None,
    require: str | None = None,
) -> ExportReport:
    """Write ``encoder`` and its preprocessing as a bundle folder.

    Args:
        encoder: module ``(n, *input_shape) -> (n, O)``; of a tuple output the first tensor counts. It is
            copied, so it keeps its mode, device and dtype. Or what ``torch.export.export`` gave.
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
        layers: in format 1, write a ``layers`` section where every module is recognised.
        torchscript: in format 1, write ``encoder.pt``.
        output: the name of the embedding where the encoder returns a dictionary, or its index in a tuple.
        bundle_format: 2 (the graph of ``torch.export``) or 1 (TorchScript and layers); by default 2, and 1 where
            ``torch.export`` cannot export the encoder.
        preprocessing: a fitted scikit-learn transformer, in the place of mean, scale and components.
        baseline: raw features (D,) that contributions are counted from, "zeros", or "mean" (the default).
        method: of the contributions; by default ("auto") the application decides.
        require: "exact" refuses an encoder without f(e) = J(e) e, "complete" one whose contributions do not add up.

    Raises:
        ExportError: shapes disagree, rows depend on each other, or what was written differs from the module.
    """
    shape = tuple(int(size) for size in input_shape)
    transform = _transform(preprocessing, mean, scale, components)
    _check_names(features, output_names)
    _check_shapes(shape, len(features), transform)
    _check_choices(bundle_format, method, require, reference)
    start = _baseline(baseline, len(features))
    drawn = None if reference is None else _draw(reference, len(features), reference_rows, reference_seed)
    eager = checks.eval_copy(encoder, output)

    graph, no_graph = (None, None) if bundle_format == 1 else _try_graph(eager, shape)
    indices = probes.index_columns(eager, graph, shape) if graph else {}
    probe = _probe_rows(shape, transform, len(features), example, indices)
    z = checks.checked_forward(eager, probe, len(output_names))
    jacobian = checks.compute_jacobian(eager, probe)
    error = checks.relative_error(z, jacobian, probe)
    if isinstance(encoder, torch.export.ExportedProgram):
        checks.check_program(encoder, eager, probe)
    if graph:
        try:
            checks.check_graph(eager, graph, probe, jacobian)
        except ExportError as failure:
            graph, no_graph = None, str(failure)
    if bundle_format == 2 and graph is None:
        raise ExportError(f"torch.export: {no_graph}")
    if graph:
        measured = _measure(eager, shape, len(output_names), indices, probe, example)
        part = _graph_part(graph, measured, indices, error, tolerance)
    else:
        part = _torchscript_part(eager, probe, shape, error, tolerance, layers, torchscript, no_graph)
    _check_requirement(require, method, part, error <= tolerance)

    model: dict[str, Any] = {
        "format": f"{FORMAT}/{part.bundle_format}",
        "name": name,
        "version": version,
        "tolerance": tolerance,
        "input": {"shape": list(shape), "features": list(features)},
        "output": {"names": list(output_names)},
    }
    tensors: Tensors = {}
    if transform.tensors():
        tensors = {f"preprocessing.{key}": value for key, value in transform.tensors().items()}
        model["preprocessing"] = {key: f"preprocessing.{key}" for key in transform.tensors()}
    model |= part.model
    tensors |= part.tensors
    if drawn is not None:
        model["reference"] = "reference"
        tensors["reference"] = drawn
    if start is not None:
        model["baseline"] = "baseline"
        tensors["baseline"] = start
    # Format 1 without a method is read as jacobian; it was written before there were others.
    fell_back = part.bundle_format == 1 and bundle_format is None
    if method not in (None, "auto") or fell_back or (method == "auto" and part.bundle_format == 1):
        model["method"] = method or "auto"

    out_dir = Path(out_dir)
    out_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out_dir) as staging:
        if part.bundle_format == 1 and torchscript:
            _write_encoder(eager, probe, jacobian, Path(staging, "encoder.pt"), part.graph_left_out)
        if tensors:
            save_file(tensors, Path(staging, "tensors.safetensors"))
            Path(staging, "tensors.safetensors").chmod(0o644)  # safetensors writes files for their owner only
        Path(staging, "model.json").write_text(_json(model), "utf-8")
        _move_into_place(Path(staging), out_dir)

    return ExportReport(
        out_dir,
        part.bundle_format == 1 and torchscript,
        "layers" in part.model,
        part.layers_left_out,
        error,
        error <= tolerance,
        0 if drawn is None else len(drawn),
        part.bundle_format,
        part.graph_left_out,
        part.verdict and part.verdict.method,
        part.verdict.reason if part.verdict else "",
        part.notes,
    )


def _transform(preprocessing: Any, *arrays: ArrayLike | None) -> Preprocessing:
    """``arrays``: mean, scale and components, where there is no transformer."""
    if preprocessing is None:
        return Preprocessing(*(_float32(value) for value in arrays))
    if any(value is not None for value in arrays):
        raise ExportError("give a preprocessing, or mean, scale and components, not both")
    try:
        found = read_transformer(preprocessing)
    except UnknownTransformer as reason:
        raise ExportError(f"preprocessing: {reason}") from reason
    return Preprocessing(**{key: _float32(value) for key, value in found.items()})


def _check_choices(bundle_format: int | None, method: str | None, require: str | None, reference: Any) -> None:
    for given, known in (
        (bundle_format, (1, 2)),
        (method, ("auto", *METHODS)),
        (require, ("exact", "complete")),
    ):
        if given is not None and given not in known:
            raise ExportError(f"{given!r} is not known (known: {', '.join(map(str, known))})")
    if method == "expected_gradients" and reference is None:
        raise ExportError("method expected_gradients needs reference rows, which it takes its baselines from")


def _baseline(baseline: ArrayLike | str | None, feature_count: int) -> NDArray[np.float32] | None:
    if baseline is None or (isinstance(baseline, str) and baseline == "mean"):
        return None
    if isinstance(baseline, str):
        if baseline != "zeros":
            raise ExportError(f"baseline {baseline!r} is not known (known: mean, zeros, or an array)")
        return np.zeros(feature_count, dtype=np.float32)
    given = _float32(baseline)
    if given.shape != (feature_count,):
        raise ExportError(f"baseline has shape {list(given.shape)}, expected [{feature_count}]")
    if not np.isfinite(given).all():
        raise ExportError("baseline has values that are not finite")
    return given


def _try_graph(eager: nn.Module, shape: tuple[int, ...]) -> tuple[Graph | None, str | None]:
    """The graph, or None and the reason."""
    if isinstance(eager, GraphEncoder):
        return eager.graph, None
    try:
        return export_graph(eager, shape), None
    except NoGraph as reason:
        return None, str(reason)


def _measure(
    eager: nn.Module,
    shape: tuple[int, ...],
    outputs: int,
    indices: dict[int, int],
    probe: Tensor,
    example: ArrayLike | None,
) -> probes.Probe:
    """Probe rows of the bundle; rows of the example where the encoder does not take the usual ones."""
    count = probes.row_count(outputs, math.prod(shape))
    try:
        return probes.measure(eager, probes.encoder_inputs(count, shape, indices))
    except ExportError:
        if example is None:
            raise
        return probes.measure(eager, probe[:count])


def _graph_part(
    graph: Graph, measured: probes.Probe, indices: dict[int, int], error: float, tolerance: float
) -> _Encoder:
    # The numbers of a detached tensor, or of an index, say nothing about the derivative.
    telling = not indices and all(node["op"] != "aten.detach.default" for node in graph.nodes)
    linear = measured.piecewise_linear if telling else None
    rows = {"inputs": measured.inputs.flatten(1), "outputs": measured.outputs, "jacobian": measured.jacobian}
    model = {"graph": graph.description, "probe": {key: f"probe.{key}" for key in rows}}
    tensors = graph.tensors | {f"probe.{key}": _float32(value.numpy()) for key, value in rows.items()}
    verdict = judge(graph, exact=error <= tolerance, piecewise_linear=linear)
    notes = (*graph.notes, measured.note) if measured.note else graph.notes
    return _Encoder(2, model, tensors, error, verdict, notes=notes)


def _torchscript_part(
    eager: nn.Module,
    probe: Tensor,
    shape: tuple[int, ...],
    error: float,
    tolerance: float,
    layers: bool,
    torchscript: bool,
    no_graph: str | None,
) -> _Encoder:
    described, left_out = _describe(eager, shape, probe) if layers else (None, "switched off")
    if not torchscript and described is None:
        raise ExportError(f"nothing to write: no TorchScript asked for, and no layers ({left_out})")
    model = {} if described is None else {"layers": described[0]}
    verdict = Verdict("jacobian", "f(e) = J(e)·e") if error <= tolerance else None
    tensors = {} if described is None else described[1]
    return _Encoder(1, model, tensors, error, verdict, layers_left_out=left_out, graph_left_out=no_graph)


def _check_requirement(require: str | None, method: str | None, part: _Encoder, exact: bool) -> None:
    """``exact``: method jacobian, where f(e) = J(e) e. ``complete``: a method whose contributions add up."""
    fitting = part.verdict.method if part.verdict else None
    chosen = fitting if method in (None, "auto") else method
    if require == "exact" and not (exact and chosen == "jacobian"):
        why = part.verdict.reason if part.verdict else "f(e) differs from J(e)·e"
        raise ExportError(f"not exact: method {chosen or 'auto'}, {why}; f(e) = J(e)·e fails by {part.error:.1e}")
    adds_up = {"jacobian": exact, "affine": fitting in ("jacobian", "affine", None)}
    if require == "complete" and not adds_up.get(chosen, True):
        why = part.verdict.reason if part.verdict else f"f(e) = J(e)·e fails by {part.error:.1e}"
        raise ExportError(f"not complete: contributions of method {chosen} do not add up: {why}")


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
    shape: tuple[int, ...],
    preprocessing: Preprocessing,
    feature_count: int,
    example: ArrayLike | None,
    indices: dict[int, int],
) -> Tensor:
    """Encoder inputs to check with: (_PROBE_ROWS, *shape), float32; given rows are repeated or cut.

    ``indices``: columns of indices, with a number below which they are valid.
    """
    if example is None and indices:
        return probes.encoder_inputs(_PROBE_ROWS, shape, indices)
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


def _write_encoder(eager: nn.Module, probe: Tensor, jacobian: Tensor, path: Path, no_graph: str | None) -> None:
    """Write what scripting gives, or tracing where the scripted module cannot be made, saved or matched."""
    failure = ExportError("no way to compile the encoder")
    for compile_encoder in ways_to_compile(eager, probe):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # TorchScript is: that is why format 2 exists
                warnings.simplefilter("ignore", FutureWarning)
                write_torchscript(compile_encoder(), path)
                checks.check_torchscript(eager, path, probe, jacobian)
            return
        except ExportError as cause:
            failure = cause
        except Exception as cause:
            reason = checks.one_line(cause)
            failure = ExportError(f"the encoder cannot be compiled to TorchScript: {reason}")
    if no_graph and not isinstance(eager, torch.jit.ScriptModule):
        raise ExportError(f"torch.export: {no_graph}; TorchScript: {failure}") from failure
    raise failure


def _json(model: dict[str, Any]) -> str:
    """Indented, but a node of the graph on each line."""
    mark = '"nodes": "one a line"'  # cannot stand in a string, where its quotes would be escaped
    nodes: list[dict[str, Any]] = model.get("graph", {}).get("nodes", [])
    shown = model | {"graph": model["graph"] | {"nodes": "one a line"}} if nodes else model
    lines = ",".join(f"\n      {json.dumps(node, ensure_ascii=False, allow_nan=False)}" for node in nodes)
    return json.dumps(shown, indent=2, ensure_ascii=False).replace(mark, f'"nodes": [{lines}\n    ]') + "\n"


def _move_into_place(staging: Path, out_dir: Path) -> None:
    """Replace the files of an earlier export, which stay untouched when an export fails."""
    for file in _FILES:
        if (staging / file).exists():
            (staging / file).replace(out_dir / file)
        else:
            (out_dir / file).unlink(missing_ok=True)
