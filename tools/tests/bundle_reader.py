"""A second, independent reading of the bundle format, as a loader would do it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file


class Bundle:
    def __init__(self, folder: Path) -> None:
        self.model = json.loads((folder / "model.json").read_text("utf-8"))
        tensors = folder / "tensors.safetensors"
        self.tensors = load_file(tensors) if tensors.exists() else {}
        script = folder / "encoder.pt"
        self.encoder = torch.jit.load(str(script)) if script.exists() else None

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
