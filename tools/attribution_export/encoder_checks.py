"""Check an encoder before and after export: shapes, independent rows, equal outputs and Jacobians."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.utils._pytree import tree_leaves

from .graph_description import Graph, NoGraph, describe_program
from .graph_encoder import GraphEncoder
from .layer_description import Layer, Tensors, evaluate_layers

FLOAT32_AGREEMENT = 1e-4  # relative; two correct float32 implementations differ by about 1e-6
FLOAT64_AGREEMENT = 1e-9
BATCH_SIZES = (1, 5)

# Lines of libtorch's messages that frame the decisive one: source excerpts and headings.
_FRAME = re.compile(r'~{3,}|^(Serialized +)?File ("|<)|^Traceback|^The following operation failed|^\.\.\.|<--- HERE')
_DECISIVE = re.compile(r"^(builtins\.)?[A-Za-z_.]*(Error|Exception): *")


class ExportError(Exception):
    """The encoder cannot be exported as asked; the message says why, in one line."""


def eval_copy(encoder: nn.Module | torch.export.ExportedProgram, output: str | int | None = None) -> nn.Module:
    """A float32 copy on the CPU in eval mode, with parts that cannot be exported replaced.

    An exported program becomes a module that runs its graph. ``output`` names the embedding of an encoder that returns
    a dictionary, or is its index in a tuple.
    """
    if isinstance(encoder, torch.export.ExportedProgram):
        try:
            return GraphEncoder(describe_program(encoder, output)).eval()
        except NoGraph as reason:
            raise ExportError(f"the exported program cannot be a bundle: {reason}") from reason
    try:
        copied = _copy(encoder)
    except Exception as cause:
        raise ExportError(f"the encoder cannot be copied: {one_line(cause)}") from cause
    try:
        eager = _with_plain_parts(copied).cpu().float().eval()
    except Exception as cause:
        raise ExportError(f"the encoder cannot be brought to float32 on the CPU: {one_line(cause)}") from cause
    for parameter in eager.parameters():
        parameter.requires_grad_(False)
    return eager if output is None else SelectOutput(eager, output).eval()


class SelectOutput(nn.Module):
    """The named output of an encoder that returns a dictionary, or a tuple's by its index."""

    def __init__(self, encoder: nn.Module, output: str | int) -> None:
        super().__init__()
        self.encoder = encoder
        self.output = output

    def forward(self, x: Tensor) -> Tensor:
        return self.encoder(x)[self.output]


def _copy(encoder: nn.Module) -> nn.Module:
    if not isinstance(encoder, torch.jit.ScriptModule):
        return copy.deepcopy(encoder)
    saved = io.BytesIO()  # a deep copy's parameters would depend on the original's
    torch.jit.save(encoder, saved)
    saved.seek(0)
    return torch.jit.load(saved, map_location="cpu")


def _with_plain_parts(module: nn.Module) -> nn.Module:
    """Replace parts that cannot be exported by equal ones of PyTorch.

    ``VmapPReLU`` keeps its slope as a Python float in eval mode. TabNet's ``GBN`` cuts a batch into chunks, by the
    batch size; in eval mode it normalises all of them alike.
    """
    if isinstance(module, torch.jit.ScriptModule):
        return module
    if type(module).__name__ == "VmapPReLU" and isinstance(module, nn.PReLU):
        plain = nn.PReLU(module.num_parameters)
        plain.weight = module.weight
        return plain
    if type(module).__name__ == "GBN" and isinstance(getattr(module, "bn", None), nn.BatchNorm1d):
        return module.bn
    for name, child in module._modules.items():
        if child is not None:
            module._modules[name] = _with_plain_parts(child)
    return module


def first_output(encoder: nn.Module, x: Tensor) -> Tensor:
    """The output, or the first of a tuple. A dictionary has no first one: which is meant must be named."""
    out = encoder(x)
    if isinstance(out, Mapping):
        names = ", ".join(repr(name) for name in out)
        raise ExportError(f"the encoder returns a dictionary ({names}); name the embedding with --output NAME")
    return out[0] if isinstance(out, (tuple, list)) else out


