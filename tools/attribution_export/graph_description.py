"""The ``graph`` section of a bundle: what torch.export gives, as JSON and tensors.

The operators stay those of ``torch.export`` (ATen, before decomposition), ``detach`` among them. What means nothing
in evaluation is left out (dropout, assertions, dead nodes), what depends on no input is computed here, and operators
that change a tensor in place become those that return a new one.
"""

from __future__ import annotations

import hashlib
import logging
import math
import operator
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import numpy as np
import torch
import torch.export
from numpy.typing import NDArray
from torch import Tensor, fx, nn
from torch.utils import _pytree as pytree

INPUT = "x"
_EXAMPLE_ROWS = 3  # unlike the row counts of the check, so that a batch size that got frozen shows
_MOST_FOLDED_VALUES = 1 << 22
_LARGEST_INT = (1 << 63) - 1
_MOST_ROWS = (1 << 31) - 1  # without a limit, torch 2.7 takes the open end of x[:, 1] for a possible batch size

_DROPOUT = {"dropout", "dropout_", "alpha_dropout", "alpha_dropout_", "feature_dropout", "feature_dropout_",
            "feature_alpha_dropout", "feature_alpha_dropout_"}  # fmt: skip
_WITHOUT_MEANING = {"_assert_tensor_metadata", "_assert_scalar", "_assert_async", "sym_constrain_range",
                    "sym_constrain_range_for_size"}  # fmt: skip
_CASTS = {"to", "_to_copy", "type_as"}
_SAME = {"alias", "lift_fresh", "lift_fresh_copy"}
_MACHINE_ARGUMENTS = {"device", "layout", "pin_memory", "memory_format", "non_blocking"}
_CUDNN = ("cudnn_enable", "cudnn_enabled")
_READS_VALUES = {"item", "_local_scalar_dense", "nonzero", "nonzero_numpy", "masked_select", "unique", "_unique2"}
_SIZE_OPERATORS = {
    operator.add: "sym.add",
    operator.sub: "sym.sub",
    operator.mul: "sym.mul",
    operator.floordiv: "sym.floordiv",
}
_KEPT_TYPES = {torch.float32: np.float32, torch.int64: np.int64, torch.bool: np.bool_}


class NoGraph(Exception):
    """torch.export, or the bundle's graph, cannot say what the encoder does; the message says why, in one line."""


@dataclass(frozen=True)
class Graph:
    """``description`` is the JSON of the bundle's ``graph``; ``tensors`` has the tensors that it names.

    ``notes`` says what was converted on the way, one sentence each.
    """

    description: dict[str, Any]
    tensors: dict[str, NDArray]
    notes: tuple[str, ...] = ()

    @property
    def nodes(self) -> list[dict[str, Any]]:
        return self.description["nodes"]

    @property
    def output(self) -> str:
        return self.description["output"]


