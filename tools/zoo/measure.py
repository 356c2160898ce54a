"""Export an encoder, let the application check and explain it, and compare what it says with PyTorch in float64."""

from __future__ import annotations

import contextlib
import copy
import functools
import io
import json
import math
import re
import subprocess
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from export_bundle import ExportError, export_bundle
from zoo.data import Rows, draw
from zoo.specimens import Specimen

LAUNCHER = Path(__file__).resolve().parents[2] / "attribution"

_TRAINING_STEPS = 150
_BATCH = 128
_CAPTUM_NODES = 2048
_FASTEST_MEASURED = 0.5  # seconds beyond the start, below which rows per second say nothing


@dataclass(frozen=True)
class Limits:
    """``seconds`` for one command of the application; ``compared`` rows have their contributions compared."""

    rows: int = 200
    compared: int = 20
    seconds: int = 600


class Refused(Exception):
    """The exporter or the application does not take the encoder; the message is theirs."""


def measure(specimen: Specimen, folder: Path, limits: Limits) -> dict[str, Any]:
    """One line of the results. ``refused`` has the message of whoever refused, ``failed`` what broke otherwise."""
    line: dict[str, Any] = {"name": specimen.name, "package": specimen.package, "inputs": math.prod(specimen.shape)}
    line["categories"] = len(specimen.categories)
    try:
        return line | _measure(specimen, folder, limits)
    except Refused as refusal:
        return line | {"refused": str(refusal).replace(str(folder), specimen.name)}
    except Exception as cause:
        return line | {"failed": f"{type(cause).__name__}: {' '.join(str(cause).split())[:300]}"}


def _measure(specimen: Specimen, folder: Path, limits: Limits) -> dict[str, Any]:
    seed = zlib.crc32(specimen.name.encode())
    rows = draw(specimen, limits.rows, seed)
    module = make(specimen, rows, seed)
    x = torch.from_numpy(rows.encoder_inputs(rows.test)).reshape(-1, *specimen.shape)
    with torch.no_grad():
        outputs = _first(module(x[:2].float())).shape[1]
    names = [f"x{i}" for i in range(rows.test.shape[1])]
    started = time.perf_counter()
    try:
        report = export_bundle(
            module, folder, name=specimen.name, version="1", input_shape=specimen.shape, features=names,
            output_names=[f"z{i}" for i in range(outputs)], mean=rows.mean, scale=rows.scale,
        )  # fmt: skip
    except ExportError as refusal:
        raise Refused(f"exporter: {refusal}") from refusal
    line: dict[str, Any] = {
        "outputs": outputs,
        "export_seconds": time.perf_counter() - started,
        "format": report.bundle_format,
        "graph_left_out": report.graph_left_out,
        "expected_method": report.method,
        "reason": report.reason,
        "notes": list(report.notes),
    }
    checked, check_seconds = _attribution("bundle", "validate", str(folder), limits=limits)
    line |= _verdict(checked)
    explained, seconds = _explain(folder, rows.test, names, limits)
    line |= {"seconds": seconds, "rows": len(explained)}
    beyond = seconds - check_seconds
    line["rows_per_second"] = len(explained) / beyond if beyond >= _FASTEST_MEASURED else None
    return line | _compare(specimen, module, rows, explained, limits)


def make(specimen: Specimen, rows: Rows, seed: int) -> nn.Module:
    """The module, in evaluation mode, after training or after batches whose statistics it keeps."""
    torch.manual_seed(seed)
    with contextlib.redirect_stdout(io.StringIO()):
        module = specimen.make()
    inputs = torch.from_numpy(rows.encoder_inputs(rows.training)).float().reshape(-1, *specimen.shape)
    module.train()
    if specimen.trained:
        _train(module, inputs)
    elif any(isinstance(part, nn.modules.batchnorm._BatchNorm) for part in module.modules()):
        with torch.no_grad():
            for batch in inputs.split(_BATCH) * 3:
                module(batch)
    return module.eval()


def _in_float64(module: nn.Module) -> nn.Module:
    """A copy with all of its tensors in float64, those that are no buffers among them."""
    double = copy.deepcopy(module).double()
    for part in double.modules():
        for name, value in vars(part).items():
            if isinstance(value, Tensor) and value.is_floating_point():
                setattr(part, name, value.double())
    return double


def _train(module: nn.Module, inputs: Tensor) -> None:
    with torch.no_grad():
        width = _first(module(inputs[:2])).shape[1]
    flat = inputs.flatten(1)
    targets = torch.sin(flat @ torch.randn(flat.shape[1], width) / math.sqrt(flat.shape[1]) * 2)
    optimizer = torch.optim.Adam((p for p in module.parameters() if p.requires_grad), 1e-2)
    for _ in range(_TRAINING_STEPS):
        chosen = torch.randint(len(inputs), (_BATCH,))
        optimizer.zero_grad()
        loss = ((_first(module(inputs[chosen])) - targets[chosen]) ** 2).mean()
        loss.backward()
        optimizer.step()


def _first(out: Any) -> Tensor:
    return out[0] if isinstance(out, (tuple, list)) else out


def _attribution(*arguments: str, limits: Limits) -> tuple[str, float]:
    """The output of a command, and its seconds.

    Raises:
        Refused: it ends with another exit code than 0.
        TimeoutError: it takes longer than it may.
    """
    started = time.perf_counter()
    try:
        ran = subprocess.run(
            [str(LAUNCHER), *arguments], capture_output=True, text=True, timeout=limits.seconds, check=False
        )
    except subprocess.TimeoutExpired as cause:
        raise TimeoutError(f"{arguments[0]} took more than {limits.seconds} s") from cause
    if ran.returncode:
        lines = (ran.stderr.strip() or ran.stdout.strip()).splitlines()
        raise Refused(f"{arguments[0]}, exit code {ran.returncode}: {' '.join(lines[-3:])}")
    return ran.stdout, time.perf_counter() - started


