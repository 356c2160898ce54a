"""Exact attributions of a batch of rows with torch.func, as the torch documentation has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.func import jacrev, vmap

from bundle_encoder import Bundle


@dataclass(frozen=True)
class Explanation:
    """Of n rows: embedding z (n, O), contributions (n, O, D), reduced (n, D), reconstruction J·e (n, O); float32."""

    embedding: Tensor
    contributions: Tensor
    reduced: Tensor
    reconstruction: Tensor

    def rows(self, rows: Sequence[int]) -> Explanation:
        """Only some of the rows."""
        if len(rows) == len(self.embedding):
            return self
        chosen = torch.tensor(rows)
        return Explanation(
            self.embedding[chosen], self.contributions[chosen], self.reduced[chosen], self.reconstruction[chosen]
        )


class Explainer:
    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        # The embedding comes out of the same forward pass as the Jacobian.
        self._jacobian = vmap(jacrev(self._twice, has_aux=True))

    def _twice(self, row: Tensor) -> tuple[Tensor, Tensor]:
        z = self._bundle.encoder(row)
        return z, z

    @torch.no_grad()
    def explain(self, x: Tensor) -> Explanation:
        """Explain raw rows (n, D)."""
        bundle = self._bundle
        u = x if bundle.mean is None else x - bundle.mean
        u = u if bundle.scale is None else u / bundle.scale
        e = u if bundle.components is None else u @ bundle.components.T
        jacobian, z = self._jacobian(e)
        reconstruction = torch.einsum("nok,nk->no", jacobian, e)
        projected = jacobian if bundle.components is None else jacobian @ bundle.components
        contributions = projected * u[:, None, :]
        reduced = torch.linalg.vector_norm(contributions, dim=1)
        return Explanation(z, contributions, reduced, reconstruction)
