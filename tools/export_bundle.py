#!/usr/bin/env python3
"""Export a PyTorch encoder as a model bundle: a folder with model.json, encoder.pt and tensors.safetensors.

The bundle carries the encoder as TorchScript, its preprocessing and, where every module is recognised, its
layers. Everything written is read back and compared with the module before the export succeeds.
Run it as a command, or call ``export_bundle``.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import math
import sys
import traceback
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parent))
from bundle_writer import DEFAULT_REFERENCE_ROWS, DEFAULT_TOLERANCE, ExportReport, export_bundle
from encoder_checks import ExportError, eval_copy, one_line, output_count
from glassbox_checkpoint import CheckpointError, read_checkpoint

__all__ = ["DEFAULT_TOLERANCE", "ExportError", "ExportReport", "export_bundle", "main"]


# Files that hold weights or graphs, not modules: what to do instead.
_NO_MODULES = {
    ".onnx": "an ONNX graph; give the PyTorch module it was made of",
    ".pt2": "a torch.export program; give the module it was made of, or save it with torch.jit",
    ".safetensors": "weights without a module; give package.module:factory, whose result has loaded them",
    ".h5": "a Keras file; give a PyTorch module",
    ".keras": "a Keras file; give a PyTorch module",
}


class InputFileError(Exception):
    """A file given to the command cannot be used; the message names it."""


def read_module(source: str) -> nn.Module:
    """A module from ``file.pt`` (TorchScript or pickled) or ``package.module:factory``.

    Both run code of whoever wrote them: use only sources that you trust.
    """
    if ":" in source and not Path(source).exists():
        return _module_from_factory(source)
    path = Path(source)
    if path.suffix in _NO_MODULES:
        raise InputFileError(f"{source}: {_NO_MODULES[path.suffix]}")
    try:
        module = torch.jit.load(path, "cpu") if _is_torchscript(path) else torch.load(path, "cpu", weights_only=False)
    except FileNotFoundError as cause:
        raise InputFileError(f"{source}: no such file") from cause
    except ModuleNotFoundError as cause:
        hint = "run the command in the folder that holds it, or set PYTHONPATH"
        raise InputFileError(
            f"{source}: was pickled with a class of {cause.name!r}, which is not found; {hint}"
        ) from cause
    except Exception as cause:
        raise InputFileError(f"{source}: cannot be read as a module: {one_line(cause)}") from cause
    if isinstance(module, Mapping) and all(isinstance(value, torch.Tensor) for value in module.values()):
        raise InputFileError(f"{source}: holds {_NO_MODULES['.safetensors']}")
    if not isinstance(module, nn.Module):
        raise InputFileError(f"{source}: holds a {type(module).__name__}, not a module")
    return module


def _module_from_factory(source: str) -> nn.Module:
    module_name, _, attribute = source.partition(":")
    try:
        found = getattr(importlib.import_module(module_name), attribute)
        module = found if isinstance(found, nn.Module) else found()
    except Exception as cause:
        raise InputFileError(f"{source}: {one_line(cause)}") from cause
    if not isinstance(module, nn.Module):
        raise InputFileError(f"{source}: gives a {type(module).__name__}, not a module")
    return module


def _is_torchscript(path: Path) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return any(entry.endswith("/constants.pkl") for entry in archive.namelist())


def read_feature_names(path: Path) -> list[str]:
    """Feature names from a CSV header, or from a text file with one name per line."""
    try:
        # A spreadsheet puts a byte order mark before the first name.
        rows = [row for row in csv.reader(path.read_text("utf-8-sig").splitlines()) if row]
    except (OSError, UnicodeDecodeError, csv.Error) as cause:
        raise InputFileError(f"{path}: {one_line(cause)}") from cause
    if not rows:
        raise InputFileError(f"{path}: no feature names")
    names = rows[0] if len(rows[0]) > 1 else [row[0] for row in rows]
    return [name.strip() for name in names]


def read_preprocessing(path: Path) -> dict[str, NDArray]:
    """Tensors ``mean``, ``scale`` and ``components``, each optional, from a .safetensors or .npz file."""
    if path.suffix not in (".safetensors", ".npz"):
        raise InputFileError(f"{path}: unknown format (known: .npz, .safetensors)")
    try:
        tensors = load_file(path) if path.suffix == ".safetensors" else dict(np.load(path, allow_pickle=False))
    except Exception as cause:
        raise InputFileError(f"{path}: {one_line(cause)}") from cause
    unknown = sorted(tensors.keys() - {"mean", "scale", "components"})
    if unknown:
        raise InputFileError(f"{path}: unknown tensor {unknown[0]!r} (known: mean, scale, components)")
    axes = {"mean": 1, "scale": 1, "components": 2}
    for name, value in tensors.items():
        if value.ndim != axes[name] or value.dtype.kind not in "fiu":
            shape = f"{value.dtype} of shape {list(value.shape)}"
            raise InputFileError(f"{path}: {name} is {shape}; expected numbers with {axes[name]} axes")
    return tensors


def read_reference(path: Path, features: Sequence[str]) -> NDArray[np.float32]:
    """Rows (n, D) from a .npy file, or from a CSV file whose header has all features; other columns are left out."""
    if path.suffix not in (".npy", ".csv"):
        raise InputFileError(f"{path}: unknown format (known: .csv, .npy)")
    try:
        return _reference_array(path) if path.suffix == ".npy" else _reference_table(path, features)
    except (OSError, EOFError, TypeError, ValueError, csv.Error) as cause:
        raise InputFileError(f"{path}: {one_line(cause)}") from cause


def _reference_array(path: Path) -> NDArray[np.float32]:
    return np.asarray(np.load(path, allow_pickle=False), dtype=np.float32)


def _reference_table(path: Path, features: Sequence[str]) -> NDArray[np.float32]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        lines = csv.reader(file)
        header = [name.strip() for name in next(lines, [])]
        places = {name: column for column, name in reversed(list(enumerate(header)))}
        missing = [name for name in features if name not in places]
        if missing:
            raise InputFileError(f"{path}: no column {missing[0]!r} (--features names the columns)")
        columns = [places[name] for name in features]
        return np.array([_numbers(path, lines.line_num, line, columns) for line in lines if line], dtype=np.float32)


def _numbers(path: Path, line_number: int, line: list[str], columns: list[int]) -> list[float]:
    try:
        return [float(line[column]) for column in columns]
    except (IndexError, ValueError) as cause:
        raise InputFileError(f"{path}: line {line_number}: {one_line(cause)}") from cause


def _export_checkpoint(arguments: argparse.Namespace) -> ExportReport:
    try:
        checkpoint = read_checkpoint(arguments.checkpoint)
    except CheckpointError as cause:
        raise InputFileError(str(cause)) from cause
    features = _feature_names(arguments, checkpoint.feature_count)
    return export_bundle(
        checkpoint.encoder,
        arguments.out,
        input_shape=checkpoint.encoder_shape,
        features=features,
        output_names=_output_names(arguments, checkpoint.output_count),
        mean=checkpoint.mean,
        components=checkpoint.components,
        **_common(arguments, arguments.checkpoint.stem, features),
    )


def _export_module(arguments: argparse.Namespace) -> ExportReport:
    module = read_module(arguments.module)
    shape = arguments.input_shape
    preprocessing = read_preprocessing(arguments.preprocessing) if arguments.preprocessing else {}
    count = preprocessing["components"].shape[-1] if "components" in preprocessing else math.prod(shape)
    features = _feature_names(arguments, count)
    return export_bundle(
        module,
        arguments.out,
        input_shape=shape,
        features=features,
        output_names=_output_names(
            arguments, output_count(eval_copy(module, arguments.output), torch.zeros(2, *shape))
        ),
        output=arguments.output,
        **preprocessing,
        **_common(arguments, arguments.out.name, features),
    )


def _feature_names(arguments: argparse.Namespace, count: int) -> list[str]:
    if arguments.features is None:
        return [f"feature_{k}" for k in range(count)]
    names = read_feature_names(arguments.features)
    if len(names) != count:
        raise InputFileError(f"{arguments.features}: {len(names)} feature names, but the encoder takes {count}")
    return names


def _output_names(arguments: argparse.Namespace, count: int) -> list[str]:
    return arguments.output_names or [f"embedding_{i}" for i in range(count)]


def _common(arguments: argparse.Namespace, default_name: str, features: Sequence[str]) -> dict[str, Any]:
    return {
        "name": arguments.name or default_name,
        "version": arguments.bundle_version,
        "tolerance": arguments.tolerance,
        "layers": arguments.layers,
        "torchscript": arguments.torchscript,
        "reference": read_reference(arguments.reference, features) if arguments.reference else None,
        "reference_rows": arguments.reference_rows,
        "reference_seed": arguments.reference_seed,
    }


def _sizes(text: str) -> tuple[int, ...]:
    try:
        sizes = tuple(int(size) for size in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of sizes such as 64 or 1,28,28") from None
    if min(sizes) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} has a size below 1")
    return sizes


def _tolerance(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (0 < value < math.inf):
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Export a PyTorch encoder as a model bundle: a folder with model.json, encoder.pt and "
        "tensors.safetensors.",
        epilog="""examples:
  export_bundle.py --checkpoint umap.pt --features data.csv --out bundle
  export_bundle.py --module encoder.pt --input-shape 64 --out bundle
  export_bundle.py --module my_project.models:make_encoder --input-shape 1,28,28 --out bundle

