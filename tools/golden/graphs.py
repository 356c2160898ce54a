#!/usr/bin/env python3
"""Write the golden cases of format 2: small encoders of today's PyTorch as graphs, with probe rows in float64.

Usage: python tools/golden/graphs.py [--out FOLDER] [case ...]

They are written from torch.export by the few lines here and not by tools/export_bundle.py, so that the application is
tested against the format's description, and not against one program that writes it.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import operator
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor, nn

OUT = Path(__file__).resolve().parents[2] / "engine" / "src" / "test" / "resources" / "golden-graph"
ROWS = 16
PYTHON = {operator.getitem: "sym.getitem", operator.add: "sym.add", operator.sub: "sym.sub", operator.mul: "sym.mul",
          operator.floordiv: "sym.floordiv"}  # fmt: skip
LEFT_OUT = {"device", "layout", "pin_memory", "memory_format"}
PASSED_ON = {"aten.alias.default", "aten.dropout.default", "aten.lift_fresh_copy.default"}
NOT_COMPUTED = ("aten._assert", "aten.sym_constrain", "aten._assert_tensor_metadata")


class LayerNormDetached(nn.Module):
    """Home-made: the deviation is a constant for the derivative."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.rand(width) + 0.5)
        self.shift = nn.Parameter(torch.randn(width))

    def forward(self, x: Tensor) -> Tensor:
        centred = x - x.mean(-1, keepdim=True)
        deviation = (x.var(-1, keepdim=True, unbiased=False) + 1e-5).sqrt().detach()
        return centred / deviation * self.gain + self.shift


class OtherLayerNormDetached(nn.Module):
    """The same in other words, without a shift, and divided by the width less one."""

    def __init__(self, width: int, unbiased: bool) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.rand(width) + 0.5)
        self.unbiased = unbiased

    def forward(self, x: Tensor) -> Tensor:
        centred = x - x.mean(dim=1, keepdim=True)
        if self.unbiased:
            variance = x.detach().var(dim=1, keepdim=True)
        else:
            variance = centred.pow(2).mean(dim=1, keepdim=True).detach()
        return centred * torch.rsqrt(variance + 1e-3) * self.gain


class Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.inner(x)


class Attention(nn.Module):
    """Softmax attention written by hand over 3 tokens of 4 numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.q, self.k, self.v = nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 4)
        self.out = nn.Linear(12, 2)

    def forward(self, x: Tensor) -> Tensor:
        x = x.view(x.shape[0], 3, 4)
        scores = torch.softmax(self.q(x) @ self.k(x).transpose(1, 2) / math.sqrt(4), -1)
        return self.out((scores @ self.v(x)).flatten(1))


class Transformer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.token = nn.Parameter(torch.randn(1, 1, 4))
        self.layer = nn.TransformerEncoderLayer(4, 2, 8, dropout=0.1, batch_first=True)
        self.out = nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x.reshape(-1, 3, 4)], dim=1)
        return self.out(self.layer(x)[:, 0])


class Recurrent(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(3, 5, batch_first=True)
        self.out = nn.Linear(5, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.out(self.lstm(x)[0][:, -1])


class Categorical(nn.Module):
    """The last column is an index."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(5, 3)
        self.layers = nn.Sequential(nn.Linear(7, 8), nn.ELU(), nn.Linear(8, 2))

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(torch.cat([x[:, :4], self.embedding(x[:, 4].long())], dim=1))


class Categories(nn.Module):
    """Columns 0 and 5 are indices of their own, 1 and 2 stand in one table, one behind the other."""

    def __init__(self, activation: type[nn.Module]) -> None:
        super().__init__()
        self.embedding, self.table = nn.Embedding(4, 3), nn.Embedding(5 + 6, 4)
        self.register_buffer("offsets", torch.tensor([0, 5]))
        self.layers = nn.Sequential(
            nn.Linear(3 + 3 + 8 + 3, 12), activation(), nn.Linear(12, 8), activation(), nn.Linear(8, 2)
        )

    def numbers(self, x: Tensor) -> Tensor:
        return torch.cat([x[:, 3:5], x[:, 6:]], 1)

    def looked_up(self, x: Tensor) -> dict[int, Tensor]:
        """By column: its part of what the layers get."""
        own = self.embedding(x[:, 0].long())
        table = self.table(x[:, 1:3].to(torch.int64) + self.offsets)
        return {0: own, 1: table[:, 0], 2: table[:, 1], 5: F.one_hot(x[:, 5].long(), 3).to(x.dtype)}

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(torch.cat([self.numbers(x), *self.looked_up(x).values()], 1))


