"""The probe rows of a bundle: encoder inputs, and what the encoder makes of them in float64."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from .encoder_checks import ExportError, compute_jacobian, first_output, one_line
from .graph_description import Graph
from .graph_encoder import GraphEncoder

_ROWS = 32
_FEWEST_ROWS = 2
_MOST_VALUES = 1 << 20
_LARGEST_INDEX = 1 << 10
_INTEGERS = ("int64", "int32")
_SHORT_STEP = 1e-6  # second order stays visible in float64, and few kinks lie on it
_BEND = 1e-8
_ROUNDING = 1e-13


@dataclass(frozen=True)
class Probe:
    """Encoder inputs (P, *shape) float32, outputs (P, O), Jacobians (P, O, K); float64, or float32 as ``note`` says."""

    inputs: Tensor
    outputs: Tensor
    jacobian: Tensor
    note: str | None
    piecewise_linear: bool | None
    """Whether f is affine along short steps; None where the numbers cannot tell."""


def row_count(outputs: int, inputs: int) -> int:
    return max(_FEWEST_ROWS, min(_ROWS, _MOST_VALUES // (outputs * inputs)))


def encoder_inputs(rows: int, shape: Sequence[int], limits: dict[int, int] | None = None) -> Tensor:
    """Half standard normal, half uniform on [0, 1); columns of indices in [0, limit). (rows, *shape), float32."""
    generator = torch.Generator().manual_seed(0)
    normal = torch.randn(rows - rows // 2, math.prod(shape), generator=generator)
    inputs = torch.cat([normal, torch.rand(rows // 2, math.prod(shape), generator=generator)])
    for column, limit in (limits or {}).items():
        inputs[:, column] = torch.randint(limit, (rows,), generator=generator).float()
    return inputs.reshape(rows, *shape)


def index_columns(encoder: nn.Module, graph: Graph, shape: Sequence[int]) -> dict[int, int]:
    """Columns of the flat encoder input that are cast to integers, each with a number below which indices are valid."""
    width = math.prod(shape)
    reader = GraphEncoder(graph)
    columns: set[int] = set()
    casts = [node for node in graph.nodes if node["op"] == "aten.to.dtype" and node["args"][1]["dtype"] in _INTEGERS]
    for node in casts:
        columns |= _columns_of(reader, node["name"], width, shape)
    return {column: _limit(encoder, column, width, shape) for column in sorted(columns)}


def _columns_of(reader: GraphEncoder, node: str, width: int, shape: Sequence[int]) -> set[int]:
    """The columns that a node's integers are copies of: told by rows that hold the numbers of their columns."""

    def integers(row: Tensor) -> Tensor:
        return reader.values(row.reshape(1, *shape), stop=node)[node].flatten()

    try:
        zeros, numbers, reverse = (integers(row) for row in _tellers(width))
    except Exception:  # what stands before the cast does not take such rows
        return set()
    found = numbers - zeros
    copied = bool(((found >= 0) & (found < width) & (reverse - zeros == width - 1 - found)).all())
    return set(found.tolist()) if copied else set()


def _tellers(width: int) -> list[Tensor]:
    numbers = torch.arange(width, dtype=torch.float32)
    return [torch.zeros(width), numbers, numbers.flip(0)]


def _limit(encoder: nn.Module, column: int, width: int, shape: Sequence[int]) -> int:
    """One more than the largest index of the column that the encoder takes, as far as it was tried."""

    def takes(index: int) -> bool:
        row = torch.zeros(1, width)
        row[0, column] = index
        try:
            encoder(row.reshape(1, *shape))
        except Exception:
            return False
        return True

    if not takes(1):
        return 1
    below, above = 1, 2
    while above <= _LARGEST_INDEX and takes(above):
        below, above = above, above * 2
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (middle, above) if takes(middle) else (below, middle)
    return below + 1


def measure(encoder: nn.Module, inputs: Tensor) -> Probe:
    """Outputs and Jacobians of the rows by the encoder in float64; in float32 where it cannot compute in float64.

    Raises:
        ExportError: a value is not finite.
    """
    note = None
    double = copy.deepcopy(encoder).double()
    try:
        outputs, jacobian, linear = _measure(double, inputs.double())
        if outputs.dtype != torch.float64:
            note = "the encoder computes in float32 whatever its input: its probe rows are float32"
    except Exception as cause:
        note = f"the encoder fails in float64 ({one_line(cause)}): its probe rows are float32"
    if note:
        outputs, jacobian, linear = _measure(encoder, inputs)
        linear = None
    if not (torch.isfinite(outputs).all() and torch.isfinite(jacobian).all()):
        raise ExportError("the encoder gives values or derivatives that are not finite")
    return Probe(inputs, outputs, jacobian, note, linear)


def _measure(encoder: nn.Module, inputs: Tensor) -> tuple[Tensor, Tensor, bool]:
    outputs, jacobian = first_output(encoder, inputs).detach(), compute_jacobian(encoder, inputs)
    step = _SHORT_STEP * inputs.roll(1, 0)
    change = first_output(encoder, inputs + step).detach() - outputs
    expected = torch.einsum("bij,bj->bi", jacobian, step.flatten(1))
    # A row that crosses a kink says nothing; a smooth encoder bends in all of them.
    rounding = _ROUNDING * outputs.abs().amax(1)
    linear = (change - expected).abs().amax(1) <= _BEND * expected.abs().amax(1) + rounding
    return outputs, jacobian, bool(linear.any())
