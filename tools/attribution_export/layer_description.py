"""The ``layers`` section of a bundle: recognise it in a PyTorch module, and evaluate it in numpy.

Only modules whose forward order is known for certain are described. A custom module may do anything in
its ``forward``, so it is never guessed at: the bundle then carries TorchScript only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from encoder_modules import LayerNormDetached, Residual

Layer = dict[str, Any]
Tensors = dict[str, NDArray[np.float32]]

_VANISHING = (nn.Identity, nn.Dropout)
_GLASS_BOX_LAYER_NORM = "glass_box_umap.components.LayerNormDetached"
_GLASS_BOX_PRELU = "glass_box_umap.components.VmapPReLU"
_GLASS_BOX_DEEP_NET = "glass_box_umap.parametric_umap.models.DeepPReLUNet"
_GLASS_BOX_RESIDUAL = "glass_box_umap.parametric_umap.models.ResidualMLPBlock"
_GLASS_BOX_EPS = 1e-12


class UnrecognisedModule(Exception):
    """The encoder contains something that the ``layers`` section cannot say; the message names it."""


def describe_layers(encoder: nn.Module, input_rank: int) -> tuple[list[Layer], Tensors]:
    """Describe ``encoder`` as bundle layers.

    Args:
        encoder: module in eval mode.
        input_rank: number of axes of one input row; above 1 the encoder must flatten first.

    Returns:
        the layers, and the tensors they name (float32, PyTorch layout).

    Raises:
        UnrecognisedModule: a module's forward is not known for certain.
    """
    layers: list[Layer] = []
    tensors: Tensors = {}
    flat = input_rank == 1
    for path, module in _in_forward_order(encoder, ""):
        if not flat and type(module) is not nn.Flatten:
            raise UnrecognisedModule(f"{_describe(path, module)} works on unflattened input")
        flat = True
        layers.append(_layer(path, module, f"layers.{len(layers)}", tensors))
    return layers, tensors


def _in_forward_order(module: nn.Module, path: str) -> Iterator[tuple[str, nn.Module]]:
    """Yield the modules that do something, with their paths, unfolding known containers."""
    _refuse_hooks(path, module)
    if type(module) in _VANISHING:
        return
    if isinstance(module, nn.Sequential) and type(module).forward is nn.Sequential.forward:
        children = list(module._modules.items())
    elif _class_name(module) == _GLASS_BOX_DEEP_NET:
        children = [("flatten", module.flatten), ("model", module.model)]
    else:
        yield path, module
        return
    for name, child in children:
        yield from _in_forward_order(child, f"{path}.{name}" if path else name)


def _layer(path: str, module: nn.Module, key: str, tensors: Tensors) -> Layer:
    kind, name = type(module), _class_name(module)
    if kind is nn.Flatten and (module.start_dim, module.end_dim) == (1, -1):
        return {"type": "flatten"}
    if kind is nn.Linear:
        layer = {"type": "linear", "weight": _store(tensors, f"{key}.weight", module.weight)}
        if module.bias is not None:
            layer["bias"] = _store(tensors, f"{key}.bias", module.bias)
        return layer
    if kind is nn.ReLU:
        return {"type": "relu"}
    if kind is nn.LeakyReLU:
        return {"type": "leaky_relu", "negativeSlope": module.negative_slope}
    if kind is nn.PReLU or name == _GLASS_BOX_PRELU:
        return {"type": "prelu", "weight": _store(tensors, f"{key}.weight", module.weight)}
    if kind is LayerNormDetached or name == _GLASS_BOX_LAYER_NORM:
        eps = module.eps if kind is LayerNormDetached else _GLASS_BOX_EPS
        scale = _store(tensors, f"{key}.scale", module.scale)
        return {"type": "layer_norm_detached", "scale": scale, "eps": eps}
    if kind is Residual or name == _GLASS_BOX_RESIDUAL:
        return {"type": "residual", "layers": _inner_layers(path, module, key, tensors)}
    raise UnrecognisedModule(f"{_describe(path, module)} is not a known layer")


def _inner_layers(path: str, module: nn.Module, key: str, tensors: Tensors) -> list[Layer]:
    names = ["inner"] if type(module) is Residual else ["fc1", "norm1", "act", "fc2", "norm2"]
    layers: list[Layer] = []
    for name in names:
        for inner_path, inner in _in_forward_order(getattr(module, name), f"{path}.{name}"):
            layers.append(_layer(inner_path, inner, f"{key}.layers.{len(layers)}", tensors))
    return layers


def _store(tensors: Tensors, key: str, value: Tensor) -> str:
    tensors[key] = np.ascontiguousarray(value.detach().cpu().float().numpy())
    return key


def _refuse_hooks(path: str, module: nn.Module) -> None:
    if module._forward_hooks or module._forward_pre_hooks:
        raise UnrecognisedModule(f"{_describe(path, module)} has forward hooks")


def _class_name(module: nn.Module) -> str:
    return f"{type(module).__module__}.{type(module).__qualname__}"


def _describe(path: str, module: nn.Module) -> str:
    return f"{_class_name(module)} at {path!r}" if path else _class_name(module)


def evaluate_layers(
    layers: list[Layer], tensors: Tensors, x: NDArray[np.float64], tangent: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Evaluate described layers and their derivative along one direction, in float64.

    Args:
        x: encoder inputs, (n, *shape).
        tangent: direction per row, same shape as ``x``.

    Returns:
        ``z`` (n, O) and ``J(x) tangent`` (n, O).
    """
    for layer in layers:
        x, tangent = _EVALUATORS[layer["type"]](layer, tensors, x, tangent)
    return x, tangent


def _flatten(layer, tensors, x, t):
    return x.reshape(len(x), -1), t.reshape(len(t), -1)


def _linear(layer, tensors, x, t):
    weight = tensors[layer["weight"]].astype(np.float64)
    bias = tensors[layer["bias"]].astype(np.float64) if "bias" in layer else 0.0
    return x @ weight.T + bias, t @ weight.T


def _rectify(x, t, slope):
    factor = np.where(x > 0, 1.0, slope)
    return x * factor, t * factor


def _layer_norm_detached(layer, tensors, x, t):
    scale = tensors[layer["scale"]].astype(np.float64)
    deviation = np.sqrt(x.var(axis=-1, keepdims=True) + layer["eps"])
    return tuple(scale * (v - v.mean(axis=-1, keepdims=True)) / deviation for v in (x, t))


def _residual(layer, tensors, x, t):
    inner, inner_t = evaluate_layers(layer["layers"], tensors, x, t)
    return x + inner, t + inner_t


_EVALUATORS = {
    "flatten": _flatten,
    "linear": _linear,
    "relu": lambda layer, tensors, x, t: _rectify(x, t, 0.0),
    "leaky_relu": lambda layer, tensors, x, t: _rectify(x, t, layer["negativeSlope"]),
    "prelu": lambda layer, tensors, x, t: _rectify(x, t, tensors[layer["weight"]].astype(np.float64)),
    "layer_norm_detached": _layer_norm_detached,
    "residual": _residual,
}