NUMBERS = (3, 4, 6)
"""Columns of Categories that are none."""
BASELINE = torch.tensor([2.0, 4, 1, 0.5, -0.25, 1, 0.125])


def contributions(module: Categories, x: Tensor, base: Tensor, nodes: int) -> Tensor:
    """Along the straight path behind the lookups, (n, O, D).

    For a single node as the affine method has it: at the end of the path, and of numbers from 0.
    """
    ends, starts = ([m.numbers(r), *m.looked_up(r).values()] for m, r in ((module, x), (module, base)))
    ends, starts = [end.detach() for end in ends], [start.detach() for start in starts]
    starts[0] *= nodes > 1
    total = torch.zeros(len(x), 2, x.shape[1], dtype=x.dtype)
    for node in range(nodes):
        step = (node + 0.5) / nodes if nodes > 1 else 1.0
        at = [(start + step * (end - start)).requires_grad_(True) for end, start in zip(ends, starts, strict=True)]
        z = module.layers(torch.cat(at, 1))
        for o in range(z.shape[1]):
            shares = [
                g * (end - start) / nodes
                for g, end, start in zip(
                    torch.autograd.grad(z[:, o].sum(), at, retain_graph=True), ends, starts, strict=True
                )
            ]
            total[:, o, NUMBERS] += shares[0]
            for column, share in zip(module.looked_up(x), shares[1:], strict=True):
                total[:, o, column] += share.sum(1)
    return total


