#!/usr/bin/env python3
"""Train the digits example and write its bundle: 8 x 8 pixels, bias-free encoder 64-128-128-128-2.

Usage: PYTHONHASHSEED=0 python examples/digits/train.py
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "tools"), str(HERE.parent)]
from encoder_modules import LayerNormDetached
from export_bundle import export_bundle
from prototype_embedding import Training, embed, neighbour_accuracy, train, write_csv, write_labels

SEED = 7
PIXELS = 64
HIDDEN = 128
REFERENCE_ROWS = 400  # what attributions in service are compared with
FULL_INK = 16.0  # the largest pixel value; dividing by it keeps the blank corner pixels finite
PLAN = Training(
    epochs=80, batch_size=64, learning_rate=2e-3, weight_decay=0.05, input_noise=0.1, pull=0.1, structure=0.2
)


def make_encoder() -> nn.Module:
    return nn.Sequential(
        *(nn.Linear(PIXELS, HIDDEN, bias=False), nn.PReLU(), LayerNormDetached(HIDDEN)),
        *(nn.Linear(HIDDEN, HIDDEN, bias=False), nn.PReLU(), LayerNormDetached(HIDDEN)),
        *(nn.Linear(HIDDEN, HIDDEN, bias=False), nn.PReLU(), nn.Linear(HIDDEN, 2, bias=False)),
    )


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    data = load_digits()
    x, y = data.data.astype(np.float32), data.target
    features = [f"pixel_{row}_{column}" for row in range(8) for column in range(8)]
    fit, held_out = train_test_split(np.arange(len(x)), test_size=0.25, stratify=y, random_state=SEED)

    mean, scale = x[fit].mean(axis=0, dtype=np.float64), np.full(PIXELS, FULL_INK)
    inputs = (x - mean) / scale
    encoder = make_encoder()
    train(encoder, inputs[fit], y[fit], PLAN, SEED)

    write_csv(HERE / "data.csv", features, x)
    write_labels(HERE / "labels.csv", [str(label) for label in y])
    report = export_bundle(
        encoder,
        HERE / "bundle",
        name="digits",
        version="1",
        bundle_format=1,
        input_shape=[PIXELS],
        features=features,
        output_names=["embedding_0", "embedding_1"],
        mean=mean,
        scale=scale,
        example=x[fit],
        reference=x[fit],
        reference_rows=REFERENCE_ROWS,
        reference_seed=SEED,
    )
    z = embed(encoder, inputs)
    accuracy = neighbour_accuracy(z[fit], y[fit], z[held_out], y[held_out])
    print(f"{len(fit)} rows trained on, {len(held_out)} held out; 5-nearest-neighbour accuracy {accuracy:.3f}")
    print(f"embedding from {z.min():.1f} to {z.max():.1f}; f(e) = J(e)e to {report.relative_error:.1e} relative")


if __name__ == "__main__":
    main()
