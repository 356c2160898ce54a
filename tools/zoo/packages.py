"""Small encoders of packages from PyPI, as their documentation makes them.

A package is imported when its encoder is made.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from zoo.specimens import encoder


class Split(nn.Module):
    """A model of numbers and indices, (x, indices), as an encoder of rows: the indices are the last columns."""

    def __init__(self, model: nn.Module, numbers: int, indices_first: bool = False) -> None:
        super().__init__()
        self.model, self.numbers, self.indices_first = model, numbers, indices_first

    def forward(self, x: Tensor) -> Tensor:
        numbers, indices = x[:, : self.numbers], x[:, self.numbers :].long()
        return self.model(indices, numbers) if self.indices_first else self.model(numbers, indices)


class Numbers(nn.Module):
    """A model of numbers and indices without indices."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, x: Tensor) -> Tensor:
        return self.model(x, None)


# rtdl-revisiting-models


@encoder("rtdl-revisiting-models", [12], trained=True)
def rtdl_mlp() -> nn.Module:
    from rtdl_revisiting_models import MLP

    return MLP(d_in=12, d_out=3, n_blocks=2, d_block=48, dropout=0.1)


@encoder("rtdl-revisiting-models", [12], trained=True)
def rtdl_resnet() -> nn.Module:
    from rtdl_revisiting_models import ResNet

    return ResNet(
        d_in=12, d_out=3, n_blocks=2, d_block=48, d_hidden=None, d_hidden_multiplier=2.0, dropout1=0.15, dropout2=0.0
    )


def _ft_transformer(cardinalities: list[int]) -> nn.Module:
    from rtdl_revisiting_models import FTTransformer

    options = FTTransformer.get_default_kwargs(n_blocks=2)
    options |= {"d_block": 32, "attention_n_heads": 4}
    return FTTransformer(n_cont_features=10, cat_cardinalities=cardinalities, d_out=3, **options)


@encoder("rtdl-revisiting-models", [10], captum=True)
def rtdl_ft_transformer() -> nn.Module:
    return Numbers(_ft_transformer([]))


@encoder("rtdl-revisiting-models", [12], categories={10: 4, 11: 7})
def rtdl_ft_transformer_categories() -> nn.Module:
    return Split(_ft_transformer([4, 7]), 10)


# rtdl-num-embeddings


def _embedded(embeddings: nn.Module, width: int) -> nn.Module:
    head = nn.Sequential(nn.Linear(width, 32), nn.ReLU(), nn.Linear(32, 3))
    return nn.Sequential(embeddings, nn.Flatten(), head)


@encoder("rtdl-num-embeddings", [8], trained=True)
def num_embeddings_linear_relu() -> nn.Module:
    from rtdl_num_embeddings import LinearReLUEmbeddings

    return _embedded(LinearReLUEmbeddings(8, 8), 64)


@encoder("rtdl-num-embeddings", [8], captum=True)
def num_embeddings_periodic() -> nn.Module:
    from rtdl_num_embeddings import PeriodicEmbeddings

    return _embedded(PeriodicEmbeddings(8, 8, n_frequencies=8, frequency_init_scale=0.1, lite=False), 64)


@encoder("rtdl-num-embeddings", [8])
def num_embeddings_piecewise_linear() -> nn.Module:
    from rtdl_num_embeddings import PiecewiseLinearEmbeddings, compute_bins

    bins = compute_bins(torch.randn(500, 8), n_bins=6)
    return _embedded(PiecewiseLinearEmbeddings(bins, 8, activation=False, version="B"), 64)


@encoder("rtdl-num-embeddings", [8])
def num_embeddings_piecewise_linear_encoding() -> nn.Module:
    from rtdl_num_embeddings import PiecewiseLinearEncoding, compute_bins

    encoding = PiecewiseLinearEncoding(compute_bins(torch.randn(500, 8), n_bins=6))
    return nn.Sequential(encoding, nn.Linear(48, 32), nn.ReLU(), nn.Linear(32, 3))


# tabm


class Ensemble(nn.Module):
    """The mean of TabM's members, (n, k, O) to (n, O)."""

    def __init__(self) -> None:
        super().__init__()
        from tabm import TabM

        self.model = TabM.make(n_num_features=10, cat_cardinalities=[], d_out=3, k=4, n_blocks=2, d_block=32)

    def forward(self, x: Tensor) -> Tensor:
        return self.model(x).mean(1)


@encoder("tabm", [10], trained=True)
def tabm() -> nn.Module:
    return Ensemble()


# pytorch-tabnet


@encoder("pytorch-tabnet", [10], trained=True)
def tabnet() -> nn.Module:
    from pytorch_tabnet.tab_network import TabNetNoEmbeddings

    return TabNetNoEmbeddings(10, 3, n_d=8, n_a=8, n_steps=3, group_attention_matrix=torch.eye(10))


