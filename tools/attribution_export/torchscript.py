"""Compile an encoder to TorchScript and write it without traces of the machine that wrote it."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

_VERSION_RECORDS = ("version", ".data/version")  # the name depends on the operators the module uses
_WRITTEN_BY_THE_WRITER = (*_VERSION_RECORDS, "byteorder", ".data/serialization_id")
_TRACE_ROWS = 3  # unlike the row counts of the check, so that a trace that froze it shows


def ways_to_compile(encoder: nn.Module, probe: Tensor) -> list[Callable[[], torch.jit.ScriptModule]]:
    """Ways to make TorchScript of ``encoder`` (eval mode, CPU), the preferred one first; each may raise.

    Args:
        probe: encoder inputs, at least three rows, (n, *shape).
    """
    if isinstance(encoder, torch.jit.ScriptModule):
        return [lambda: encoder]
    return [lambda: torch.jit.script(encoder), lambda: _trace(encoder, probe[:_TRACE_ROWS])]


def _trace(encoder: nn.Module, rows: Tensor) -> torch.jit.ScriptModule:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", torch.jit.TracerWarning)
        return torch.jit.trace(encoder, rows, check_trace=False)


def write_torchscript(module: torch.jit.ScriptModule, path: Path) -> None:
    """Save ``module`` without its debug records, which hold source paths of this machine."""
    torch.jit.save(module, str(path))
    with zipfile.ZipFile(path) as archive:
        records = {entry.split("/", 1)[1]: archive.read(entry) for entry in archive.namelist()}
    writer = torch._C.PyTorchFileWriter(str(path))
    writer.set_min_version(next(int(records[name]) for name in _VERSION_RECORDS if name in records))
    for name, content in records.items():
        if not name.endswith(".debug_pkl") and name not in _WRITTEN_BY_THE_WRITER:
            writer.write_record(name, content, len(content))
    writer.write_end_of_file()
