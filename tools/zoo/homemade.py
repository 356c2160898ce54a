"""Encoders that people write themselves, and those of PyTorch's own examples, written again in their words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from encoder_modules import LayerNormDetached, Residual
from zoo.specimens import encoder

HOME = "home-made"
TORCH = "torch"
EXAMPLES = "torch (pytorch/examples)"


def mlp(
    inputs: int, outputs: int, activation: Callable[[], nn.Module], width: int = 48, bias: bool = True
) -> nn.Module:
    return nn.Sequential(
        nn.Linear(inputs, width, bias=bias),
        activation(),
        nn.Linear(width, width, bias=bias),
        activation(),
        nn.Linear(width, outputs, bias=bias),
    )


ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "leaky-relu": nn.LeakyReLU,
    "prelu": nn.PReLU,
    "elu": nn.ELU,
    "selu": nn.SELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "mish": nn.Mish,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "softplus": nn.Softplus,
    "hardswish": nn.Hardswish,
}

COMPARED = {"gelu", "silu", "tanh", "elu", "softplus", "hardswish"}

for _name, _activation in ACTIVATIONS.items():
    encoder(HOME, [12], trained=True, captum=_name in COMPARED, name=f"mlp-{_name}")(partial(mlp, 12, 3, _activation))


@encoder(HOME, [12])
def mlp_without_biases() -> nn.Module:
    return mlp(12, 3, nn.ReLU, bias=False)


@encoder(HOME, [16])
def detached_norm() -> nn.Module:
    block = nn.Sequential(nn.Linear(32, 32, bias=False), LayerNormDetached(32), nn.PReLU(32), nn.Dropout(0.1))
    return nn.Sequential(nn.Linear(16, 32, bias=False), nn.PReLU(), Residual(block), nn.Linear(32, 2, bias=False))


@encoder(HOME, [20], trained=True)
def mlp_batch_norm() -> nn.Module:
    return nn.Sequential(
        nn.Linear(20, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 64), nn.BatchNorm1d(64),
        nn.ReLU(), nn.Linear(64, 4),
    )  # fmt: skip


@encoder(HOME, [50], trained=True, captum=True)
def batch_norm_gelu_layer_norm() -> nn.Module:
    blocks: list[nn.Module] = []
    for inputs in (50, 128, 128):
        blocks += [nn.Linear(inputs, 128), nn.BatchNorm1d(128), nn.GELU(), nn.LayerNorm(128)]
    return nn.Sequential(*blocks, nn.Linear(128, 16))


@encoder(HOME, [12], trained=True, captum=True)
def rms_norm() -> nn.Module:
    return nn.Sequential(nn.Linear(12, 32), nn.RMSNorm(32), nn.SiLU(), nn.Linear(32, 3))


@encoder(HOME, [12])
def layer_norm_relu() -> nn.Module:
    return nn.Sequential(nn.Linear(12, 32), nn.LayerNorm(32), nn.ReLU(), nn.Linear(32, 3))


@encoder(HOME, [16])
def group_norm() -> nn.Module:
    return nn.Sequential(nn.Linear(16, 32), nn.GroupNorm(4, 32), nn.GELU(), nn.Linear(32, 3))


@encoder(HOME, [1, 12, 12])
def instance_norm() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 6, 3, padding=1), nn.InstanceNorm2d(6, affine=True), nn.GELU(), nn.AdaptiveAvgPool2d(2),
        nn.Flatten(), nn.Linear(24, 3),
    )  # fmt: skip


class Autoencoder(nn.Module):
    """Its encoder's half; what reconstructs is not exported."""

    def __init__(self, inputs: int, code: int) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Linear(inputs, 32), nn.ReLU(), nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, code)
        )
        self.decoder = nn.Sequential(nn.Linear(code, 32), nn.ReLU(), nn.Linear(32, inputs))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        code = self.encoder(x)
        return code, self.decoder(code)


@encoder(HOME, [24], trained=True)
def autoencoder() -> nn.Module:
    return Autoencoder(24, 4)


