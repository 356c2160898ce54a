"""The command ``attribution-export``: a PyTorch encoder to a model bundle, a folder of files."""

from __future__ import annotations

import argparse
import importlib
import math
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .defaults import DEFAULT_REFERENCE_ROWS, DEFAULT_TOLERANCE, METHODS

if TYPE_CHECKING:
    from .bundle_writer import ExportReport

# PyTorch is imported by the functions that need it: --help works without.


def _export_checkpoint(arguments: argparse.Namespace) -> ExportReport:
    from .bundle_writer import export_bundle
    from .glassbox_checkpoint import CheckpointError, read_checkpoint
    from .sources import InputFileError

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
    import torch

    from .bundle_writer import export_bundle
    from .encoder_checks import eval_copy, output_count
    from .sources import read_module, read_preprocessing

    module = read_module(arguments.module, arguments.state_dict)
    shape = arguments.input_shape
    preprocessing, names = read_preprocessing(arguments.preprocessing) if arguments.preprocessing else ({}, None)
    count = preprocessing["components"].shape[-1] if "components" in preprocessing else math.prod(shape)
    features = _feature_names(arguments, count, names)
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


def _feature_names(arguments: argparse.Namespace, count: int, known: list[str] | None = None) -> list[str]:
    """``known``: the names that the preprocessing has, for where none are given."""
    from .sources import InputFileError, read_feature_names

    if arguments.features is None:
        return known if known is not None and len(known) == count else [f"feature_{k}" for k in range(count)]
    names = read_feature_names(arguments.features)
    if len(names) != count:
        raise InputFileError(f"{arguments.features}: {len(names)} feature names, but the encoder takes {count}")
    return names


def _output_names(arguments: argparse.Namespace, count: int) -> list[str]:
    return arguments.output_names or [f"embedding_{i}" for i in range(count)]


def _common(arguments: argparse.Namespace, default_name: str, features: Sequence[str]) -> dict[str, Any]:
    from .sources import read_baseline, read_reference

    return {
        "name": arguments.name or default_name,
        "version": arguments.bundle_version,
        "tolerance": arguments.tolerance,
        "layers": arguments.layers,
        "torchscript": arguments.torchscript,
        "reference": read_reference(arguments.reference, features) if arguments.reference else None,
        "reference_rows": arguments.reference_rows,
        "reference_seed": arguments.reference_seed,
        "bundle_format": arguments.bundle_format,
        "baseline": None if arguments.baseline is None else read_baseline(arguments.baseline),
        "method": arguments.method,
        "require": arguments.require,
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
        description="Export a PyTorch encoder as a model bundle: a folder with model.json and tensors.safetensors "
        "(format 2), and encoder.pt (format 1).",
        epilog="""examples:
  %(prog)s --checkpoint umap.pt --features data.csv --out bundle
  %(prog)s --module encoder.pt --input-shape 64 --out bundle
  %(prog)s --module my_project.models:make_encoder --state-dict weights.pt --input-shape 1,28,28 --out bundle
  %(prog)s --module encoder.pt2 --input-shape 64 --preprocessing pipeline.joblib --require complete --out bundle

exit codes: 0 written, 2 bad usage, 3 the encoder cannot be exported or is not what --require demands,
4 a file given cannot be used, 1 anything else.
Checkpoints and modules run the code of whoever wrote them: use only files that you trust.""",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--checkpoint", type=Path, metavar="FILE", help="what GlassBoxUMAP.save wrote")
    source.add_argument(
        "--module",
        metavar="SOURCE",
        help="pickled module or TorchScript (file.pt), a saved torch.export program (file.pt2), or "
        "package.module:factory",
    )
    parser.add_argument(
        "--state-dict",
        type=Path,
        metavar="FILE",
        help="with --module package.module:factory: weights that the module takes (torch.save or .safetensors)",
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
        help="with --module: .npz or .safetensors with mean [D], scale [D], components [K,D], each optional; or "
        ".joblib with a fitted scikit-learn StandardScaler, MinMaxScaler, PCA, Pipeline or ColumnTransformer",
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
    parser.add_argument(
        "--bundle-format",
        type=int,
        choices=(1, 2),
        help="2: the graph of torch.export; 1: TorchScript and layers (default: 2, and 1 where torch.export cannot)",
    )
    parser.add_argument(
        "--baseline",
        metavar="FILE.npy|zeros|mean",
        help="raw features [D] that contributions are counted from (default: mean, of the preprocessing)",
    )
    parser.add_argument(
        "--method",
        choices=("auto", *METHODS),
        help="of the contributions (default: auto, the application decides)",
    )
    parser.add_argument(
        "--require",
        choices=("exact", "complete"),
        help="exit code 3, and nothing written, unless f(e) = J(e) e (exact), or the contributions add up (complete)",
    )
    parser.add_argument("--no-layers", dest="layers", action="store_false", help="in format 1, write no layers section")
    parser.add_argument(
        "--no-torchscript", dest="torchscript", action="store_false", help="in format 1, write no encoder.pt"
    )
    parser.add_argument("--verbose", action="store_true", help="show the stack trace of a failure")
    return parser


def _print_report(report: ExportReport, asked: str | None) -> None:
    kind = "exact" if report.exact else "approximate"
    if report.method is None:
        kind += ": contributions do not add up to the output"
    parts = ["graph"] * (report.bundle_format == 2) + ["TorchScript"] * report.torchscript + ["layers"] * report.layers
    print(f"wrote {report.path} ({' and '.join(parts)}); f(e) = J(e)e to {report.relative_error:.1e} relative, {kind}")
    if report.method and asked in (None, "auto", report.method):
        print(f"method {report.method}: {report.reason}")
    elif report.method:
        print(f"method {asked}, as asked; the application itself would take {report.method}: {report.reason}")
    if report.graph_left_out:
        print(f"bundle format 1: {report.graph_left_out}")
    if report.bundle_format == 1 and not report.layers:
        print(f"no layers: {report.layers_left_out}")
    if report.reference_rows:
        print(f"reference: {report.reference_rows} rows")
    for note in report.notes:
        print(f"note: {note}")


def _import(modules: Sequence[str]) -> None:
    from .encoder_checks import one_line
    from .sources import InputFileError

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
    if arguments.checkpoint and arguments.state_dict:
        parser.error("--state-dict goes with --module")
    try:
        import torch  # noqa: F401
    except ModuleNotFoundError as cause:
        if cause.name != "torch":
            raise
        print("export_bundle: PyTorch is not installed: pip install torch (2.6 or newer)", file=sys.stderr)
        return 1
    from .encoder_checks import ExportError, one_line
    from .sources import InputFileError

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
    _print_report(report, arguments.method)
    return 0
