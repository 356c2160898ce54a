"""Shared by the examples: train an encoder so that its plane separates the classes, and say how well it does.

Each class has a prototype in the embedding, and a row's class probabilities are the softmax of minus its squared
distances to the prototypes (Snell et al. 2017, with learned prototypes). The loss is cross-entropy, plus a pull of each
row to its own prototype (Wen et al. 2016), plus one minus the correlation of distances between rows before and after
embedding, so that the plane also shows how rows of one class differ.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.neighbors import KNeighborsClassifier
from torch import Tensor, nn

_PROTOTYPE_RADIUS = 4.0
_NEIGHBOURS = 5


@dataclass(frozen=True)
class Training:
    epochs: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    input_noise: float
    """Standard deviation of the noise added to the encoder's inputs, against overfitting."""
    pull: float
    """Weight of the mean squared distance to the own prototype."""
    structure: float
    """Weight of one minus the correlation of distances."""


def train(encoder: nn.Module, inputs: NDArray, labels: NDArray, plan: Training, seed: int) -> None:
    """Train ``encoder`` in place on encoder inputs (n, K) and labels (n,), and leave it in eval mode."""
    x, y = torch.from_numpy(inputs.astype(np.float32)), torch.from_numpy(labels)
    prototypes = nn.Parameter(_on_a_circle(int(labels.max()) + 1))
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.AdamW(
        [*encoder.parameters(), prototypes], lr=plan.learning_rate, weight_decay=plan.weight_decay
    )
    steps = plan.epochs * math.ceil(len(x) / plan.batch_size)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    encoder.train()
    for _ in range(plan.epochs):
        for batch in torch.randperm(len(x), generator=generator).split(plan.batch_size):
            noise = plan.input_noise * torch.randn(len(batch), x.shape[1], generator=generator)
            rows = x[batch] + noise
            optimiser.zero_grad()
            _loss(rows, encoder(rows), y[batch], prototypes, plan).backward()
            optimiser.step()
            schedule.step()
    encoder.eval()


def _loss(x: Tensor, z: Tensor, y: Tensor, prototypes: Tensor, plan: Training) -> Tensor:
    squared = torch.cdist(z, prototypes).square()
    own = squared.gather(1, y[:, None]).mean()
    distances = torch.stack([torch.pdist(x), torch.pdist(z)])
    unlike = 1.0 - torch.corrcoef(distances)[0, 1]
    return nn.functional.cross_entropy(-squared, y) + plan.pull * own + plan.structure * unlike


def _on_a_circle(count: int) -> Tensor:
    angles = torch.arange(count) * (2 * math.pi / count)
    return _PROTOTYPE_RADIUS * torch.stack([angles.cos(), angles.sin()], dim=1)


@torch.no_grad()
def embed(encoder: nn.Module, inputs: NDArray) -> NDArray[np.float32]:
    """Embedding (n, 2) of encoder inputs (n, K)."""
    return encoder(torch.from_numpy(inputs.astype(np.float32))).numpy()


def neighbour_accuracy(train_z: NDArray, train_y: NDArray, test_z: NDArray, test_y: NDArray) -> float:
    """Share of held-out rows whose 5 nearest training rows in the embedding vote for their class."""
    return KNeighborsClassifier(_NEIGHBOURS).fit(train_z, train_y).score(test_z, test_y)


def write_csv(path: Path, names: list[str], rows: NDArray) -> None:
    """Header and plain decimals, the shortest that give the same float32 back; no exponents."""
    lines = [",".join(names)]
    lines += [",".join(_decimal(value) for value in row) for row in rows]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _decimal(value: float) -> str:
    return np.format_float_positional(np.float32(value), unique=True, trim="-")


def write_labels(path: Path, names: list[str]) -> None:
    path.write_text("\n".join(["label", *names]) + "\n", "utf-8")