exit codes: 0 written, 2 bad usage, 3 the encoder cannot be exported, 4 a file given cannot be used, 1 anything else.
Checkpoints and modules run the code of whoever wrote them: use only files that you trust.""",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--checkpoint", type=Path, metavar="FILE", help="what GlassBoxUMAP.save wrote")
    source.add_argument(
        "--module", metavar="SOURCE", help="TorchScript or pickled module (file.pt), or package.module:factory"
    )
    parser.add_argument(
        "--import",
        dest="imports",
        action="append",
        default=[],
        metavar="MODULE",
        help="import this Python module first, for example one that registers encoders with glass-box-umap; repeatable",
    )
    parser.add_argument(
        "--output",
        type=lambda text: int(text) if text.isdigit() else text,
        metavar="NAME",
        help="with --module: the embedding's name where the encoder returns a dictionary, its index in a tuple "
        "(default: the first)",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="bundle folder to write")
    parser.add_argument("--name", help="model name (default: from the checkpoint's or the folder's name)")
    parser.add_argument("--bundle-version", default="1", metavar="VERSION", help="model version (default: 1)")
    parser.add_argument(
        "--input-shape",
        type=_sizes,
        metavar="N[,N...]",
        help="with --module: one encoder input, without the batch axis",
    )
    parser.add_argument(
        "--preprocessing",
        type=Path,
        metavar="FILE",
        help="with --module: .npz or .safetensors with mean [D], scale [D], components [K,D], each optional",
    )
    parser.add_argument(
        "--features",
        type=Path,
        metavar="FILE",
        help="raw feature names: a CSV header, or one name per line (default: feature_0, feature_1, ...)",
    )
    parser.add_argument(
        "--output-names",
        type=lambda text: text.split(","),
        metavar="A,B,...",
        help="default: embedding_0, embedding_1, ...",
    )
    parser.add_argument(
        "--tolerance",
        type=_tolerance,
        default=DEFAULT_TOLERANCE,
        help="largest relative error of f(e) = J(e) e that counts as exact (default: %(default)s)",
    )
    parser.add_argument(
        "--reference",
        type=Path,
        metavar="FILE",
        help="a sample of the training data, what attributions in service are compared with: a CSV file with the "
        "features' names as header, or .npy (n, D)",
    )
    parser.add_argument(
        "--reference-rows",
        type=int,
        default=DEFAULT_REFERENCE_ROWS,
        metavar="N",
        help="rows of it, drawn at random, that go into the bundle (default: %(default)s)",
    )
    parser.add_argument(
        "--reference-seed", type=int, default=0, metavar="SEED", help="of the draw (default: %(default)s)"
    )
    parser.add_argument("--no-layers", dest="layers", action="store_false", help="write no layers section")
    parser.add_argument("--no-torchscript", dest="torchscript", action="store_false", help="write no encoder.pt")
    parser.add_argument("--verbose", action="store_true", help="show the stack trace of a failure")
    return parser


def _print_report(report: ExportReport) -> None:
    kind = "exact" if report.exact else "approximate: contributions do not add up to the output"
    parts = ["TorchScript"] * report.torchscript + ["layers"] * report.layers
    print(f"wrote {report.path} ({' and '.join(parts)}); f(e) = J(e)e to {report.relative_error:.1e} relative, {kind}")
    if not report.layers:
        print(f"no layers: {report.layers_left_out}")
    if report.reference_rows:
        print(f"reference: {report.reference_rows} rows")


def _import(modules: Sequence[str]) -> None:
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception as cause:
            raise InputFileError(f"--import {name}: {one_line(cause)}") from cause


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    if arguments.module and arguments.input_shape is None:
        parser.error("--module needs --input-shape")
    if arguments.checkpoint and (arguments.input_shape or arguments.preprocessing or arguments.output is not None):
        parser.error("--input-shape, --preprocessing and --output go with --module")
    sys.path.insert(1, "")  # factories and pickled classes of the current folder
    try:
        _import(arguments.imports)
        report = _export_module(arguments) if arguments.module else _export_checkpoint(arguments)
    except (ExportError, InputFileError, OSError) as failure:
        if arguments.verbose:
            traceback.print_exc()
        print(f"export_bundle: {failure}", file=sys.stderr)
        return 3 if isinstance(failure, ExportError) else 4
    except Exception as failure:
        if arguments.verbose:
            traceback.print_exc()
        print(f"export_bundle: {type(failure).__name__}: {one_line(failure)} (--verbose shows where)", file=sys.stderr)
        return 1
    _print_report(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
