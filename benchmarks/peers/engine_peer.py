#!/usr/bin/env python3
"""The Python side of the engine benchmark: answers one JSON line on standard output for each on standard input.

  {"op": "load", "bundle": folder, "threads": 2, "device": "cpu"}
  {"op": "prepare", "peer": "vmap_jacrev", "full": false, "rows": n, "inputs": file of n·K (or n·D) float32}
                                       answers {"key": …, "tuned": how}; "full" is from raw features to l2
  {"op": "contributions", "peer": "deep_lift", "rows": n, "inputs": file of n·D float32, "error": the worst allowed}
                                       answers {"key": …, "tuned": how, "rows": how many of them a call explains}
  {"op": "time", "key": …, "calls": k}  answers {"seconds": for all k calls}
  {"op": "write", "key": …, "out": file}  writes both results of one call as float32, one after the other

Only one of the two processes works at a time: this one waits for its next line.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file

sys.path.insert(0, str(Path(__file__).resolve().parent))
from contributions import CONTRIBUTIONS, Contributions, Model
from encoders import from_bundle
from jacobians import PEERS, Attributions, Preprocessing, finish


class Peer:
    def __init__(self) -> None:
        self.prepared: dict[str, Any] = {}

    def load(self, bundle: str, threads: int, device: str) -> dict[str, Any]:
        self.device = torch.device(device)
        torch.set_num_threads(threads)
        folder = Path(bundle)
        model = json.loads((folder / "model.json").read_text("utf-8"))
        self.shape = model["input"]["shape"]
        self.encoder = from_bundle(folder).to(self.device)
        names = model.get("preprocessing", {})
        tensors = load_file(folder / "tensors.safetensors", device=device) if names else {}
        self.preprocessing = Preprocessing(*(tensors.get(names.get(key)) for key in ("mean", "scale", "components")))
        self.prepared = {}
        return {"versions": versions()}

    def prepare(self, peer: str, full: bool, rows: int, inputs: str) -> dict[str, Any]:
        function = PEERS[peer](self.encoder, self.shape)
        if full:
            function = Attributions(function, self.preprocessing)
        values = read(inputs, rows)
        key = f"{peer} {full}"
        self.prepared[key] = (function, values)
        return {"key": key, "tuned": function.tune(values.to(self.device))}

    def contributions(self, peer: str, rows: int, inputs: str, error: float) -> dict[str, Any]:
        values = read(inputs, rows)
        mean = self.preprocessing.mean
        baseline = torch.zeros_like(values[:1]).to(self.device) if mean is None else mean.unsqueeze(0)
        function = CONTRIBUTIONS[peer](Model(self.encoder, self.shape, self.preprocessing), baseline)
        self.prepared[peer] = (function, values)
        tuned = function.tune(values.to(self.device), error)
        return {"key": peer, "tuned": tuned, "rows": function.rows or rows}

    def time(self, key: str, calls: int) -> dict[str, Any]:
        function, values = self.prepared[key]
        start = time.perf_counter()
        for _ in range(calls):
            self.call(function, values)
        return {"seconds": time.perf_counter() - start}

    def call(self, function: Any, values: torch.Tensor) -> None:
        """As the Java side: from the process's memory, and everything but Jacobians back there."""
        results = function(values.to(self.device))
        if isinstance(function, Attributions | Contributions):
            for result in results:
                result.cpu()
        finish(self.device)

    def write(self, key: str, out: str) -> dict[str, Any]:
        function, values = self.prepared[key]
        with open(out, "wb") as file:
            for result in function(values.to(self.device)):
                file.write(result.contiguous().cpu().numpy().astype("<f4").tobytes())
        return {}


def versions() -> str:
    found = [f"Python {sys.version.split()[0]}"]
    for package in ("torch", "captum", "shap", "rtdl-revisiting-models", "scvi-tools"):
        with contextlib.suppress(metadata.PackageNotFoundError):
            found.append(f"{package} {metadata.version(package)}")
    return ", ".join(found)


def read(file: str, rows: int) -> torch.Tensor:
    return torch.from_numpy(np.fromfile(file, dtype="<f4").reshape(rows, -1))


def main() -> None:
    peer = Peer()
    operations = {
        "load": peer.load,
        "prepare": peer.prepare,
        "contributions": peer.contributions,
        "time": peer.time,
        "write": peer.write,
    }
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = operations[request.pop("op")](**request)
        except Exception as failure:
            answer = {"error": f"{type(failure).__name__}: {failure}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
