"""Read what the command is given: modules in their several forms, and files of names, numbers and rows."""

from __future__ import annotations

import csv
import importlib
import pickle
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file
from torch import Tensor, nn

from . import sklearn_preprocessing
from .encoder_checks import one_line
from .graph_description import quiet

_WITH_WEIGHTS = "give package.module:factory too (--module package.module:factory --state-dict FILE)"
# Files that hold weights or graphs, not modules: what to do instead.
_NO_MODULES = {
    ".onnx": "an ONNX graph; give the PyTorch module it was made of",
    ".safetensors": f"weights without a module; {_WITH_WEIGHTS}",
    ".h5": "a Keras file; give a PyTorch module",
    ".keras": "a Keras file; give a PyTorch module",
}
# Where training scripts put the weights in a checkpoint of their own.
_WEIGHTS_INSIDE = ("state_dict", "model_state_dict", "model")
_WRAPPERS = ("module.", "_orig_mod.")  # of DataParallel and torch.compile


class InputFileError(Exception):
    """A file given to the command cannot be used; the message names it."""


def read_module(source: str, state_dict: Path | None = None) -> nn.Module | torch.export.ExportedProgram:
    """A module from ``file.pt`` (TorchScript or pickled) or ``package.module:factory``, or a program from ``file.pt2``.

    ``state_dict``: a file with weights, which the module takes. All but that run code of whoever wrote them: use
    only sources that you trust.
    """
    if ":" in source and not Path(source).exists():
        module = _module_from_factory(source)
    else:
        module = _module_from_file(source)
    if state_dict is None:
        return module
    if not isinstance(module, nn.Module) or isinstance(module, torch.jit.ScriptModule):
        raise InputFileError(f"{source}: has its weights already; --state-dict goes with package.module:factory")
    return _with_weights(module, state_dict)


def _module_from_file(source: str) -> nn.Module | torch.export.ExportedProgram:
    path = Path(source)
    if path.suffix in _NO_MODULES:
        raise InputFileError(f"{source}: {_NO_MODULES[path.suffix]}")
    try:
        if path.suffix == ".pt2":
            with quiet():
                return torch.export.load(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of torch.jit
            warnings.simplefilter("ignore", FutureWarning)
            script = _is_torchscript(path)
            module = torch.jit.load(path, "cpu") if script else torch.load(path, "cpu", weights_only=False)
    except FileNotFoundError as cause:
        raise InputFileError(f"{source}: no such file") from cause
    except ModuleNotFoundError as cause:
        hint = "run the command in the folder that holds it, or set PYTHONPATH"
        raise InputFileError(
            f"{source}: was pickled with a class of {cause.name!r}, which is not found; {hint}"
        ) from cause
    except Exception as cause:
        kind = "a program of torch.export" if path.suffix == ".pt2" else "a module"
        raise InputFileError(f"{source}: cannot be read as {kind}: {one_line(cause)}") from cause
    if _weights(module) is not None:
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


def _weights(content: Any) -> Mapping[str, Tensor] | None:
    """The state_dict that a file holds, itself or under one of the usual keys; None where it holds something else."""
    if not isinstance(content, Mapping) or not content:
        return None
    if all(isinstance(value, Tensor) for value in content.values()):
        return content
    inside = (content[key] for key in _WEIGHTS_INSIDE if isinstance(content.get(key), Mapping))
    return next((found for found in map(_weights, inside) if found is not None), None)


def _with_weights(module: nn.Module, path: Path) -> nn.Module:
    try:
        if path.suffix == ".safetensors":
            content: Any = {key: torch.from_numpy(value) for key, value in load_file(path).items()}
        else:
            content = torch.load(path, "cpu", weights_only=True)
    except FileNotFoundError as cause:
        raise InputFileError(f"{path}: no such file") from cause
    except pickle.UnpicklingError as cause:
        raise InputFileError(f"{path}: holds more than weights; save module.state_dict() alone") from cause
    except Exception as cause:
        raise InputFileError(f"{path}: cannot be read as a state_dict: {one_line(cause)}") from cause
    weights = _weights(content)
    if weights is None:
        raise InputFileError(f"{path}: holds no state_dict")
    for wrapper in _WRAPPERS:
        if all(key.startswith(wrapper) for key in weights):
            weights = {key.removeprefix(wrapper): value for key, value in weights.items()}
    try:
        module.load_state_dict(weights)
    except RuntimeError as cause:
        misfit = " ".join(str(cause).split())[:300]
        raise InputFileError(f"{path}: the weights do not fit: {misfit}") from cause
    return module


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


def read_preprocessing(path: Path) -> tuple[dict[str, NDArray], list[str] | None]:
    """Tensors ``mean``, ``scale`` and ``components``, each optional, and the features' names where the file has them.

    From a .safetensors or .npz file, or from a fitted scikit-learn transformer (.joblib, .pickle, .pkl).
    """
    if path.suffix in sklearn_preprocessing.SUFFIXES:
        return _read_transformer(path)
    if path.suffix not in (".safetensors", ".npz"):
        raise InputFileError(f"{path}: unknown format (known: .npz, .safetensors, .joblib, .pickle, .pkl)")
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
    return tensors, None


def _read_transformer(path: Path) -> tuple[dict[str, NDArray], list[str] | None]:
    try:
        transformer = sklearn_preprocessing.load_transformer(path)
    except FileNotFoundError as cause:
        raise InputFileError(f"{path}: no such file") from cause
    except ModuleNotFoundError as cause:
        raise InputFileError(f"{path}: {cause.name!r} is needed to read it: pip install scikit-learn") from cause
    except Exception as cause:
        raise InputFileError(f"{path}: cannot be read with joblib: {one_line(cause)}") from cause
    try:
        found = sklearn_preprocessing.read_transformer(transformer)
    except sklearn_preprocessing.UnknownTransformer as cause:
        raise InputFileError(f"{path}: {cause}") from cause
    return found, sklearn_preprocessing.feature_names(transformer)


def read_baseline(text: str) -> NDArray | str:
    """``zeros``, ``mean``, or the raw features (D,) of a .npy file."""
    if text in ("zeros", "mean"):
        return text
    path = Path(text)
    if path.suffix != ".npy":
        raise InputFileError(f"{path}: unknown baseline (known: mean, zeros, FILE.npy)")
    try:
        return np.asarray(np.load(path, allow_pickle=False), dtype=np.float32)
    except (OSError, EOFError, TypeError, ValueError) as cause:
        raise InputFileError(f"{path}: {one_line(cause)}") from cause


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