class Variational(nn.Module):
    """The mean first; the sample is drawn in evaluation as well, and is not the embedding."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(24, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh())
        self.mean, self.log_variance = nn.Linear(32, 4), nn.Linear(32, 4)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        hidden = self.body(x)
        mean, log_variance = self.mean(hidden), self.log_variance(hidden)
        return mean, mean + torch.randn_like(mean) * (0.5 * log_variance).exp()


@encoder(HOME, [24], trained=True, captum=True)
def variational_mean() -> nn.Module:
    return Variational()


class Siamese(nn.Module):
    """One tower of two, whose embeddings lie on the sphere."""

    def __init__(self) -> None:
        super().__init__()
        self.tower = mlp(16, 4, nn.ReLU)

    def forward(self, x: Tensor) -> Tensor:
        return F.normalize(self.tower(x), dim=1)


@encoder(HOME, [16], captum=True)
def siamese_tower() -> nn.Module:
    return Siamese()


@encoder(HOME, [2, 24])
def conv1d() -> nn.Module:
    return nn.Sequential(
        nn.Conv1d(2, 8, 5, padding=2), nn.ReLU(), nn.MaxPool1d(2), nn.Conv1d(8, 8, 3), nn.ReLU(),
        nn.AdaptiveAvgPool1d(4), nn.Flatten(), nn.Linear(32, 3),
    )  # fmt: skip


@encoder(HOME, [1, 14, 14], trained=True)
def conv2d_biases() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.ReLU(), nn.Flatten(),
        nn.Linear(16 * 25, 4),
    )  # fmt: skip


@encoder(HOME, [3, 12, 12])
def conv_batch_norm_silu() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(8), nn.SiLU(),
        nn.Conv2d(8, 8, 3, padding=1, groups=8, bias=False), nn.BatchNorm2d(8), nn.SiLU(), nn.Conv2d(8, 16, 1),
        nn.AvgPool2d(2), nn.Flatten(), nn.Linear(16 * 9, 4),
    )  # fmt: skip


class Maxout(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(12, 32 * 3), nn.Linear(32, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.first(x).reshape(-1, 32, 3).amax(-1))


@encoder(HOME, [12])
def maxout() -> nn.Module:
    return Maxout()


class Skip(nn.Module):
    def __init__(self, width: int, activation: nn.Module) -> None:
        super().__init__()
        self.first, self.second, self.activation = nn.Linear(width, width), nn.Linear(width, width), activation

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(self.activation(self.first(x)))


@encoder(HOME, [12])
def residual_relu() -> nn.Module:
    return nn.Sequential(nn.Linear(12, 32), Skip(32, nn.ReLU()), Skip(32, nn.ReLU()), nn.Linear(32, 3))


@encoder(HOME, [12], captum=True)
def residual_elu() -> nn.Module:
    return nn.Sequential(nn.Linear(12, 32), Skip(32, nn.ELU()), Skip(32, nn.ELU()), nn.Linear(32, 3))


class Dense(nn.Module):
    """Every layer sees all before it."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(12 + 8 * i, 8) for i in range(4))
        self.last = nn.Linear(12 + 8 * 4, 3)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = torch.cat([x, F.relu(layer(x))], dim=1)
        return self.last(x)


@encoder(HOME, [12])
def dense_connections() -> nn.Module:
    return Dense()


