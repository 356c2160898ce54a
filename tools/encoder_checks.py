"""Check an encoder before and after export: shapes, independent rows, equal outputs and Jacobians."""

from __future__ import annotations

import copy
import io
from pathlib import Path

import torch
from torch import Tensor, nn

from layer_description import Layer, Tensors, evaluate_layers

FLOAT32_AGREEMENT = 1e-4  # relative; two correct float32 implementations differ by about 1e-6
FLOAT64_AGREEMENT = 1e-9
BATCH_SIZES = (1, 5)


class ExportError(Exception):
    """The encoder cannot be exported as asked; the message says why, in one line."""


def eval_copy(encoder: nn.Module) -> nn.Module:
    """A float32 copy on the CPU in eval mode, with glass-box-umap's uncompilable PReLU replaced."""
    try:
        copied = _copy(encoder)
    except Exception as cause:
        raise ExportError(f"the encoder cannot be copied: {one_line(cause)}") from cause
    eager = _with_plain_prelu(copied).cpu().float().eval()
    for parameter in eager.parameters():
        parameter.requires_grad_(False)
    return eager


def _copy(encoder: nn.Module) -> nn.Module:
    if not isinstance(encoder, torch.jit.ScriptModule):
        return copy.deepcopy(encoder)
    saved = io.BytesIO()  # a deep copy's parameters would depend on the original's
    torch.jit.save(encoder, saved)
    saved.seek(0)
    return torch.jit.load(saved, map_location="cpu")


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


def first_output(encoder: nn.Module, x: Tensor) -> Tensor:
    out = encoder(x)
    return out[0] if isinstance(out, (tuple, list)) else out


def checked_forward(encoder: nn.Module, probe: Tensor, output_count: int) -> Tensor:
    """Outputs (n, O) of the probe rows, after checking their shape and that rows are independent."""
    try:
        z = first_output(encoder, probe)
        single = torch.cat([first_output(encoder, row[None]) for row in probe])
    except Exception as cause:
        shape = list(probe.shape[1:])
        raise ExportError(f"the encoder fails on rows of shape {shape}: {one_line(cause)}") from cause
    if z.shape != (len(probe), output_count):
        raise ExportError(f"the encoder gives {list(z.shape[1:])} per row, but there are {output_count} output names")
    if not torch.isfinite(z).all():
        raise ExportError("the encoder gives values that are not finite")
    if not agree(z, single, FLOAT32_AGREEMENT):
        raise ExportError("the encoder's rows depend on each other (batch statistics?): there is no Jacobian per row")
    return z


def compute_jacobian(encoder: nn.Module, probe: Tensor) -> Tensor:
    """(n, O, K) by one backward pass per output."""
    x = probe.detach().clone().requires_grad_(True)
    z = first_output(encoder, x)
    gradients = [torch.autograd.grad(z[:, i].sum(), x, retain_graph=True)[0] for i in range(z.shape[1])]
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


def check_torchscript(eager: nn.Module, path: Path, probe: Tensor, jacobian: Tensor) -> None:
    """Compare the saved file with the module, on several batch sizes and, by calling twice, also optimised."""
    loaded = torch.jit.load(str(path), map_location="cpu").eval()
    for rows in BATCH_SIZES * 2:
        try:
            z, j = first_output(loaded, probe[:rows]), compute_jacobian(loaded, probe[:rows])
        except Exception as cause:
            reason = f"the saved TorchScript fails on {rows} row(s) (did tracing freeze the batch size?)"
            raise ExportError(f"{reason}: {one_line(cause)}") from cause
        if not agree(first_output(eager, probe[:rows]), z, FLOAT32_AGREEMENT):
            raise ExportError(f"the saved TorchScript gives other outputs than the module on {rows} row(s)")
        if not agree(jacobian[:rows], j, FLOAT32_AGREEMENT):
            raise ExportError(f"the saved TorchScript gives another Jacobian than the module on {rows} row(s)")


def one_line(cause: Exception) -> str:
    lines = [line.strip() for line in str(cause).splitlines() if line.strip()]
    return lines[-1] if lines else type(cause).__name__