class _OneTensor(nn.Module):
    """The embedding alone, so that the exported program has one output."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, x: Tensor) -> Tensor:
        out = self.encoder(x)
        return out[0] if isinstance(out, (tuple, list)) else out


def export_graph(encoder: nn.Module, shape: Sequence[int]) -> Graph:
    """The graph of ``encoder`` (eval mode, CPU), whose input is (n, *shape) float32 for any n.

    Raises:
        NoGraph: torch.export fails, fixes the batch size, or gives what a bundle cannot say.
    """
    if isinstance(encoder, torch.jit.ScriptModule):
        raise NoGraph("torch.export cannot read TorchScript")
    if not hasattr(torch, "export") or not hasattr(torch.export, "Dim"):
        raise NoGraph(f"torch.export needs torch 2.6 or newer, this is {torch.__version__}")
    try:
        program = _export(encoder, shape, strict=False)
    except Exception as cause:
        try:
            # Reads the code instead of running it: len(x) and x.shape[:1] do not fix the batch size there.
            program = _export(encoder, shape, strict=True)
        except Exception:
            raise NoGraph(_why_not_exported(cause)) from cause
    try:
        return describe_program(program)
    except NoGraph:
        raise
    except Exception as cause:
        raise NoGraph(f"its graph cannot be read: {type(cause).__name__}: {cause}".splitlines()[0]) from cause


def _export(encoder: nn.Module, shape: Sequence[int], strict: bool) -> torch.export.ExportedProgram:
    rows = torch.zeros(_EXAMPLE_ROWS, *shape)
    batch = torch.export.Dim("n", min=1, max=_MOST_ROWS)
    with quiet():
        return torch.export.export(_OneTensor(encoder).eval(), (rows,), dynamic_shapes=({0: batch},), strict=strict)


@contextmanager
def quiet() -> Iterator[None]:
    """torch.export logs and prints what it could not finish; the decisive line is in its exception."""
    disabled = logging.root.manager.disable
    logging.disable(logging.ERROR)
    try:
        with warnings.catch_warnings(), redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)


def _why_not_exported(cause: Exception) -> str:
    lines = [line.strip() for line in str(cause).splitlines() if line.strip()] or [type(cause).__name__]
    if any("Constraints violated" in line or "specialized" in line for line in lines):
        detail = next((line.removeprefix("- ") for line in lines if line.startswith("- ")), lines[0])
        return f"the code fixes the batch size: {detail}"
    if "data-dependent" in str(cause) or "DataDependent" in type(cause).__name__:
        return f"control flow depends on values: {re.sub(' *[(](unhinted|Size-like).*', '', lines[0])}"
    return lines[0]


def describe_program(program: torch.export.ExportedProgram, output: str | int | None = None) -> Graph:
    """The graph of an exported program with one input (n, *shape), float32, whose batch axis is dynamic.

    Args:
        output: the name of the embedding where the program returns a dictionary, or its index in a tuple.

    Raises:
        NoGraph: the program is another one, or has what a bundle cannot say.
    """
    writer = _Writer()
    for node, spec in zip(_placeholders(program.graph), program.graph_signature.input_specs, strict=True):
        kind = spec.kind.name
        if kind == "USER_INPUT":
            writer.take_input(node)
        elif kind in ("PARAMETER", "BUFFER", "CONSTANT_TENSOR"):
            stored = program.state_dict if spec.target in program.state_dict else program.constants
            name = spec.target.removeprefix("encoder.")
            writer.values[node] = _Constant(stored[spec.target].detach(), name, state=kind != "CONSTANT_TENSOR")
        else:
            writer.values[node] = _Refused(f"the program takes a {kind.lower()}")
    results = writer.run(program.graph_module)
    found = [value for value, spec in zip(results, program.graph_signature.output_specs, strict=True)
             if spec.kind.name == "USER_OUTPUT"]  # fmt: skip
    chosen = _chosen(pytree.tree_unflatten(range(len(found)), program.call_spec.out_spec), output)
    return writer.finish(found[chosen])


def _placeholders(graph: fx.Graph) -> list[fx.Node]:
    return [node for node in graph.nodes if node.op == "placeholder"]


def _chosen(structure: Any, output: str | int | None) -> int:
    """The place of the embedding among the flat outputs; ``structure`` has the places where the outputs stand."""
    if output is not None:
        try:
            structure = structure[output]
        except (KeyError, IndexError, TypeError) as cause:
            raise NoGraph(f"the program has no output {output!r}") from cause
    elif isinstance(structure, Mapping):
        names = ", ".join(repr(name) for name in structure)
        raise NoGraph(f"the encoder returns a dictionary ({names}); name the embedding with --output NAME")
    if isinstance(structure, (tuple, list)):
        structure = structure[0]
    if not isinstance(structure, int):
        raise NoGraph("the encoder does not return a tensor")
    return structure


@dataclass(frozen=True)
class _Reference:
    """The result of a node of the bundle's graph."""

    name: str


