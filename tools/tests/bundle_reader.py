"""A second, independent reading of the bundle format, as a loader would do it."""

from __future__ import annotations

import json
import operator
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file

SIZES = {"sym.getitem": operator.getitem, "sym.add": operator.add, "sym.sub": operator.sub, "sym.mul": operator.mul,
         "sym.floordiv": operator.floordiv}  # fmt: skip


class Bundle:
    def __init__(self, folder: Path) -> None:
        self.model = json.loads((folder / "model.json").read_text("utf-8"))
        tensors = folder / "tensors.safetensors"
        self.tensors = load_file(tensors) if tensors.exists() else {}
        script = folder / "encoder.pt"
        self.encoder = torch.jit.load(str(script)) if script.exists() else self.run_graph

    @property
    def operators(self) -> list[str]:
        return [node["op"] for node in self.model["graph"]["nodes"]]

    def run_graph(self, e: torch.Tensor) -> torch.Tensor:
        """Embedding (n, O) of encoder inputs (n, *shape), by the graph."""
        graph = self.model["graph"]
        results = {graph["input"]: e}

        def value(said):
            if isinstance(said, list):
                return [value(entry) for entry in said]
            if not isinstance(said, dict):
                return said
            [(kind, content)] = said.items()
            if kind == "node":
                return results[content]
            if kind == "tensor":
                return torch.from_numpy(self.tensors[content])
            return getattr(torch, content) if kind == "dtype" else float(content)

        for node in graph["nodes"]:
            assert node["name"] not in results and node.keys() <= {"name", "op", "args", "kwargs"}
            if node["op"] in SIZES:
                function = SIZES[node["op"]]
            else:
                aten, name, overload = node["op"].split(".")
                assert aten == "aten"
                function = getattr(getattr(torch.ops.aten, name), overload)
            keywords = {key: value(said) for key, said in node.get("kwargs", {}).items()}
            results[node["name"]] = function(*value(node["args"]), **keywords)
        return results[graph["output"]]

    def preprocess(self, x: np.ndarray) -> np.ndarray:
        """Raw rows (n, D) to encoder inputs (n, *shape), float32."""
        named = {key: self.tensors[value] for key, value in self.model.get("preprocessing", {}).items()}
        u = x - named["mean"] if "mean" in named else x
        u = u / named["scale"] if "scale" in named else u
        e = u @ named["components"].T if "components" in named else u
        return e.reshape(len(e), *self.model["input"]["shape"])

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Embedding (n, O) of raw rows (n, D)."""
        out = self.encoder(torch.from_numpy(self.preprocess(x).astype(np.float32)))
        return (out[0] if isinstance(out, tuple) else out).detach().numpy()