@encoder("pytorch-tabnet", [10])
def tabnet_entmax() -> nn.Module:
    from pytorch_tabnet.tab_network import TabNetNoEmbeddings

    return TabNetNoEmbeddings(10, 3, n_steps=2, mask_type="entmax", group_attention_matrix=torch.eye(10))


# scvi-tools


class ScviMean(nn.Module):
    """The mean of scVI's latent variable of counts, as ``get_latent_representation`` gives it."""

    def __init__(self, **options: object) -> None:
        super().__init__()
        from scvi.nn import Encoder

        self.z_encoder = Encoder(30, 5, n_layers=2, n_hidden=48, **options)

    def forward(self, x: Tensor) -> Tensor:
        hidden = self.z_encoder.encoder(torch.log1p(x.clamp_min(0)))
        return self.z_encoder.mean_encoder(hidden)


@encoder("scvi-tools", [30], counts=True)
def scvi_encoder() -> nn.Module:
    from scvi.nn import Encoder

    return Encoder(30, 5, n_layers=1, n_hidden=48)


@encoder("scvi-tools", [30], trained=True, counts=True)
def scvi_mean_of_counts() -> nn.Module:
    return ScviMean()


@encoder("scvi-tools", [30], counts=True)
def scvi_mean_layer_norm() -> nn.Module:
    return ScviMean(use_batch_norm=False, use_layer_norm=True)


@encoder("scvi-tools", [20])
def scvi_fc_layers() -> nn.Module:
    from scvi.nn import FCLayers

    return nn.Sequential(FCLayers(20, 32, n_layers=2, n_hidden=32), nn.Linear(32, 4))


# glass-box-umap


@encoder("glass-box-umap", [16])
def glass_box_umap() -> nn.Module:
    from glass_box_umap.parametric_umap.models import DeepPReLUNet

    return DeepPReLUNet((16,), 2, hidden_size=64)


# torchvision


def _torchvision(name: str, **options: object) -> nn.Module:
    import torchvision

    return getattr(torchvision.models, name)(weights=None, num_classes=4, **options)


@encoder("torchvision", [3, 32, 32])
def torchvision_resnet18() -> nn.Module:
    return _torchvision("resnet18")


@encoder("torchvision", [3, 32, 32])
def torchvision_squeezenet() -> nn.Module:
    return _torchvision("squeezenet1_1")


@encoder("torchvision", [3, 32, 32])
def torchvision_shufflenet() -> nn.Module:
    return _torchvision("shufflenet_v2_x0_5")


@encoder("torchvision", [3, 32, 32])
def torchvision_mobilenet_v3() -> nn.Module:
    return _torchvision("mobilenet_v3_small")


# timm


def _timm(name: str, **options: object) -> nn.Module:
    import timm

    return timm.create_model(name, pretrained=False, num_classes=4, **options)


@encoder("timm", [3, 32, 32])
def timm_test_resnet() -> nn.Module:
    return _timm("test_resnet")


@encoder("timm", [3, 32, 32])
def timm_test_vit() -> nn.Module:
    return _timm("test_vit", img_size=32)


@encoder("timm", [3, 32, 32])
def timm_test_convnext() -> nn.Module:
    return _timm("test_convnext")


@encoder("timm", [3, 32, 32])
def timm_lcnet() -> nn.Module:
    return _timm("lcnet_035")


# captum


@encoder("captum (tutorial)", [12], trained=True, captum=True)
def captum_titanic() -> nn.Module:
    """The network of "Getting started with Captum: Titanic data"."""
    return nn.Sequential(
        nn.Linear(12, 12), nn.Sigmoid(), nn.Linear(12, 8), nn.Sigmoid(), nn.Linear(8, 2), nn.Softmax(dim=1)
    )


@encoder("captum (tutorial)", [10], trained=True)
def captum_house_prices() -> nn.Module:
    """The network of "Interpreting models: Boston house prices"."""
    return nn.Sequential(
        nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 8), nn.ReLU(), nn.Linear(8, 1)
    )


