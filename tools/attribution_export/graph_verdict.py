"""Which method of contributions fits an encoder: judged by the operators of its graph, and by numbers.

Every node has a kind with respect to the derivative along the input: ``CONSTANT`` (no derivative: detached, or an
integer), ``EXACT`` (piecewise linear without constants: f(e) = J(e) e), ``AFFINE`` (piecewise linear with constants)
or ``SMOOTH`` (anything else). The kind of the output, and the nodes that brought it about, are the verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .graph_description import Graph

CONSTANT, EXACT, AFFINE, SMOOTH = range(4)
_MOST_NAMED = 6

_MOVES = set(
    "view reshape _unsafe_view flatten unflatten permute transpose t T mT numpy_T movedim moveaxis swapaxes squeeze "
    "unsqueeze expand expand_as view_as reshape_as repeat repeat_interleave tile split split_with_sizes chunk unbind "
    "tensor_split select slice narrow getitem clone contiguous alias roll flip rot90 index index_select gather "
    "take_along_dim diagonal diag tril triu unfold im2col col2im pixel_shuffle pixel_unshuffle channel_shuffle "
    "as_strided atleast_2d to neg sum mean cumsum nansum avg_pool1d avg_pool2d avg_pool3d adaptive_avg_pool1d "
    "adaptive_avg_pool2d adaptive_avg_pool3d upsample_nearest1d upsample_nearest2d upsample_bilinear2d "
    "upsample_linear1d copy segment_reduce trace diff".split()
)
_KINKS = set(
    "relu leaky_relu prelu rrelu abs max_pool1d max_pool2d max_pool3d max_pool2d_with_indices max_pool1d_with_indices "
    "adaptive_max_pool1d adaptive_max_pool2d amax amin max min maximum minimum sort topk kthvalue median cummax".split()
)
_SMOOTH_WITH_KINKS = {"selu", "hardswish", "hardsigmoid"}  # their derivative jumps; that of elu does not
_CATS = set("cat concat concatenate stack hstack vstack column_stack".split())
_JOINS = _CATS | set("add sub rsub subtract where".split())
_BOUNDS = {"clamp", "clamp_min", "clamp_max", "clip", "hardtanh", "relu6", "threshold", "hardshrink", "softshrink"}
_PRODUCTS = {"mul", "multiply", "matmul", "mm", "bmm", "mv", "dot", "outer", "einsum", "tensordot", "kron"}
_LAYERS = {"linear": 2, "conv1d": 2, "conv2d": 2, "conv3d": 2, "conv_transpose1d": 2, "conv_transpose2d": 2,
           "conv_transpose3d": 2, "convolution": 2, "addmm": 0, "addmv": 0, "baddbmm": 0}  # fmt: skip
_WITHOUT_DERIVATIVE = set(
    "detach gt ge lt le eq ne logical_and logical_or logical_not logical_xor bitwise_and bitwise_or bitwise_not "
    "argmax argmin argsort isnan isinf isfinite sign sgn floor ceil round trunc sym_size size zeros ones full arange "
    "zeros_like ones_like full_like new_zeros new_ones new_full new_empty empty empty_like one_hot any all bucketize "
    "searchsorted floor_divide heaviside scalar_tensor".split()
)
_INDEXED = {"embedding", "embedding_bag"}


@dataclass(frozen=True)
class Verdict:
    """``method`` is what the application takes where nothing else is asked for; ``reason`` says why, in one line."""

    method: str
    reason: str


@dataclass(frozen=True)
class _Judged:
    kind: int
    own: int = CONSTANT
    """What the node itself adds, whatever its inputs are."""
    note: str = ""


def judge(graph: Graph, *, exact: bool, piecewise_linear: bool | None) -> Verdict:
    """The verdict.

    Args:
        exact: f(e) = J(e) e held, by numbers.
        piecewise_linear: whether f is affine along short steps, by numbers; None where they cannot tell.
    """
    judged = _judge_nodes(graph)
    if exact:
        doubt = "" if judged[graph.output].kind == EXACT else " by the numbers, not by the operators"
        return Verdict("jacobian", f"f(e) = J(e)·e{doubt}")
    causes = _nodes_with_derivative(graph, judged)
    smooth = _distinct(_op(node) for node in causes if judged[node["name"]].own == SMOOTH)
    if judged[graph.output].kind <= AFFINE and piecewise_linear is not False:
        constants = [node for node in causes if judged[node["name"]].own == AFFINE]
        return Verdict("affine", f"piecewise linear with constants: {_constants(constants, judged)}")
    kinks = _distinct(_op(node) for node in causes if _op(node) in _KINKS | _BOUNDS | _SMOOTH_WITH_KINKS)
    reason = f"smooth parts: {_listed(smooth)}" if smooth else "f is not piecewise linear by its numbers"
    return Verdict("integrated_gradients", reason + (f"; kinks: {_listed(kinks)}" if kinks else ""))


def _constants(nodes: Sequence[dict[str, Any]], judged: dict[str, _Judged]) -> str:
    groups: dict[str, list[str]] = {}
    for node in nodes:
        groups.setdefault(judged[node["name"]].note, []).append(node["name"])
    phrases = {"bias": ("has a bias", "have biases"), "constants": ("has constants", "have constants")}
    texts = [f"{_listed(names)} {phrases[note][len(names) > 1]}" for note, names in groups.items()]
    return "; ".join(texts) or "f(e) differs from J(e)·e"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _distinct(names: Any) -> list[str]:
    return list(dict.fromkeys(names))


def _op(node: dict[str, Any]) -> str:
    return node["op"].split(".")[1]


def _judge_nodes(graph: Graph) -> dict[str, _Judged]:
    judged = {graph.description["input"]: _Judged(EXACT)}
    for node in graph.nodes:
        judged[node["name"]] = _Rules(graph, judged, node).judge()
    return judged


def _nodes_with_derivative(graph: Graph, judged: dict[str, _Judged]) -> list[dict[str, Any]]:
    """The nodes through which the output depends differentiably on the input, in order."""
    wanted, found = {graph.output}, []
    for node in reversed(graph.nodes):
        if node["name"] in wanted and judged[node["name"]].kind != CONSTANT:
            found.append(node)
            wanted |= {name for name in _names(node) if judged[name].kind != CONSTANT}
    return found[::-1]


def _names(value: Any) -> list[str]:
    """The nodes that a node, or its arguments, refer to."""
    if isinstance(value, list):
        return [name for entry in value for name in _names(entry)]
    if not isinstance(value, dict):
        return []
    if "op" in value:
        return _names(value["args"]) + _names(list(value.get("kwargs", {}).values()))
    return [value["node"]] if "node" in value else []


@dataclass(frozen=True)
class _Rules:
    graph: Graph
    judged: dict[str, _Judged]
    node: dict[str, Any]

    def judge(self) -> _Judged:
        op, kinds = _op(self.node), [self.judged[name].kind for name in _names(self.node)]
        if op in _INDEXED and kinds:
            return _Judged(AFFINE, AFFINE, "constants")
        if op in _WITHOUT_DERIVATIVE or max(kinds, default=CONSTANT) == CONSTANT or self.is_cast_to_integer(op):
            return _Judged(CONSTANT)
        own, note = self.own(op)
        return _Judged(max([own, *kinds]), own, note)

    def own(self, op: str) -> tuple[int, str]:
        arguments = self.node["args"]
        if op in _MOVES or self.node["op"] == "sym.getitem":
            return EXACT, ""
        if op in _LAYERS:
            return self.layer(_LAYERS[op])
        if op in _JOINS or op in _KINKS:
            return self.sum_of(self.addends(arguments))
        if op in _BOUNDS:
            at_zero = all(bound in (0, None, {"float": "inf"}) for bound in self.bounds(op))
            return (EXACT, "") if at_zero else (AFFINE, "constants")
        if op in ("masked_fill", "constant_pad_nd", "pad"):
            return (EXACT, "") if self.is_zero(arguments[-1]) or arguments[-1] is None else (AFFINE, "constants")
        if op in _PRODUCTS:
            return (EXACT, "") if self.varying(arguments) <= 1 else (SMOOTH, "")
        if op in ("div", "divide", "true_divide"):
            return (EXACT, "") if self.varying(arguments[1:]) == 0 else (SMOOTH, "")
        if op == "addcmul":
            return (SMOOTH, "") if self.varying(arguments[1:]) > 1 else self.sum_of(arguments[:1])
        if op == "batch_norm":
            return self.batch_norm(arguments)
        return SMOOTH, ""

    def layer(self, bias: int) -> tuple[int, str]:
        arguments = self.node["args"]
        if self.varying([value for i, value in enumerate(arguments) if i != bias]) > 1:
            return SMOOTH, ""
        given = arguments[bias] if len(arguments) > bias else None
        return (EXACT, "") if given is None or self.is_zero(given) or self.varying([given]) else (AFFINE, "bias")

    def batch_norm(self, arguments: list) -> tuple[int, str]:
        _, _, bias, mean, variance, training, *_ = arguments
        if training or variance is None:
            return SMOOTH, ""
        return (EXACT, "") if all(v is None or self.is_zero(v) for v in (bias, mean)) else (AFFINE, "constants")

    def bounds(self, op: str) -> list[Any]:
        given = self.node["args"][1:] + list(self.node.get("kwargs", {}).values())
        return given if given or op in ("clamp", "clip") else [1]

    def varying(self, arguments: list) -> int:
        """How many arguments depend differentiably on the input."""
        return sum(self.judged[name].kind != CONSTANT for name in _names(arguments))

    def sum_of(self, addends: list) -> tuple[int, str]:
        constants = [addend for addend in addends if self.is_constant(addend) and not self.is_zero(addend)]
        return (AFFINE, "constants") if constants else (EXACT, "")

    def addends(self, arguments: list) -> list:
        """What the node adds up, or chooses from."""
        op = _op(self.node)
        if op == "where":
            return arguments[1:]
        if op in _CATS:
            return arguments[0]
        return arguments[:2] if op in _JOINS or op in ("maximum", "minimum", "max", "min") else []

    def is_constant(self, value: Any) -> bool:
        if isinstance(value, dict) and "node" in value:
            return self.judged[value["node"]].kind == CONSTANT
        return isinstance(value, (int, float, dict)) and not isinstance(value, bool)

    def is_zero(self, value: Any) -> bool:
        if isinstance(value, dict) and "tensor" in value:
            return not self.graph.tensors[value["tensor"]].any()
        return isinstance(value, (int, float)) and value == 0

    def is_cast_to_integer(self, op: str) -> bool:
        types = [value["dtype"] for value in self.node["args"] if isinstance(value, dict) and "dtype" in value]
        return op == "to" and bool(types) and not types[0].startswith(("float", "bfloat"))
