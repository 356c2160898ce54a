"""Building blocks for encoders whose Jacobian is an exact linear account of their output.

A bias-free network of these modules, ``nn.Linear(bias=False)`` and (P)ReLU satisfies ``f(e) = J(e) e``.
``export_bundle`` recognises them, so a bundle of format 1 made of them also gets a ``layers`` section.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class LayerNormDetached(nn.Module):
    """Layer normalisation without offset, whose variance is a constant for the derivative in eval mode.

    ``scale * (x - mean) / sqrt(var + eps)`` over the last axis, with the biased variance. With the variance
    detached the Jacobian is the equivalent linear map of the layer, not its gradient.
    """

    def __init__(self, width: int, eps: float = 1e-12) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        mean = x.mean(dim=-1, keepdim=True)
        variance = x.var(dim=-1, keepdim=True, unbiased=False)
        if not self.training:
            variance = variance.detach()
        return self.scale * ((x - mean) / torch.sqrt(variance + self.eps))


class Residual(nn.Module):
    """``x + inner(x)``; ``inner`` keeps the width."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor) -> Tensor:
        return x + self.inner(x)