@encoder("captum (tutorial)", [3, 32, 32])
def captum_cifar() -> nn.Module:
    """The network of "Interpreting vision with CIFAR"."""
    return nn.Sequential(
        nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2, 2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2, 2),
        nn.Flatten(), nn.Linear(16 * 5 * 5, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip


@encoder("captum", [3])
def captum_multi_layer() -> nn.Module:
    from captum.testing.helpers.basic_models import BasicModel_MultiLayer

    return BasicModel_MultiLayer()


@encoder("captum", [1, 10, 10])
def captum_conv_net() -> nn.Module:
    from captum.testing.helpers.basic_models import BasicModel_ConvNet

    return BasicModel_ConvNet()


@encoder("captum", [3])
def captum_tanh() -> nn.Module:
    from captum.testing.helpers.basic_models import BasicLinearModel_Multilayer

    return nn.Sequential(BasicLinearModel_Multilayer(3, 16, 8), nn.Tanh(), nn.Linear(8, 2))


# tab-transformer-pytorch


@encoder("tab-transformer-pytorch", [8], categories={5: 4, 6: 6, 7: 3})
def tab_transformer() -> nn.Module:
    from tab_transformer_pytorch import TabTransformer

    model = TabTransformer(
        categories=(4, 6, 3), num_continuous=5, dim=16, depth=2, heads=4, dim_out=3, mlp_act=nn.ReLU()
    )
    return Split(model, 5, indices_first=True)


@encoder("tab-transformer-pytorch", [8], categories={6: 4, 7: 6})
def tab_ft_transformer() -> nn.Module:
    from tab_transformer_pytorch import FTTransformer

    model = FTTransformer(categories=(4, 6), num_continuous=6, dim=16, depth=2, heads=4, dim_out=3)
    return Split(model, 6, indices_first=True)


# lucidrains' others


@encoder("vit-pytorch", [1, 16, 16])
def vit_pytorch_simple() -> nn.Module:
    from vit_pytorch import SimpleViT

    return SimpleViT(image_size=16, patch_size=4, num_classes=4, dim=32, depth=2, heads=4, mlp_dim=64, channels=1)


@encoder("mlp-mixer-pytorch", [1, 16, 16])
def mlp_mixer() -> nn.Module:
    from mlp_mixer_pytorch import MLPMixer

    return MLPMixer(image_size=16, channels=1, patch_size=4, dim=32, depth=2, num_classes=4)


class Mean(nn.Module):
    """The mean over the positions of a sequence, (n, L, O) to (n, O)."""

    def __init__(self, body: nn.Module, axis: int = 1) -> None:
        super().__init__()
        self.body, self.axis = body, axis

    def forward(self, x: Tensor) -> Tensor:
        out = self.body(x)
        return (out[0] if isinstance(out, tuple) else out).mean(self.axis)


@encoder("x-transformers", [8, 4])
def x_transformers() -> nn.Module:
    from x_transformers import ContinuousTransformerWrapper, Encoder

    layers = Encoder(dim=32, depth=2, heads=4)
    return Mean(ContinuousTransformerWrapper(dim_in=4, dim_out=3, max_seq_len=8, attn_layers=layers))


@encoder("linformer", [8, 16])
def linformer() -> nn.Module:
    from linformer import Linformer

    return nn.Sequential(Mean(Linformer(dim=16, seq_len=8, depth=2, heads=4, k=4)), nn.Linear(16, 3))


@encoder("conformer", [12, 16])
def conformer() -> nn.Module:
    from conformer import ConformerBlock

    block = ConformerBlock(dim=16, dim_head=8, heads=2, ff_mult=2, conv_expansion_factor=2, conv_kernel_size=5)
    return nn.Sequential(Mean(block), nn.Linear(16, 3))


# Others


@encoder("siren-pytorch", [4], captum=True)
def siren() -> nn.Module:
    from siren_pytorch import SirenNet

    return SirenNet(dim_in=4, dim_hidden=32, dim_out=2, num_layers=2, w0_initial=3.0)


@encoder("pytorch-tcn", [2, 16])
def temporal_convolutions() -> nn.Module:
    from pytorch_tcn import TCN

    return nn.Sequential(Mean(TCN(num_inputs=2, num_channels=[8, 8], kernel_size=3), axis=2), nn.Linear(8, 3))


class LastState(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        from ncps.torch import CfC

        self.body, self.head = CfC(3, 16), nn.Linear(16, 2)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.body(x)
        return self.head(states[:, -1])


@encoder("ncps", [5, 3])
def closed_form_continuous_time() -> nn.Module:
    return LastState()


class SparseAttention(nn.Module):
    """Features weighted by a map that gives most of them nothing."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind, self.weights, self.last = kind, nn.Linear(12, 12), nn.Linear(12, 3)

    def forward(self, x: Tensor) -> Tensor:
        import entmax

        return self.last(getattr(entmax, self.kind)(self.weights(x), dim=-1) * x)


@encoder("entmax", [12])
def sparsemax_attention() -> nn.Module:
    return SparseAttention("sparsemax")


@encoder("entmax", [12])
def entmax_attention() -> nn.Module:
    return SparseAttention("entmax15")


@encoder("pykan", [4])
def kolmogorov_arnold() -> nn.Module:
    from kan import KAN

    np.random.seed(0)
    return KAN(width=[4, 6, 2], grid=5, k=3, seed=0, auto_save=False, symbolic_enabled=False)
