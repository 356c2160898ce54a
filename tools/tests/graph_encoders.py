"""Encoders of today's kinds, small: (n, *shape) to (n, 2)."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from encoder_modules import LayerNormDetached, Residual


class Rows(nn.Module):
    """A module of a function that maps rows, between two linear layers."""

    def __init__(self, function, inputs: int = 6, bias: bool = False) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(inputs, 8, bias=bias), nn.Linear(8, 2, bias=bias)
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.function(self.first(x)))


def exact() -> nn.Module:
    block = nn.Sequential(nn.Linear(8, 8, bias=False), LayerNormDetached(8), nn.PReLU(8), nn.Dropout(0.5))
    return nn.Sequential(nn.Linear(6, 8, bias=False), nn.PReLU(), Residual(block), nn.Linear(8, 2, bias=False))


def biased() -> nn.Module:
    return nn.Sequential(nn.Linear(6, 8), nn.ReLU(inplace=True), nn.Dropout(0.5), nn.Linear(8, 2))


def _used(norm: nn.Module) -> nn.Module:
    """Batch normalisation as training leaves it."""
    norm.running_mean.normal_()
    norm.running_var.uniform_(0.5, 2)
    return norm


def batch_norm() -> nn.Module:
    return nn.Sequential(nn.Linear(6, 8, bias=False), _used(nn.BatchNorm1d(8)), nn.ReLU(), nn.Linear(8, 2, bias=False))


class GBN(nn.Module):
    """TabNet's batch normalisation, of chunks of a batch."""

    def __init__(self) -> None:
        super().__init__()
        self.bn, self.chunk = _used(nn.BatchNorm1d(8)), 4

    def forward(self, x: Tensor) -> Tensor:
        chunks = x.chunk(int(np.ceil(x.shape[0] / self.chunk)), 0)
        return torch.cat([self.bn(part) for part in chunks])


def ghost_batch_norm() -> nn.Module:
    return nn.Sequential(nn.Linear(6, 8, bias=False), GBN(), nn.ReLU(), nn.Linear(8, 2, bias=False))


def smooth() -> nn.Module:
    return nn.Sequential(nn.Linear(6, 8), _used(nn.BatchNorm1d(8)), nn.GELU(), nn.LayerNorm(8), nn.Linear(8, 2))


class Transformer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.tokens = nn.Linear(1, 8)
        self.layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
        self.head = nn.Linear(8, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.layer(self.tokens(x.unsqueeze(-1))).mean(1))


def convolutional() -> nn.Module:
    return nn.Sequential(
        *(nn.Conv2d(1, 4, 3, padding=1), nn.SiLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3), nn.ReLU()),
        *(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 2), nn.Softmax(1)),
    )


class Recurrent(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm, self.head = nn.LSTM(2, 5, batch_first=True), nn.Linear(5, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.lstm(x)[0][:, -1])


class Categorical(nn.Module):
    """Columns 1 and 4 are indices of five and of three categories."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Embedding(5, 3), nn.Embedding(3, 2)
        self.body = nn.Sequential(nn.Linear(9, 8), nn.ELU(), nn.RMSNorm(8), nn.Linear(8, 2))

    def forward(self, x: Tensor) -> Tensor:
        numbers = x[:, [0, 2, 3, 5]]
        return self.body(torch.cat([numbers, self.first(x[:, 1].long()), self.second(x[:, 4].long())], 1))


class Offsets(nn.Module):
    """One table for all columns, as in many tabular models."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(9, 4)
        self.register_buffer("offsets", torch.tensor([0, 4]))
        self.head = nn.Linear(8 + 4, 2)

    def forward(self, x: Tensor) -> Tensor:
        tokens = self.table(x[:, :2].to(torch.int64) + self.offsets)
        return self.head(torch.cat([tokens.flatten(1), x[:, 2:]], 1).relu())


class NoGradNorm(nn.Module):
    """A home-made LayerNormDetached."""

    def forward(self, x: Tensor) -> Tensor:
        centred = x - x.mean(-1, keepdim=True)
        with torch.no_grad():
            deviation = (centred.pow(2).mean(-1, keepdim=True) + 1e-6).sqrt()
        return centred / deviation


def no_grad_norm() -> nn.Module:
    return nn.Sequential(nn.Linear(6, 8, bias=False), nn.ReLU(), NoGradNorm(), nn.Linear(8, 2, bias=False))


def weight_norm() -> nn.Module:
    return nn.Sequential(
        nn.utils.parametrizations.weight_norm(nn.Linear(6, 8, bias=False)), nn.Linear(8, 2, bias=False)
    )


def maxout() -> nn.Module:
    return Rows(lambda h: torch.max(*h.chunk(2, -1)).repeat(1, 2))


def where_prelu() -> nn.Module:
    return Rows(lambda h: torch.where(h > 0, h, 0.2 * h))


def sizes() -> nn.Module:
    return Rows(lambda h: h.view(h.shape[0] * 2, 4).relu().view(h.shape[0], -1))


def in_place_sum() -> nn.Module:
    def function(h: Tensor) -> Tensor:
        h = h.clone()
        h += h.relu()
        return h.mul_(2.0)

    return Rows(function)


def length() -> nn.Module:
    return Rows(lambda h: h.reshape(len(h), 2, 4).amax(1).repeat(1, 2))


def multiplied() -> nn.Module:
    return Rows(lambda h: h * h.relu())


def clamped() -> nn.Module:
    return Rows(lambda h: h.clamp(-1, 1))


def double_constant() -> nn.Module:
    return Rows(lambda h: h.relu() * torch.tensor(np.full(8, 0.3)).float())


class Casts(nn.Module):
    """Insists on float32."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(6, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x.to(torch.float32)) + torch.tensor(np.float64(0.25))


def assigns() -> nn.Module:
    """Writes into a part of a tensor, of which the rest is read afterwards."""

    def function(h: Tensor) -> Tensor:
        h = h.clone()
        h[:, 0] = h[:, 1]
        return h

    return Rows(function)


class Branches(nn.Module):
    """Control flow that depends on values."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(6, 2, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        if bool((x > 1000.0).any()):
            return self.linear(x) * 2.0
        return self.linear(x)