class Gated(nn.Module):
    """A gated linear unit, and a highway."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.carry, self.body, self.last = (
            nn.Linear(12, 64),
            nn.Linear(32, 32),
            nn.Linear(32, 32),
            nn.Linear(32, 3),
        )

    def forward(self, x: Tensor) -> Tensor:
        h = F.glu(self.first(x))
        gate = torch.sigmoid(self.carry(h))
        return self.last(gate * torch.tanh(self.body(h)) + (1 - gate) * h)


@encoder(HOME, [12], captum=True)
def gated_highway() -> nn.Module:
    return Gated()


class Experts(nn.Module):
    """A soft mixture: every expert runs."""

    def __init__(self) -> None:
        super().__init__()
        self.experts = nn.ModuleList(mlp(12, 3, nn.ReLU, 16) for _ in range(4))
        self.gate = nn.Linear(12, 4)

    def forward(self, x: Tensor) -> Tensor:
        weights = self.gate(x).softmax(-1)
        return torch.einsum("ne,neo->no", weights, torch.stack([expert(x) for expert in self.experts], dim=1))


@encoder(HOME, [12])
def mixture_of_experts() -> nn.Module:
    return Experts()


class TopExpert(nn.Module):
    """A hard mixture: the two best experts of each row count."""

    def __init__(self) -> None:
        super().__init__()
        self.experts, self.gate = nn.Linear(12, 4 * 3), nn.Linear(12, 4)

    def forward(self, x: Tensor) -> Tensor:
        weights, chosen = self.gate(x).softmax(-1).topk(2, dim=-1)
        outputs = self.experts(x).reshape(-1, 4, 3).gather(1, chosen.unsqueeze(-1).expand(-1, -1, 3))
        return (outputs * weights.unsqueeze(-1)).sum(1)


@encoder(HOME, [12])
def top_two_experts() -> nn.Module:
    return TopExpert()


class RadialBasis(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.centres, self.last = nn.Parameter(torch.randn(16, 6)), nn.Linear(16, 2)

    def forward(self, x: Tensor) -> Tensor:
        distances = ((x[:, None, :] - self.centres) ** 2).sum(-1)
        return self.last(torch.exp(-distances / 6))


@encoder(HOME, [6], trained=True, captum=True)
def radial_basis() -> nn.Module:
    return RadialBasis()


class FactorisationMachine(nn.Module):
    """Pairs of features by vectors: ½ (Σ x v)² − ½ Σ (x v)², of which f(e) is a polynomial."""

    def __init__(self) -> None:
        super().__init__()
        self.linear, self.vectors = nn.Linear(10, 4), nn.Parameter(torch.randn(10, 4) * 0.3)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x) + 0.5 * ((x @ self.vectors) ** 2 - (x**2) @ (self.vectors**2))


@encoder(HOME, [10], captum=True)
def factorisation_machine() -> nn.Module:
    return FactorisationMachine()


class DeepSet(nn.Module):
    """A set of eight points; the largest and the mean of each channel."""

    def __init__(self) -> None:
        super().__init__()
        self.each = nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, 16))
        self.all = nn.Sequential(nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 2))

    def forward(self, x: Tensor) -> Tensor:
        points = self.each(x)
        return self.all(torch.cat([points.max(dim=1).values, points.mean(dim=1)], dim=1))


@encoder(HOME, [8, 3])
def deep_set() -> nn.Module:
    return DeepSet()


class Fourier(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("frequencies", torch.randn(6, 16) * 0.5)
        self.head = mlp(32, 2, nn.ReLU, 32)

    def forward(self, x: Tensor) -> Tensor:
        phases = x @ self.frequencies
        return self.head(torch.cat([phases.sin(), phases.cos()], dim=-1))


@encoder(HOME, [6])
def fourier_features() -> nn.Module:
    return Fourier()


class Columns(nn.Module):
    """Numbers beside columns of categories, as tables have them; indices come as numbers."""

    def __init__(self, cardinalities: list[int], numbers: int) -> None:
        super().__init__()
        self.embeddings = nn.ModuleList(nn.Embedding(size, 4) for size in cardinalities)
        self.numbers = numbers
        self.head = mlp(numbers + 4 * len(cardinalities), 3, nn.ReLU)

    def forward(self, x: Tensor) -> Tensor:
        numbers, indices = x[:, : self.numbers], x[:, self.numbers :].long()
        parts = [embedding(indices[:, i]) for i, embedding in enumerate(self.embeddings)]
        return self.head(torch.cat([numbers, *parts], dim=1))


@encoder(HOME, [8], categories={6: 5, 7: 12}, trained=True)
def categorical_columns() -> nn.Module:
    return Columns([5, 12], 6)


class OneHot(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.head = mlp(5 + 6, 3, nn.GELU)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(torch.cat([x[:, :5], F.one_hot(x[:, 5].long(), 6).to(x.dtype)], dim=1))


@encoder(HOME, [6], categories={5: 6})
def one_hot_column() -> nn.Module:
    return OneHot()


class Tokens(nn.Module):
    """A token per feature, a transformer of PyTorch's own, the mean."""

    def __init__(self, activation: str = "relu", norm_first: bool = False) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.randn(10, 16)), nn.Parameter(torch.randn(10, 16))
        layer = nn.TransformerEncoderLayer(16, 4, 32, activation=activation, batch_first=True, norm_first=norm_first)
        self.body = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(16, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.body(x.unsqueeze(-1) * self.weight + self.bias).mean(1))