def output_of(encoder: nn.Module, x: Tensor) -> Tensor:
    """The float32 output of a copy of x.

    Raises:
        ExportError: the encoder fails, changes its input, or returns something else; says which.
    """
    given = x.clone()
    try:
        z = first_output(encoder, given)
    except ExportError:
        raise
    except Exception as cause:
        raise ExportError(_failure(encoder, x, cause)) from cause
    if not isinstance(z, Tensor):
        raise ExportError(f"the encoder returns a {type(z).__name__}, not a tensor")
    if not torch.equal(given, x):
        raise ExportError("the encoder changes its input in place: let it work on a copy (x = x.clone())")
    if z.dtype != torch.float32:
        reason = "its input is float32" if z.is_floating_point() else "there is no derivative of other types"
        raise ExportError(f"the encoder returns {z.dtype}, not torch.float32; {reason}")
    return z


def _failure(encoder: nn.Module, x: Tensor, cause: Exception) -> str:
    shape = list(x.shape[1:])
    reason = one_line(cause)
    if "indices" in reason or "Long" in reason:
        return f"the encoder fails on float32 rows of shape {shape}: {reason}; cast columns of indices inside: x.long()"
    if "dtype" in reason or "scalar type" in reason or "Half" in reason or "Double" in reason:
        casts = "the tool exports in float32: parameters and input; an encoder must not cast to other types itself"
        return f"the encoder fails on float32 rows of shape {shape}: {reason} ({casts})"
    return f"the encoder fails on rows of shape {shape}: {reason}"


def output_count(encoder: nn.Module, x: Tensor) -> int:
    """O, of an output (n, O)."""
    z = output_of(encoder, x)
    if z.ndim == 1 and len(z) == len(x):
        raise ExportError("the encoder returns one number per row as (n,); return (n, 1), for example z.unsqueeze(1)")
    if z.ndim != 2 or len(z) != len(x):
        raise ExportError(f"the encoder returns {list(z.shape)} for {len(x)} rows; return one vector per row, (n, O)")
    return z.shape[1]


def checked_forward(encoder: nn.Module, probe: Tensor, count: int) -> Tensor:
    """Outputs (n, O) of the probe rows, after checking their shape and that rows are independent."""
    found = output_count(encoder, probe)
    if found != count:
        raise ExportError(f"the encoder gives [{found}] per row, but there are {count} output names")
    z = output_of(encoder, probe)
    if not torch.isfinite(z).all():
        raise ExportError("the encoder gives values that are not finite")
    if not agree(z, output_of(encoder, probe), FLOAT32_AGREEMENT):
        raise ExportError(
            "the encoder gives other values each time (dropout that is on in eval mode, or sampling, as of a "
            "variational encoder?): there is no one Jacobian"
        )
    if not agree(z, torch.cat([output_of(encoder, row[None]) for row in probe]), FLOAT32_AGREEMENT):
        raise ExportError("the encoder's rows depend on each other (batch statistics?): there is no Jacobian per row")
    return z


def compute_jacobian(encoder: nn.Module, probe: Tensor) -> Tensor:
    """(n, O, K) by one backward pass per output."""
    x = probe.detach().clone().requires_grad_(True)
    try:
        z = first_output(encoder, x)
        gradients = [torch.autograd.grad(z[:, i].sum(), x, retain_graph=True)[0] for i in range(z.shape[1])]
    except ExportError:
        raise
    except Exception as cause:
        raise ExportError(f"the encoder has no derivative: {one_line(cause)}") from cause
    return torch.stack([gradient.flatten(1) for gradient in gradients], dim=1)


def relative_error(z: Tensor, jacobian: Tensor, probe: Tensor) -> float:
    reconstruction = torch.einsum("bij,bj->bi", jacobian, probe.flatten(1))
    return float((z - reconstruction).abs().max() / (z.abs().max() + 1e-8))


