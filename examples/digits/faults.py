#!/usr/bin/env python3
"""Break the trained digits encoder on purpose, for ``attribution demo --inject bias|mean|detach``.

Usage: PYTHONHASHSEED=0 python examples/digits/faults.py

Every fault is one that teams really make when they put an encoder into service:
  bias    the linear layers add a constant
  mean    the mean is subtracted inside the encoder, so that the bundle does not know of it
  detach  an ordinary LayerNorm, whose variance takes part in the derivative
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from torch import Tensor, nn

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "tools"), str(HERE)]
from train import make_encoder

from attribution_export.torchscript import write_torchscript
from encoder_modules import LayerNormDetached

BIAS = 0.02
TRAINED = HERE / "bundle"


class Centred(nn.Module):
    """Subtracts a mean before the encoder."""

    def __init__(self, mean: Tensor, encoder: nn.Module) -> None:
        super().__init__()
        self.register_buffer("mean", mean)
        self.encoder = encoder

    def forward(self, x: Tensor) -> Tensor:
        return self.encoder(x - self.mean)


class LiveLayerNorm(nn.Module):
    """LayerNormDetached without its detach."""

    def __init__(self, trained: LayerNormDetached) -> None:
        super().__init__()
        self.scale = trained.scale

    def forward(self, x: Tensor) -> Tensor:
        centred = x - x.mean(-1, keepdim=True)
        return self.scale * centred / torch.sqrt(centred.square().mean(-1, keepdim=True) + 1e-12)


def trained(tensors: dict[str, np.ndarray]) -> nn.Sequential:
    """The encoder of the example's bundle."""
    encoder = make_encoder()
    state = {
        name.removeprefix("layers."): torch.from_numpy(t) for name, t in tensors.items() if name.startswith("layers.")
    }
    encoder.load_state_dict(state)
    return encoder


def with_bias(encoder: nn.Sequential) -> nn.Sequential:
    """The same with a constant added by every linear layer."""
    generator = torch.Generator().manual_seed(7)
    for layer in encoder:
        if isinstance(layer, nn.Linear):
            layer.bias = nn.Parameter(BIAS * torch.randn(layer.out_features, generator=generator))
    return encoder


def without_detach(encoder: nn.Sequential) -> nn.Sequential:
    """The same with ordinary LayerNorms."""
    return nn.Sequential(*(LiveLayerNorm(m) if isinstance(m, LayerNormDetached) else m for m in encoder))


def write(name: str, encoder: nn.Module, tensors: dict[str, np.ndarray]) -> None:
    """Write a bundle without layers: what a team that has only TorchScript would have."""
    folder = HERE / "faults" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    model = json.loads((TRAINED / "model.json").read_text())
    del model["layers"], model["reference"]
    model["version"] = f"{model['version']}-{name}"
    model["preprocessing"] = {key.removeprefix("preprocessing."): key for key in tensors}
    (folder / "model.json").write_text(json.dumps(model, indent=2) + "\n")
    save_file(tensors, str(folder / "tensors.safetensors"))
    (folder / "tensors.safetensors").chmod(0o644)
    with torch.no_grad():
        write_torchscript(torch.jit.script(encoder.eval()), folder / "encoder.pt")


def main() -> None:
    """Write the three bundles."""
    tensors = load_file(str(TRAINED / "tensors.safetensors"))
    mean, scale = tensors["preprocessing.mean"], tensors["preprocessing.scale"]
    both = {"preprocessing.mean": mean, "preprocessing.scale": scale}
    write("bias", with_bias(trained(tensors)), both)
    centre = torch.from_numpy(mean / scale)
    write("mean", Centred(centre, trained(tensors)), {"preprocessing.scale": scale})
    write("detach", without_detach(trained(tensors)), both)


if __name__ == "__main__":
    main()
