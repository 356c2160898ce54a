"""Rows for an encoder: training rows, rows to explain, and the preprocessing that a user would fit."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zoo.specimens import Specimen

_TRAINING_ROWS = 1_000
_PIXEL_TRAINING_ROWS = 300


@dataclass(frozen=True)
class Rows:
    """Raw rows (n, D) float32; ``mean`` and ``scale`` (D,) of the training rows."""

    training: NDArray[np.float32]
    test: NDArray[np.float32]
    mean: NDArray[np.float32]
    scale: NDArray[np.float32]

    def encoder_inputs(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """(n, D) raw to (n, K) encoder inputs, in float64."""
        return (rows.astype(np.float64) - self.mean) / self.scale


def draw(specimen: Specimen, test_rows: int, seed: int) -> Rows:
    """Images where the shape has three axes, correlated columns elsewhere; columns of indices stay as they are."""
    generator = np.random.default_rng(seed)
    pixels = len(specimen.shape) == 3
    count = (_PIXEL_TRAINING_ROWS if pixels else _TRAINING_ROWS) + test_rows
    width = math.prod(specimen.shape)
    if specimen.counts:
        rows = generator.poisson(generator.lognormal(0.5, 1, (count, width))).astype(np.float64)
    else:
        rows = _images(generator, count, specimen.shape) if pixels else _columns(generator, count, width)
    for column, cardinality in specimen.categories.items():
        rows[:, column] = generator.integers(cardinality, size=count)
    rows = rows.astype(np.float32)
    training, test = rows[:-test_rows], rows[-test_rows:]
    mean = training.mean(0)
    scale = np.full_like(mean, training.std()) if pixels else training.std(0)
    for column in range(width) if specimen.counts else specimen.categories:
        mean[column], scale[column] = 0, 1
    return Rows(training, test, mean.astype(np.float32), scale.astype(np.float32))


def _columns(generator: np.random.Generator, count: int, width: int) -> NDArray[np.float64]:
    mixed = generator.standard_normal((count, width)) @ (np.eye(width) + generator.normal(0, 0.3, (width, width)))
    return generator.uniform(-2, 2, width) + generator.uniform(0.5, 3, width) * mixed


def _images(generator: np.random.Generator, count: int, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """A soft spot on noise, in [0, 1]."""
    channels, height, width = shape
    across = (np.arange(width) - generator.uniform(0, width, (count, 1))) / width
    down = (np.arange(height) - generator.uniform(0, height, (count, 1))) / height
    spot = np.exp(-8 * (down[:, :, None] ** 2 + across[:, None, :] ** 2))[:, None]
    colour = generator.uniform(0.2, 1, (count, channels, 1, 1))
    return np.clip(spot * colour + generator.normal(0, 0.1, (count, *shape)), 0, 1).reshape(count, -1)
