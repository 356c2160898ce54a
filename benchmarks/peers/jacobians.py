"""How a Python team computes Jacobians of an encoder: the peers of the engine benchmark.

n rows, K encoder inputs, O outputs, D raw features.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.func import jacrev, vmap

CHUNKS = (None, 256, 64)
TRIALS = 3
STEPS = 50


def finish(device: torch.device) -> None:
    """Waits until a GPU has done what it was given; a CPU has."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def takes_vectors(encoder: nn.Module, width: int) -> bool:
    """Whether a row needs no batch axis."""
    parameter = next(encoder.parameters())
    try:
        return encoder(torch.zeros(width, device=parameter.device)).dim() == 1
    except Exception:
        return False


@dataclass(frozen=True)
class Preprocessing:
    """``u = (x - mean) / scale``, ``e = u componentsᵀ``; mean, scale (D,), components (K, D)."""

    mean: Tensor | None
    scale: Tensor | None
    components: Tensor | None

    def standardize(self, x: Tensor) -> Tensor:
        u = x if self.mean is None else x - self.mean
        return u if self.scale is None else u / self.scale

    def inputs(self, u: Tensor) -> Tensor:
        return u if self.components is None else u @ self.components.T

    def project(self, jacobian: Tensor) -> Tensor:
        return jacobian if self.components is None else jacobian @ self.components


class VmapJacrev:
    """``torch.func.vmap(jacrev(f))``, in the chunks of rows that are fastest for this batch."""

    def __init__(self, encoder: nn.Module, shape: list[int]) -> None:
        # A vector stays a vector: batched, it becomes one matrix product and not many small ones.
        vector = len(shape) == 1 and takes_vectors(encoder, shape[0])

        def with_value(row: Tensor) -> tuple[Tensor, Tensor]:
            z = encoder(row) if vector else encoder(row.unsqueeze(0))[0]
            return z, z

        self.shape = shape
        self.function = jacrev(with_value, has_aux=True)
        self.chunk: int | None = None

    def tune(self, inputs: Tensor) -> str:
        """Tries the chunk sizes; says which one it keeps."""
        times = {}
        for chunk in (c for c in CHUNKS if c is None or c < len(inputs)):
            self.chunk = chunk
            self(inputs)
            times[chunk] = min(self._seconds(inputs) for _ in range(TRIALS))
        self.chunk = min(times, key=times.__getitem__)
        return f"chunk_size={self.chunk}"

    def _seconds(self, inputs: Tensor) -> float:
        start = time.perf_counter()
        self(inputs)
        finish(inputs.device)
        return time.perf_counter() - start

    def __call__(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """(n, K) to z (n, O) and J (n, O, K)."""
        rows = inputs.reshape(-1, *self.shape)
        jacobian, z = vmap(self.function, chunk_size=self.chunk)(rows)
        return z, jacobian.reshape(*z.shape, -1)


class PlainVmapJacrev(VmapJacrev):
    """The same for the whole batch at once: what one writes first."""

    def tune(self, inputs: Tensor) -> str:
        self(inputs)
        return ""


class FunctionalJacobian:
    """``torch.autograd.functional.jacobian(vectorize=True)`` of the outputs summed over the batch."""

    def __init__(self, encoder: nn.Module, shape: list[int]) -> None:
        self.encoder = encoder
        self.shape = shape

    def tune(self, inputs: Tensor) -> str:
        self(inputs)
        return ""

    def __call__(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        kept = []

        def summed(e: Tensor) -> Tensor:
            z = self.encoder(e)
            kept.append(z.detach())
            return z.sum(0)

        rows = inputs.reshape(-1, *self.shape)
        jacobian = torch.autograd.functional.jacobian(summed, rows, vectorize=True)
        return kept[0], jacobian.flatten(2).transpose(0, 1)


class CaptumIntegratedGradients:
    """captum's IntegratedGradients, 50 steps, for one output: the caller multiplies by the number of outputs."""

    def __init__(self, encoder: nn.Module, shape: list[int]) -> None:
        # Here, because the other peers run where captum is not installed.
        from captum.attr import IntegratedGradients

        self.attribute = IntegratedGradients(encoder).attribute
        self.shape = shape

    def tune(self, inputs: Tensor) -> str:
        self(inputs)
        return f"n_steps={STEPS}, one output"

    def __call__(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        given = self.attribute(inputs.reshape(-1, *self.shape), target=0, n_steps=STEPS).detach()
        return given[:, :0], given.flatten(1)


PEERS: dict[str, Callable[[nn.Module, list[int]], VmapJacrev | FunctionalJacobian | CaptumIntegratedGradients]] = {
    "vmap_jacrev": VmapJacrev,
    "vmap_jacrev_plain": PlainVmapJacrev,
    "functional_jacobian": FunctionalJacobian,
    "captum_ig": CaptumIntegratedGradients,
}


class Attributions:
    """Everything from raw features on: contributions C (n, O, D) and their l2 norms (n, D)."""

    def __init__(self, jacobians: VmapJacrev, preprocessing: Preprocessing) -> None:
        self.jacobians = jacobians
        self.preprocessing = preprocessing

    def tune(self, features: Tensor) -> str:
        return self.jacobians.tune(self.preprocessing.inputs(self.preprocessing.standardize(features)))

    def __call__(self, features: Tensor) -> tuple[Tensor, Tensor]:
        u = self.preprocessing.standardize(features)
        _, jacobian = self.jacobians(self.preprocessing.inputs(u))
        contributions = self.preprocessing.project(jacobian) * u.unsqueeze(1)
        return torch.linalg.vector_norm(contributions, dim=1), contributions