@dataclass(frozen=True, eq=False)
class _Constant:
    """A tensor that depends on no input; ``state``: a parameter or buffer of the module."""

    tensor: Tensor
    name: str
    state: bool = False


@dataclass(frozen=True)
class _Refused:
    """What a bundle cannot say; a refusal only where its value is used."""

    reason: str


@dataclass
class _Writer:
    """Walks exported graphs and writes the nodes of the bundle's graph."""

    values: dict[fx.Node, Any] = field(default_factory=dict)
    nodes: list[dict[str, Any]] = field(default_factory=list)
    names: set[str] = field(default_factory=lambda: {INPUT})
    notes: list[str] = field(default_factory=list)
    views: dict[str, str] = field(default_factory=dict)
    """The tensor that a node's result is a view of."""

    def take_input(self, node: fx.Node) -> None:
        if INPUT in [value.name for value in self.values.values() if isinstance(value, _Reference)]:
            raise NoGraph("the program takes more than one input; give one that takes (n, *input shape) only")
        example = node.meta.get("val")
        if not isinstance(example, Tensor):
            raise NoGraph(f"the program's input {node.name!r} is not a tensor")
        if example.dtype != torch.float32:
            raise NoGraph(f"the program takes {example.dtype}, not torch.float32; export the float32 module")
        if isinstance(example.shape[0], int):
            dynamic = 'dynamic_shapes=({0: torch.export.Dim("n")},)'
            raise NoGraph(f"the program was exported for {example.shape[0]} rows only; export it with {dynamic}")
        self.values[node] = _Reference(INPUT)

    def run(self, module: fx.GraphModule) -> list[Any]:
        """Write the nodes of ``module``, whose placeholders have values; gives the values of its outputs."""
        for node in module.graph.nodes:
            if node.op == "get_attr":
                found = operator.attrgetter(node.target)(module)
                constant = isinstance(found, Tensor)
                self.values[node] = _Constant(found.detach(), node.name) if constant else found
            elif node.op == "call_function":
                self.values[node] = self.call(node)
            elif node.op == "output":
                return [self.values[value] if isinstance(value, fx.Node) else value for value in node.args[0]]
        raise NoGraph("the program has no output")

    def call(self, node: fx.Node) -> Any:
        target = node.target
        if isinstance(target, torch._ops.HigherOrderOperator):
            return self.inline(node)
        if not isinstance(target, torch._ops.OpOverload):
            return self.compute_size(node)
        name = target._schema.name.removeprefix("aten::")
        if target.namespace != "aten":
            return _Refused(f"operator {target} is not one of PyTorch's own")
        if name in _WITHOUT_MEANING:
            return _Refused(f"operator {target} gives no value")
        if name in _READS_VALUES:
            return _Refused(f"operator {target} makes shapes or control flow depend on values")
        if name in _SAME or (name == "slice" and _keeps_all(node.args[2:])):
            return self.values[node.args[0]]
        if name in _DROPOUT and not self.argument(node, 2, "train"):
            return self.values[node.args[0]]
        if name in _CASTS:
            return self.cast(node)
        if name == "sym_size" and isinstance(node.meta.get("val"), int):
            return node.meta["val"]
        if target is torch.ops.aten.view.default:
            # torch 2.7 writes a view where the strides of its own attention allow one; others' may not.
            target, name = torch.ops.aten.reshape.default, "reshape"
        if target._schema.is_mutable:
            return self.replace(node, name)
        return self.apply(node, target, name)

    def argument(self, node: fx.Node, place: int, name: str) -> Any:
        return node.args[place] if len(node.args) > place else node.kwargs.get(name)

    def inline(self, node: fx.Node) -> Any:
        """The nodes of a block under torch.no_grad, whose results have no derivative."""
        if node.target.name() != "wrap_with_set_grad_enabled":
            return _Refused(f"operator {node.target.name()} is not known")
        enabled, block, *arguments = node.args
        module = self.values[block]
        for placeholder, argument in zip(_placeholders(module.graph), arguments, strict=True):
            self.values[placeholder] = self.values[argument] if isinstance(argument, fx.Node) else argument
        results = self.run(module)
        if enabled:
            return tuple(results)
        (written,) = (inner.args[0] for inner in module.graph.nodes if inner.op == "output")
        return tuple(self.detached(node, inner, value) for inner, value in zip(written, results, strict=True))

    def detached(self, block: fx.Node, inner: fx.Node, value: Any) -> Any:
        """A tensor that a block gives, without its derivative; sizes have none."""
        if not isinstance(value, _Reference) or not isinstance(inner.meta.get("val"), Tensor):
            return value
        return self.emit(f"{block.name}_detach", "aten.detach.default", [value], {})

    def compute_size(self, node: fx.Node) -> Any:
        """Python's operators, on sizes and on lists of tensors."""
        arguments = self.resolve(node.args)
        if node.target is operator.getitem:
            container, place = arguments
            if isinstance(container, _Refused):
                return container
            if isinstance(container, _Reference):
                result = self.emit(node.name, "sym.getitem", [container, place], {})
                self.views[result.name] = container.name
                return result
            return container[place]
        if any(isinstance(value, _Refused) for value in pytree.tree_leaves(arguments)):
            return _Refused(f"operator {getattr(node.target, '__name__', node.target)} is not known")
        if not _references(arguments):
            try:
                return node.target(*arguments)
            except Exception as cause:
                return _Refused(str(cause))
        if node.target in _SIZE_OPERATORS:
            return self.emit(node.name, _SIZE_OPERATORS[node.target], list(arguments), {})
        if node.target is getattr(torch, "sym_sum", None):
            first, *others = arguments[0]
            for other in others:
                first = self.emit(node.name, "sym.add", [first, other], {})
            return first
        return _Refused(f"operator {getattr(node.target, '__name__', node.target)} on sizes is not known")

    def cast(self, node: fx.Node) -> Any:
        given = node.args[0]
        before, after = given.meta["val"].dtype, node.meta["val"].dtype
        if before == after or isinstance(self.values[given], _Refused):
            return self.values[given]
        return self.write(node.name, torch.ops.aten.to.dtype, [self.values[given], after], {})

    def replace(self, node: fx.Node, name: str) -> Any:
        """An operator that changes its first argument in place becomes one that returns a new tensor."""
        target, changed = node.target, node.args[0]
        packet = getattr(torch.ops.aten, name.removesuffix("_"), None)
        overload = target._overloadname
        if not name.endswith("_") or packet is None or overload not in packet.overloads():
            raise NoGraph(f"operator {target} changes a tensor in place")
        before = self.values[changed]
        if isinstance(before, _Constant) and before.state:
            raise NoGraph(f"operator {target} changes {before.name!r} of the module in evaluation")
        if before == _Reference(INPUT):
            raise NoGraph(f"operator {target} changes the input in place: let it work on a copy (x = x.clone())")
        if isinstance(before, _Reference) and self.has_other_views(before, node):
            raise NoGraph(f"operator {target} changes a tensor in place of which there are other views")
        after = self.apply(node, getattr(packet, overload), name.removesuffix("_"))
        for known, value in self.values.items():
            if value is before or (isinstance(before, _Reference) and value == before):
                self.values[known] = after
        return after

    def has_other_views(self, changed: _Reference, at: fx.Node) -> bool:
        """Whether a tensor that shares memory with ``changed`` is read after ``at``, or may be, in another block."""
        later = set()
        for node in reversed(at.graph.nodes):
            if node is at:
                break
            later |= set(node.all_input_nodes)
        root = self.viewed(changed.name)
        read = (value for node, value in self.values.items() if node in later or node.graph is not at.graph)
        others = (value for value in read if isinstance(value, _Reference))
        return any(other != changed and self.viewed(other.name) == root for other in others)

    def viewed(self, name: str) -> str:
        while name in self.views:
            name = self.views[name]
        return name

    def apply(self, node: fx.Node, target: torch._ops.OpOverload, name: str) -> Any:
        positional, keywords = _by_schema(target, node.args, node.kwargs)
        arguments, keywords = self.resolve(positional), self.resolve(keywords)
        refused = [value for value in pytree.tree_leaves((arguments, keywords)) if isinstance(value, _Refused)]
        if refused:
            return refused[0]
        result = self.write(node.name, target, list(arguments), keywords)
        aliases = [returned.alias_info for returned in target._schema.returns]
        if isinstance(result, _Reference) and any(alias and not alias.is_write for alias in aliases):
            viewed = next((value for value in arguments if isinstance(value, _Reference)), None)
            if viewed is not None:
                self.views[result.name] = viewed.name
        return result

    def write(self, name: str, target: torch._ops.OpOverload, arguments: list, keywords: dict) -> Any:
        """A node for the operator, or its value where that depends on no input."""
        if _references((arguments, keywords)) or torch.Tag.nondeterministic_seeded in target.tags:
            return self.emit(name, str(target), arguments, keywords)
        plain = pytree.tree_map(lambda value: value.tensor if isinstance(value, _Constant) else value,
                                (arguments, keywords))  # fmt: skip
        with torch.no_grad():
            result = target(*plain[0], **plain[1])
        tensors = [result] if isinstance(result, Tensor) else list(result)
        if sum(tensor.numel() for tensor in tensors if isinstance(tensor, Tensor)) > _MOST_FOLDED_VALUES:
            return self.emit(name, str(target), arguments, keywords)
        if isinstance(result, Tensor):
            return _Constant(result, name)
        return tuple(_Constant(value, f"{name}_{i}") if isinstance(value, Tensor) else value
                     for i, value in enumerate(result))  # fmt: skip

    def emit(self, name: str, op: str, arguments: list, keywords: dict) -> _Reference:
        name = re.sub(r"[^a-z0-9_]", "_", name.lower())
        name = name if re.match(r"[a-z]", name) else f"n{name}"
        unique, i = name, 0
        while unique in self.names:
            unique, i = f"{name}_{i + 1}", i + 1
        self.names.add(unique)
        self.nodes.append({"name": unique, "op": op, "args": arguments, "kwargs": keywords})
        return _Reference(unique)

    def resolve(self, arguments: Any) -> Any:
        """The arguments with the values of the nodes that they name."""
        return fx.map_arg(arguments, lambda node: self.values[node]) if not isinstance(arguments, dict) else {
            key: self.resolve((value,))[0] for key, value in arguments.items()
        }  # fmt: skip

    def finish(self, result: Any) -> Graph:
        if isinstance(result, _Refused):
            raise NoGraph(result.reason)
        if not isinstance(result, _Reference):
            raise NoGraph("the output does not depend on the input")
        if result.name == INPUT:
            result = self.emit("clone", "aten.clone.default", [result], {})
        used = self.used_by(result)
        tensors = _Tensors(self.notes)
        nodes = []
        for node in self.nodes:
            if node["name"] in used:
                written = {"name": node["name"], "op": node["op"], "args": [tensors.json(a) for a in node["args"]]}
                keywords = {key: tensors.json(value) for key, value in node["kwargs"].items()}
                nodes.append(written | ({"kwargs": keywords} if keywords else {}))
        description = {"input": INPUT, "nodes": nodes, "output": result.name}
        return Graph(description, tensors.arrays, tuple(dict.fromkeys(self.notes)))

    def used_by(self, result: _Reference) -> set[str]:
        used = {result.name}
        for node in reversed(self.nodes):
            if node["name"] in used:
                used |= {value.name for value in _references((node["args"], node["kwargs"]))}
        return used


