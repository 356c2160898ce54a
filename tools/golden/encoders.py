"""The encoders of the golden cases: small, with weights and slopes that no default would produce."""

from __future__ import annotations

from torch import Tensor, nn

from encoder_modules import LayerNormDetached, Residual


def linear(inputs: int, outputs: int, bias: bool = False) -> nn.Linear:
    layer = nn.Linear(inputs, outputs, bias=bias)
    nn.init.normal_(layer.weight, std=(2.0 / inputs) ** 0.5)
    if bias:
        nn.init.normal_(layer.bias, std=0.3)
    return layer


def prelu(channels: int = 1) -> nn.PReLU:
    layer = nn.PReLU(channels)
    nn.init.uniform_(layer.weight, 0.1, 0.4)
    return layer


def layer_norm(width: int) -> LayerNormDetached:
    layer = LayerNormDetached(width)
    nn.init.uniform_(layer.scale, 0.5, 1.8)
    return layer


def deep_prelu(inputs: int, hidden: int, outputs: int, *, per_channel: bool = False, bias: bool = False) -> nn.Module:
    """Three hidden layers; dropout and identity are there to vanish from the layers section."""
    channels = hidden if per_channel else 1
    return nn.Sequential(
        nn.Flatten(),
        nn.Sequential(linear(inputs, hidden, bias), prelu(channels), nn.Dropout(0.2)),
        nn.Sequential(linear(hidden, hidden, bias), prelu(channels), nn.Identity()),
        nn.Sequential(linear(hidden, hidden, bias), prelu(channels)),
        linear(hidden, outputs, bias),
    )


def normalised_prelu(inputs: int, hidden: int, outputs: int, dropout: float = 0.0) -> nn.Module:
    return nn.Sequential(
        *(linear(inputs, hidden), prelu(), layer_norm(hidden), nn.Dropout(dropout)),
        *(linear(hidden, hidden), prelu(), layer_norm(hidden), nn.Dropout(dropout)),
        *(linear(hidden, hidden), prelu(), linear(hidden, outputs)),
    )


def residual(inputs: int, hidden: int, outputs: int) -> nn.Module:
    def block() -> nn.Module:
        first = (linear(hidden, hidden), layer_norm(hidden), prelu(hidden))
        return Residual(nn.Sequential(*first, linear(hidden, hidden), layer_norm(hidden)))

    return nn.Sequential(linear(inputs, hidden), prelu(), block(), block(), linear(hidden, outputs))


def convolutional(outputs: int) -> nn.Module:
    """(n, 1, 28, 28) to (n, outputs), bias-free, per-channel PReLU."""
    return nn.Sequential(
        *(nn.Conv2d(1, 4, 3, stride=2, padding=1, bias=False), prelu(4)),
        *(nn.Conv2d(4, 4, 3, stride=2, padding=1, bias=False), prelu(4)),
        *(nn.Flatten(), linear(4 * 7 * 7, 12), prelu(), linear(12, outputs)),
    )


def leaky_relu(inputs: int, hidden: int, outputs: int) -> nn.Module:
    return nn.Sequential(
        *(linear(inputs, hidden), nn.LeakyReLU(0.2)),
        *(linear(hidden, hidden), nn.ReLU()),
        *(linear(hidden, hidden), nn.LeakyReLU(0.05), linear(hidden, outputs)),
    )


def gelu(inputs: int, hidden: int, outputs: int) -> nn.Module:
    return nn.Sequential(linear(inputs, hidden), nn.GELU(), linear(hidden, hidden), nn.GELU(), linear(hidden, outputs))


class Maxout(nn.Module):
    """The largest of ``pieces`` linear maps per unit (Goodfellow et al. 2013), bias-free."""

    def __init__(self, inputs: int, units: int, pieces: int) -> None:
        super().__init__()
        self.linear = linear(inputs, units * pieces)
        self.units = units
        self.pieces = pieces

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x).reshape(x.shape[0], self.units, self.pieces).max(dim=-1)[0]


def maxout(inputs: int, hidden: int, outputs: int) -> nn.Module:
    return nn.Sequential(Maxout(inputs, hidden, 3), Maxout(hidden, hidden, 2), linear(hidden, outputs))


class WithAuxiliaryOutput(nn.Module):
    """Returns (z, hidden activations): only the first tensor is the embedding."""

    def __init__(self, inputs: int, hidden: int, outputs: int) -> None:
        super().__init__()
        self.body = nn.Sequential(linear(inputs, hidden), prelu(hidden), linear(hidden, hidden), prelu())
        self.head = linear(hidden, outputs)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        hidden = self.body(x)
        return self.head(hidden), hidden
