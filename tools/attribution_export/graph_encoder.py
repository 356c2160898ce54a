"""Run the ``graph`` section of a bundle with PyTorch: a second reading of what was written."""

from __future__ import annotations

import operator
from typing import Any

import torch
from torch import Tensor, nn

from .graph_description import Graph

_SIZE_OPERATORS = {
    "sym.getitem": operator.getitem,
    "sym.add": operator.add,
    "sym.sub": operator.sub,
    "sym.mul": operator.mul,
    "sym.floordiv": operator.floordiv,
}


class GraphEncoder(nn.Module):
    """The encoder that a graph describes, (n, *shape) to (n, O).

    It computes in the type of its input: for a float64 input the graph's float32 tensors and types become float64.
    """

    def __init__(self, graph: Graph) -> None:
        super().__init__()
        self.graph = graph
        self._places = {key: f"tensor_{i}" for i, key in enumerate(graph.tensors)}
        for key, array in graph.tensors.items():
            self.register_buffer(self._places[key], torch.from_numpy(array))

    def forward(self, x: Tensor) -> Tensor:
        return self.values(x)[self.graph.output]

    def values(self, x: Tensor, stop: str | None = None) -> dict[str, Any]:
        """The results of all nodes by their names, up to node ``stop`` where one is given."""
        values: dict[str, Any] = {self.graph.description["input"]: x}
        for node in self.graph.nodes:
            arguments = [self._argument(value, values, x.dtype) for value in node["args"]]
            keywords = {key: self._argument(value, values, x.dtype) for key, value in node.get("kwargs", {}).items()}
            values[node["name"]] = _operator(node["op"])(*arguments, **keywords)
            if node["name"] == stop:
                break
        return values

    def _argument(self, value: Any, values: dict[str, Any], dtype: torch.dtype) -> Any:
        if isinstance(value, list):
            return [self._argument(entry, values, dtype) for entry in value]
        if not isinstance(value, dict):
            return value
        ((kind, content),) = value.items()
        if kind == "node":
            return values[content]
        if kind == "tensor":
            stored = getattr(self, self._places[content])
            return stored.to(dtype) if stored.is_floating_point() else stored
        if kind == "dtype":
            return dtype if content == "float32" else getattr(torch, content)
        return float(content)


def _operator(name: str) -> Any:
    if name in _SIZE_OPERATORS:
        return _SIZE_OPERATORS[name]
    namespace, packet, overload = name.split(".")
    return getattr(getattr(getattr(torch.ops, namespace), packet), overload)
