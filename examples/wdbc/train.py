#!/usr/bin/env python3
"""Train the wdbc example and write its bundle: 30 cell features, standardised, PCA to 8, encoder to 2.

Usage: PYTHONHASHSEED=0 python examples/wdbc/train.py
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from sklearn.datasets import load_breast_cancer
from sklearn.decomposition import PCA
from sklearn.model_selection import train_test_split
from torch import nn

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "tools"), str(HERE.parent)]
from encoder_modules import LayerNormDetached
from export_bundle import export_bundle
from prototype_embedding import Training, embed, neighbour_accuracy, train, write_csv, write_labels

SEED = 7
COMPONENTS = 8
HIDDEN = 32
PLAN = Training(
    epochs=60, batch_size=64, learning_rate=3e-3, weight_decay=0.05, input_noise=0.3, pull=0.1, structure=1.0
)


def make_encoder() -> nn.Module:
    return nn.Sequential(
        *(nn.Linear(COMPONENTS, HIDDEN, bias=False), nn.PReLU(), LayerNormDetached(HIDDEN)),
        *(nn.Linear(HIDDEN, HIDDEN, bias=False), nn.PReLU(), nn.Linear(HIDDEN, 2, bias=False)),
    )


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    data = load_breast_cancer()
    x, y = data.data.astype(np.float32), data.target
    features = [name.replace(" ", "_") for name in data.feature_names]
    fit, held_out = train_test_split(np.arange(len(x)), test_size=0.25, stratify=y, random_state=SEED)

    mean, scale = x[fit].mean(axis=0, dtype=np.float64), x[fit].std(axis=0, dtype=np.float64)
    components = PCA(COMPONENTS, svd_solver="full").fit((x[fit] - mean) / scale).components_
    inputs = ((x - mean) / scale) @ components.T
    encoder = make_encoder()
    train(encoder, inputs[fit], y[fit], PLAN, SEED)

    write_csv(HERE / "data.csv", features, x)
    write_labels(HERE / "labels.csv", [data.target_names[label] for label in y])
    report = export_bundle(
        encoder,
        HERE / "bundle",
        name="wdbc",
        version="1",
        bundle_format=1,
        input_shape=[COMPONENTS],
        features=features,
        output_names=["embedding_0", "embedding_1"],
        mean=mean,
        scale=scale,
        components=components,
        example=x[fit],
    )
    z = embed(encoder, inputs)
    accuracy = neighbour_accuracy(z[fit], y[fit], z[held_out], y[held_out])
    print(f"{len(fit)} rows trained on, {len(held_out)} held out; 5-nearest-neighbour accuracy {accuracy:.3f}")
    print(f"embedding from {z.min():.1f} to {z.max():.1f}; f(e) = J(e)e to {report.relative_error:.1e} relative")


if __name__ == "__main__":
    main()