@encoder(TORCH, [10])
def transformer_encoder() -> nn.Module:
    return Tokens()


@encoder(TORCH, [10], captum=True)
def transformer_encoder_gelu() -> nn.Module:
    return Tokens("gelu", norm_first=True)


class AttentionPool(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Parameter(torch.randn(1, 1, 8))
        self.attention = nn.MultiheadAttention(8, 2, kdim=4, vdim=4, batch_first=True)
        self.head = nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Tensor:
        pooled, _ = self.attention(self.query.expand(len(x), -1, -1), x, x, need_weights=False)
        return self.head(pooled[:, 0])


@encoder(TORCH, [6, 4])
def attention_pooling() -> nn.Module:
    return AttentionPool()


class Sequence(nn.Module):
    """The last hidden state of a recurrent network."""

    def __init__(self, kind: type[nn.RNNBase], **options: object) -> None:
        super().__init__()
        self.body = kind(3, 16, batch_first=True, **options)
        self.head = nn.Linear(16 * (2 if options.get("bidirectional") else 1), 3)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.body(x)
        return self.head(states[:, -1])


@encoder(TORCH, [6, 3], captum=True)
def lstm() -> nn.Module:
    return Sequence(nn.LSTM)


@encoder(TORCH, [6, 3])
def lstm_bidirectional() -> nn.Module:
    return Sequence(nn.LSTM, bidirectional=True, num_layers=2)


@encoder(TORCH, [6, 3])
def gru() -> nn.Module:
    return Sequence(nn.GRU)


@encoder(TORCH, [6, 3])
def rnn_relu() -> nn.Module:
    return Sequence(nn.RNN, nonlinearity="relu")


class MnistNet(nn.Module):
    """The network of pytorch/examples/mnist, at 12×12."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 8, 3, 1), nn.Conv2d(8, 16, 3, 1)
        self.dropout1, self.dropout2 = nn.Dropout(0.25), nn.Dropout(0.5)
        self.fc1, self.fc2 = nn.Linear(16 * 16, 32), nn.Linear(32, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.conv2(F.relu(self.conv1(x))))
        x = self.dropout1(F.max_pool2d(x, 2))
        x = self.dropout2(F.relu(self.fc1(torch.flatten(x, 1))))
        return F.log_softmax(self.fc2(x), dim=1)


@encoder(EXAMPLES, [1, 12, 12])
def mnist() -> nn.Module:
    return MnistNet()


class ExampleVae(nn.Module):
    """The encoder of pytorch/examples/vae."""

    def __init__(self) -> None:
        super().__init__()
        self.fc1, self.fc21, self.fc22 = nn.Linear(196, 64), nn.Linear(64, 8), nn.Linear(64, 8)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        h1 = F.relu(self.fc1(x.view(-1, 196)))
        return self.fc21(h1), self.fc22(h1)


@encoder(EXAMPLES, [1, 14, 14])
def vae() -> nn.Module:
    return ExampleVae()


class RowLstm(nn.Module):
    """pytorch/examples/mnist_rnn: the rows of an image are a sequence."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.LSTM(input_size=10, hidden_size=24, batch_first=True)
        self.batchnorm = nn.BatchNorm1d(24)
        self.fc1, self.fc2 = nn.Linear(24, 16), nn.Linear(16, 4)

    def forward(self, x: Tensor) -> Tensor:
        output, _ = self.rnn(x.reshape(-1, 10, 10))
        return F.log_softmax(self.fc2(F.relu(self.fc1(self.batchnorm(output[:, -1])))), dim=1)


@encoder(EXAMPLES, [1, 10, 10])
def mnist_rnn() -> nn.Module:
    return RowLstm()