def agree(a: Tensor, b: Tensor, tolerance: float) -> bool:
    return a.shape == b.shape and float((a - b).abs().max()) <= tolerance * (float(a.abs().max()) + 1e-8)


def check_layers(eager: nn.Module, layers: list[Layer], tensors: Tensors, probe: Tensor) -> None:
    """Compare layers evaluated in numpy with the module, both in float64: outputs and derivative."""
    double = copy.deepcopy(eager).double()
    x = probe.double().requires_grad_(True)
    direction = torch.randn(x.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    z = first_output(double, x)
    cotangent = torch.randn(z.shape, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    (gradient,) = torch.autograd.grad((z * cotangent).sum(), x)
    evaluated = evaluate_layers(layers, tensors, x.detach().numpy(), direction.numpy())
    ours, ours_along = (torch.from_numpy(value) for value in evaluated)
    along = (gradient * direction).flatten(1).sum(1)
    if not agree(z.detach(), ours, FLOAT64_AGREEMENT):
        raise ExportError("the described layers give other outputs than the module; export with layers off")
    if not agree(along, (ours_along * cotangent).sum(1), FLOAT64_AGREEMENT):
        raise ExportError("the described layers give another Jacobian than the module; export with layers off")


def check_graph(eager: nn.Module, graph: Graph, probe: Tensor, jacobian: Tensor) -> None:
    """Compare the graph, read as a bundle's reader does, with the module: on several batch sizes."""
    reader = GraphEncoder(graph).eval()
    _compare("the exported graph", reader, eager, probe, jacobian, "does it fix the batch size?")


def check_program(program: torch.export.ExportedProgram, encoder: nn.Module, probe: Tensor) -> None:
    """Compare a module that runs a program's graph with the program itself, on a batch size that it takes."""
    module, failure = program.module(), None
    for rows in reversed(BATCH_SIZES):
        try:
            given = module(probe[:rows])
        except Exception as cause:
            failure = failure or cause
            continue
        outputs = [leaf for leaf in tree_leaves(given) if isinstance(leaf, Tensor)]
        ours = output_of(encoder, probe[:rows])
        if not any(agree(ours, output.detach(), FLOAT32_AGREEMENT) for output in outputs):
            raise ExportError("the graph of the exported program gives other outputs than the program")
        return
    raise ExportError(f"the exported program fails: {one_line(failure)}")


def check_torchscript(eager: nn.Module, path: Path, probe: Tensor, jacobian: Tensor) -> None:
    """Compare the saved file with the module, on several batch sizes and, by calling twice, also optimised."""
    loaded = torch.jit.load(str(path), map_location="cpu").eval()
    _compare("the saved TorchScript", loaded, eager, probe, jacobian, "did tracing freeze the batch size?")


def _compare(what: str, saved: nn.Module, eager: nn.Module, probe: Tensor, jacobian: Tensor, suspicion: str) -> None:
    for rows in BATCH_SIZES * 2:
        try:
            z, j = first_output(saved, probe[:rows]), compute_jacobian(saved, probe[:rows])
        except Exception as cause:
            raise ExportError(f"{what} fails on {rows} row(s) ({suspicion}): {one_line(cause)}") from cause
        if not agree(first_output(eager, probe[:rows]), z, FLOAT32_AGREEMENT):
            raise ExportError(f"{what} gives other outputs than the module on {rows} row(s)")
        if not agree(jacobian[:rows], j, FLOAT32_AGREEMENT):
            raise ExportError(f"{what} gives another Jacobian than the module on {rows} row(s)")


def one_line(cause: Exception) -> str:
    """The decisive line of a message: libtorch surrounds it with source excerpts."""
    lines = [line.strip() for line in str(cause).splitlines() if line.strip()]
    for line in reversed(lines):
        if _DECISIVE.match(line):
            return _DECISIVE.sub("", line)
    plain = [line for line in lines if not _FRAME.search(line)]
    if not plain:
        return type(cause).__name__
    text = plain[0] + (f" {plain[1]}" if plain[0].endswith(":") and len(plain) > 1 else "")
    return f"no {text}" if isinstance(cause, KeyError) else text