def _verdict(text: str) -> dict[str, Any]:
    def found(pattern: str) -> str | None:
        match = re.search(pattern, text, re.MULTILINE)
        return match and match[1]

    return {
        "method": found(r"^method: (\w+)"),
        "verdict": found(r"^verdict: (\w+)"),
        "engine": found(r", engine (\w+)"),
        "said": text,
    }


def _explain(
    folder: Path, test: NDArray[np.float32], names: list[str], limits: Limits
) -> tuple[list[dict[str, Any]], float]:
    table, output = folder / "rows.csv", folder / "rows.jsonl"
    with table.open("w") as file:
        file.write(",".join(names) + "\n")
        file.writelines(",".join(np.format_float_scientific(v, unique=True) for v in row) + "\n" for row in test)
    arguments = ("explain", "--bundle", str(folder), "--input", str(table), "--output", str(output))
    _, seconds = _attribution(*arguments, limits=limits)
    with output.open() as file:
        return [json.loads(line) for line in file], seconds


def _compare(
    specimen: Specimen, module: nn.Module, rows: Rows, explained: list[dict[str, Any]], limits: Limits
) -> dict[str, Any]:
    given = [row for row in explained if "embedding" in row]
    if len(given) < len(explained):
        raise Refused(f"explain: {len(explained) - len(given)} rows without an embedding")
    embedding = np.array([row["embedding"] for row in given], dtype=np.float64)
    contributions = np.array([row["contributions"] for row in given], dtype=np.float64)
    base = np.array([row.get("base", [0] * embedding.shape[1]) for row in given], dtype=np.float64)
    nodes = [row["nodes"] for row in given if "nodes" in row]

    double = _in_float64(module)
    x = torch.from_numpy(rows.encoder_inputs(rows.test)).reshape(-1, *specimen.shape)
    with torch.no_grad():
        z = _first(double(x)).numpy()
    difference = np.abs(embedding - base)
    left = np.abs(base + contributions.sum(-1) - embedding).max(1) / np.maximum(difference.max(1), 1e-30)
    error = np.abs(embedding - z).max(1) / np.abs(z).max(1)
    line: dict[str, Any] = {
        "embedding_error": float(error.max()),
        "embedding_share": float((error <= 1e-4).mean()),
        "completeness_error": float(left.max()),
        "complete_1e-4": float((left <= 1e-4).mean()),
        "complete_1e-2": float((left <= 1e-2).mean()),
        "says_exact": float(np.mean([row["exact"] for row in given])),
        "nodes_median": float(np.median(nodes)) if nodes else None,
        "nodes_max": max(nodes) if nodes else None,
    }
    method = given[0].get("method", "jacobian")
    reference = _reference(method, specimen, double, rows, z.shape[1], limits)
    if reference is not None:
        # Of an index autograd knows no derivative; the golden cases have a reference for those.
        numbers = [i for i in range(reference.shape[2]) if i not in specimen.categories]
        reference, ours = reference[:, :, numbers], contributions[: len(reference), :, numbers]
        largest = np.maximum(np.abs(reference).max((1, 2)), 1e-30)  # a row at which f is constant has none
        apart = np.abs(ours - reference).max((1, 2)) / largest
        line |= {
            "compared_with": "captum" if method == "integrated_gradients" else "float64 Jacobian",
            "compared_rows": len(reference),
            "contributions_error": float(apart.max()),
            "contributions_share": float((apart <= 1e-2).mean()),
        }
    return line


def _reference(
    method: str, specimen: Specimen, double: nn.Module, rows: Rows, outputs: int, limits: Limits
) -> NDArray[np.float64] | None:
    """Contributions (n, O, D) by PyTorch alone, in float64; None where there is nothing to compare with."""
    x = torch.from_numpy(rows.test[: limits.compared]).double()
    mean, scale = torch.from_numpy(rows.mean).double(), torch.from_numpy(rows.scale).double()

    def of_raw(raw: Tensor) -> Tensor:
        return _first(double(((raw - mean) / scale).reshape(-1, *specimen.shape)))

    if method in ("jacobian", "affine"):
        return (_jacobian(of_raw, x, outputs) * (x - mean).unsqueeze(1)).numpy()
    if method == "integrated_gradients" and specimen.captum:
        return _captum(of_raw, x, mean, outputs)
    return None


def _jacobian(function: Callable[[Tensor], Tensor], x: Tensor, outputs: int) -> Tensor:
    x = x.clone().requires_grad_()
    z = function(x)
    return torch.stack([torch.autograd.grad(z[:, i].sum(), x, retain_graph=True)[0] for i in range(outputs)], dim=1)


def _captum(function: Callable[[Tensor], Tensor], x: Tensor, baseline: Tensor, outputs: int) -> NDArray[np.float64]:
    from captum.attr import IntegratedGradients

    _remember_nodes()
    method = IntegratedGradients(function)
    options = {"n_steps": _CAPTUM_NODES, "method": "gausslegendre", "internal_batch_size": 4096}
    found = [method.attribute(x, baseline.expand_as(x), target=i, **options) for i in range(outputs)]
    return torch.stack(found, dim=1).detach().numpy()


def _remember_nodes() -> None:
    """captum computes its nodes anew in each call, which takes longer than the rest."""
    if not hasattr(np.polynomial.legendre.leggauss, "cache_info"):
        np.polynomial.legendre.leggauss = functools.lru_cache(np.polynomial.legendre.leggauss)