class WherePReLU(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(6, 8), nn.Linear(8, 2)
        self.slope = nn.Parameter(torch.tensor(0.2))

    def forward(self, x: Tensor) -> Tensor:
        h = self.first(x)
        return self.last(torch.where(h > 0, h, self.slope * h))


class Clamped(nn.Module):
    """Constants that enter in every way that keeps an encoder piecewise linear."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(6, 8), nn.Linear(16, 2)
        self.register_buffer("offset", torch.randn(8))
        self.register_buffer("floor", torch.randn(8))

    def forward(self, x: Tensor) -> Tensor:
        h = F.relu6(self.first(x) + self.offset * 2) - 0.5
        h = torch.maximum(h, self.floor).clamp(-0.3, 1.5)
        h = F.hardtanh(1 - h, -0.4, 0.8)
        h = F.softshrink(F.hardsigmoid(h) * 3 + 0.1, 0.2)
        return self.last(torch.cat([F.threshold(h, 0.2, -0.7), self.floor.expand(x.shape[0], -1)], 1))


def mlp() -> nn.Module:
    return nn.Sequential(nn.Linear(6, 10), nn.ReLU(), nn.Linear(10, 10), nn.LeakyReLU(0.1), nn.Linear(10, 3))


def batch_norm_relu() -> nn.Module:
    return nn.Sequential(nn.Linear(6, 10), nn.BatchNorm1d(10), nn.ReLU(), nn.Dropout(0.3), nn.Linear(10, 3))


def smooth() -> nn.Module:
    return nn.Sequential(
        nn.Linear(6, 10), nn.BatchNorm1d(10), nn.GELU(), nn.LayerNorm(10), nn.Linear(10, 6), nn.GELU("tanh"),
        nn.Linear(6, 2),
    )  # fmt: skip


def convolutional() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 3, 3, padding=1), nn.BatchNorm2d(3), nn.ReLU(inplace=True), nn.MaxPool2d(2), nn.Conv2d(3, 4, 2),
        nn.GroupNorm(2, 4), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2),
    )  # fmt: skip


def convolutional_linear() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 3, 3, padding=1), nn.BatchNorm2d(3), nn.ReLU(inplace=True), nn.MaxPool2d(2), nn.Conv2d(3, 4, 3),
        nn.PReLU(4), nn.Flatten(), nn.Linear(4, 2),
    )  # fmt: skip


def sequence() -> nn.Module:
    return nn.Sequential(nn.Conv1d(2, 4, 3, padding="same"), nn.SiLU(), nn.AvgPool1d(2), nn.Flatten(), nn.Linear(16, 2))


@dataclass(frozen=True)
class Case:
    module: Callable[[], nn.Module]
    shape: tuple[int, ...]
    index_columns: tuple[int, ...] = ()
    decomposed: bool = False
    nodes: int = 0
    """Of the path of the reference's contributions, for encoders of categories."""


CASES = {
    "bias-mlp": Case(mlp, (6,)),
    "batch-norm-relu": Case(batch_norm_relu, (6,)),
    "core-aten": Case(batch_norm_relu, (6,), decomposed=True),
    "smooth": Case(smooth, (6,)),
    "smooth-core-aten": Case(smooth, (6,), decomposed=True),
    "layernorm-detached": Case(
        lambda: nn.Sequential(nn.Linear(6, 8), nn.PReLU(8), LayerNormDetached(8), nn.Linear(8, 2)), (6,)
    ),
    "layernorm-in-other-words": Case(
        lambda: nn.Sequential(
            nn.Linear(6, 8),
            OtherLayerNormDetached(8, False),
            nn.PReLU(),
            nn.Linear(8, 5),
            OtherLayerNormDetached(5, True),
            nn.LeakyReLU(0.2),
            nn.Linear(5, 2),
        ),
        (6,),
    ),
    "residual": Case(lambda: nn.Sequential(nn.Linear(6, 8), Residual(8), nn.ReLU(), nn.Linear(8, 2)), (6,)),
    "conv": Case(convolutional, (1, 6, 6)),
    "conv-linear": Case(convolutional_linear, (1, 6, 6)),
    "conv1d": Case(sequence, (2, 8)),
    "attention": Case(Attention, (12,)),
    "transformer": Case(Transformer, (12,)),
    "lstm": Case(Recurrent, (4, 3)),
    "categorical": Case(Categorical, (5,), index_columns=(4,)),
    "where-prelu": Case(WherePReLU, (6,)),
    "clamped": Case(Clamped, (6,)),
    "categories-smooth": Case(lambda: Categories(nn.GELU), (7,), index_columns=(0, 1, 2, 5), nodes=2000),
    "categories-linear": Case(lambda: Categories(nn.ReLU), (7,), index_columns=(0, 1, 2, 5), nodes=1),
}


def graph_of(module: nn.Module, shape: tuple[int, ...], decomposed: bool) -> tuple[dict, dict[str, Tensor]]:
    """The exported graph as FORMAT says, and its tensors."""
    example = torch.randn(3, *shape)
    rows = torch.export.Dim("n", min=1, max=1 << 20)
    program = torch.export.export(module, (example,), dynamic_shapes={program_input(module): {0: rows}}, strict=False)
    if decomposed:
        program = program.run_decompositions()
    names, tensors, known = {}, {}, {**program.state_dict, **program.constants}
    targets = {spec.arg.name: spec.target for spec in program.graph_signature.input_specs if spec.target is not None}

    def argument(value: Any) -> Any:
        if isinstance(value, torch.fx.Node):
            return names[value.name]
        if isinstance(value, list | tuple):
            return [argument(item) for item in value]
        if isinstance(value, torch.dtype):
            return {"dtype": str(value).removeprefix("torch.")}
        if isinstance(value, float) and not math.isfinite(value):
            return {"float": str(value)}
        return value

    nodes, given, output = [], "", ""
    for node in program.graph.nodes:
        if node.op == "placeholder":
            if node.name in targets:
                key = f"p{len(tensors)}"
                names[node.name] = {"tensor": key}
                tensors[key] = known[targets[node.name]].detach().clone().contiguous()
            else:
                given = node.name
                names[node.name] = {"node": given}
            continue
        if node.op == "output":
            output = argument(node.args[0][0])["node"]
            continue
        name = PYTHON.get(node.target, str(node.target))
        if name in PASSED_ON:
            names[node.name] = argument(node.args[0])
        elif not name.startswith(NOT_COMPUTED):
            entry = {"name": node.name, "op": name, "args": [argument(a) for a in node.args]}
            kwargs = {key: argument(value) for key, value in node.kwargs.items() if key not in LEFT_OUT}
            nodes.append({**entry, "kwargs": kwargs} if kwargs else entry)
            names[node.name] = {"node": node.name}
    used = json.dumps(nodes)
    tensors = {key: value for key, value in tensors.items() if f'"{key}"' in used}
    return {"input": given, "nodes": nodes, "output": output}, tensors


def program_input(module: nn.Module) -> str:
    return "input" if isinstance(module, nn.Sequential) else "x"


def probe(module: nn.Module, case: Case, outputs: int) -> dict[str, Tensor]:
    """z and J in float64 at rows half normal, half uniform."""
    width = math.prod(case.shape)
    e = torch.where(torch.arange(ROWS)[:, None] % 2 == 0, torch.randn(ROWS, width), torch.rand(ROWS, width))
    for column in case.index_columns:
        e[:, column] = torch.arange(ROWS) % 5 if case.nodes == 0 else torch.randint(3, (ROWS,))
    double = copy.deepcopy(module).double()
    x = e.double().reshape(ROWS, *case.shape).requires_grad_(True)
    # Without this the layer takes a path of its own, which has no derivative.
    with torch.enable_grad():
        z = double(x)
        rows = [torch.autograd.grad(z[:, o].sum(), x, retain_graph=True)[0].flatten(1) for o in range(outputs)]
    return {"probe_e": e, "probe_z": z.detach().float(), "probe_j": torch.stack(rows, 1).float().contiguous()}


def write(name: str, case: Case, folder: Path, seed: int) -> None:
    torch.manual_seed(seed)
    module = case.module()
    for norm in module.modules():  # as after training
        if isinstance(norm, nn.BatchNorm1d | nn.BatchNorm2d):
            norm.running_mean.normal_()
            norm.running_var.uniform_(0.5, 2)
            norm.weight.data.uniform_(0.5, 2)
            norm.bias.data.normal_()
    module.eval()
    graph, tensors = graph_of(module, case.shape, case.decomposed)
    outputs = module(torch.rand(1, *case.shape)).shape[1]
    model = {
        "format": "attribution-bundle/2",
        "name": f"graph-{name}",
        "version": "1",
        "input": {"shape": list(case.shape), "features": [f"f{k}" for k in range(math.prod(case.shape))]},
        "output": {"names": [f"z{o}" for o in range(outputs)]},
        "graph": graph,
        "probe": {"inputs": "probe_e", "outputs": "probe_z", "jacobian": "probe_j"},
    }
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if case.nodes:
        model["baseline"] = "baseline"
    text = json.dumps(model, indent=1)
    (folder / "model.json").write_text(text + "\n", "utf-8")
    tensors |= probe(module, case, outputs)
    if case.nodes:
        tensors["baseline"] = BASELINE
        write_reference(module.double(), tensors["probe_e"].double(), case.nodes, folder)
    save_file(tensors, str(folder / "tensors.safetensors"))


def write_reference(module: Categories, x: Tensor, nodes: int, folder: Path) -> None:
    """Contributions in float64."""
    shares = contributions(module, x, BASELINE.double()[None], nodes)
    tensors = {"x": x.float(), "z": module(x).detach(), "contributions": shares}
    save_file({key: value.contiguous() for key, value in tensors.items()}, str(folder / "reference.safetensors"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the case folders")
    parser.add_argument("cases", nargs="*", metavar="case", help="only these cases (default: all)")
    wanted = parser.parse_args()
    torch.set_num_threads(1)
    for seed, (name, case) in enumerate(CASES.items(), start=1):
        if not wanted.cases or name in wanted.cases:
            write(name, case, wanted.out / name, seed)
            print(name)


if __name__ == "__main__":
    main()