def _references(arguments: Any) -> list[_Reference]:
    return [value for value in pytree.tree_leaves(arguments) if isinstance(value, _Reference)]


def _keeps_all(bounds: Sequence[Any]) -> bool:
    """Whether a slice with these bounds (start, end, step) is its whole argument, as in x[:, 0]."""
    start, end, step = (*bounds, *(None, None, 1)[len(bounds) :])
    return start in (None, 0) and (end is None or (isinstance(end, int) and end >= _LARGEST_INT)) and step == 1


def _by_schema(target: torch._ops.OpOverload, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[tuple, dict]:
    """Arguments in the order of the schema; keyword-only ones by name; what concerns the machine is left out."""
    known = target._schema.arguments
    given = {argument.name: value for argument, value in zip(known, args, strict=False)} | dict(kwargs)
    for argument in known:
        if argument.name in _CUDNN and argument.name in given:  # true or false by the machine
            given[argument.name] = False
    keywords = {a.name: _typed(a, given[a.name]) for a in known
                if a.kwarg_only and a.name in given and a.name not in _MACHINE_ARGUMENTS}  # fmt: skip
    ordered = [a for a in known if not a.kwarg_only and a.name not in _MACHINE_ARGUMENTS]
    last = max((i for i, a in enumerate(ordered) if a.name in given), default=-1)
    positional = [given[a.name] if a.name in given else a.default_value for a in ordered[: last + 1]]
    return tuple(_typed(a, value) for a, value in zip(ordered, positional, strict=False)), keywords


def _typed(argument: Any, value: Any) -> Any:
    """torch.export keeps 1 where the schema says float; JSON tells 1 from 1.0."""
    kind = str(argument.type).removeprefix("Optional[").removesuffix("]")
    if kind.startswith("List[float") and isinstance(value, (list, tuple)):
        return [float(entry) if isinstance(entry, int) else entry for entry in value]
    return float(value) if kind == "float" and isinstance(value, int) and not isinstance(value, bool) else value


@dataclass
class _Tensors:
    """Collects the tensors of a graph, each content once, and writes arguments as JSON."""

    notes: list[str]
    arrays: dict[str, NDArray] = field(default_factory=dict)
    keys: dict[tuple, str] = field(default_factory=dict)

    def json(self, value: Any) -> Any:
        if isinstance(value, _Reference):
            return {"node": value.name}
        if isinstance(value, _Constant):
            return {"tensor": self.store(value)}
        if isinstance(value, torch.dtype):
            return {"dtype": str(value).removeprefix("torch.")}
        if isinstance(value, (list, tuple)):
            return [self.json(entry) for entry in value]
        if isinstance(value, float) and not math.isfinite(value):
            return {"float": "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"}
        if value is None or isinstance(value, (bool, int, float, str)):
            return value
        raise NoGraph(f"an argument of type {type(value).__name__} ({value}) is not known")

    def store(self, constant: _Constant) -> str:
        array = self.array(constant)
        content = (array.dtype.str, array.shape, hashlib.sha256(array.tobytes()).digest())
        if content not in self.keys:
            key = f"graph.{constant.name}"
            while key in self.arrays:
                key += "_"
            self.keys[content], self.arrays[key] = key, array
        return self.keys[content]

    def array(self, constant: _Constant) -> NDArray:
        tensor = constant.tensor.cpu()
        if tensor.dtype not in _KEPT_TYPES:
            wanted = torch.float32 if tensor.is_floating_point() else torch.int64
            if tensor.is_complex() or tensor.is_quantized or (constant.state and wanted == torch.float32):
                raise NoGraph(f"{constant.name!r} is {tensor.dtype}; bundles hold float32, int64 and bool")
            if wanted == torch.float32:
                self.notes.append(f"a constant, {constant.name!r}, is {tensor.dtype}: float32 in the bundle")
            tensor = tensor.to(wanted)
        return np.array(tensor.contiguous().numpy(), dtype=_KEPT_TYPES[tensor.dtype], order="C")
