"""Bundle format 2: the graph says what the module does, for z and J; the verdict and the probe rows."""

import math
import re

import numpy as np
import pytest
import torch
from torch import nn

import graph_encoders
from attribution_export import probes
from attribution_export.encoder_checks import compute_jacobian
from attribution_export.graph_description import export_graph
from bundle_reader import Bundle
from encoder_modules import LayerNormDetached
from export_bundle import ExportError, export_bundle

SHAPES = {"convolutional": [1, 8, 8], "Recurrent": [3, 2]}
EXACT = ["exact", "no_grad_norm", "weight_norm", "maxout", "where_prelu", "sizes", "length", "in_place_sum",
         "double_constant"]  # fmt: skip
OTHERS = {
    "biased": ("affine", "piecewise linear with constants: linear, linear_1 have biases"),
    "batch_norm": ("affine", "piecewise linear with constants: batch_norm has constants"),
    "ghost_batch_norm": ("affine", "piecewise linear with constants: batch_norm has constants"),
    "clamped": ("affine", "piecewise linear with constants: clamp has constants"),
    "Offsets": ("affine", "piecewise linear with constants: embedding has constants; linear has a bias"),
    "smooth": ("integrated_gradients", "smooth parts: gelu, layer_norm"),
    "multiplied": ("integrated_gradients", "smooth parts: mul; kinks: relu"),
    "convolutional": ("integrated_gradients", "smooth parts: silu, softmax; kinks: max_pool2d, relu"),
    "Recurrent": ("integrated_gradients", "smooth parts: lstm"),
    "Categorical": ("integrated_gradients", "smooth parts: elu, rms_norm"),
    "Transformer": ("integrated_gradients", "smooth parts: scaled_dot_product_attention, layer_norm; kinks: relu"),
}


def export(encoder, folder, shape=(6,), **options):
    features = [f"x{k}" for k in range(math.prod(shape))]
    defaults = {"name": "test", "version": "1", "features": features, "output_names": ["z0", "z1"]}
    return export_bundle(encoder, folder, input_shape=shape, **(defaults | options))


def make(name):
    encoder = getattr(graph_encoders, name)()
    return encoder, SHAPES.get(name, [6])


@pytest.mark.parametrize("name", [*EXACT, *OTHERS])
def test_graph_is_the_module_in_eval_mode(tmp_path, name):
    encoder, shape = make(name)
    method, reason = OTHERS.get(name, ("jacobian", "f(e) = J(e)·e"))
    report = export(encoder.train(), tmp_path, shape)
    assert (report.bundle_format, report.method, report.reason) == (2, method, reason)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["model.json", "tensors.safetensors"]
    bundle, encoder = Bundle(tmp_path), encoder.eval()
    for count in (1, 2, 7):
        rows = torch.from_numpy(np.resize(bundle.tensors["probe.inputs"], (count, *shape)))
        torch.testing.assert_close(bundle.run_graph(rows), encoder(rows), rtol=1e-5, atol=1e-6)
        ours, theirs = compute_jacobian(bundle.run_graph, rows), compute_jacobian(encoder, rows)
        torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", [*EXACT, *OTHERS])
def test_probe_is_the_module_in_float64(tmp_path, name):
    encoder, shape = make(name)
    assert export(encoder, tmp_path, shape).notes == ()
    bundle, width = Bundle(tmp_path), math.prod(shape)
    inputs, outputs, jacobian = (bundle.tensors[bundle.model["probe"][k]] for k in ("inputs", "outputs", "jacobian"))
    assert inputs.shape == (32, width) and outputs.shape == (32, 2) and jacobian.shape == (32, 2, width)
    rows = torch.from_numpy(inputs).double().reshape(32, *shape)
    double = encoder.double().eval()
    np.testing.assert_array_equal(outputs, double(rows).detach().float())
    np.testing.assert_array_equal(jacobian, compute_jacobian(double, rows).float())
    assert inputs[:16].min() < 0 and (inputs[16:] >= 0).all()


@pytest.mark.parametrize("name", [*EXACT, *OTHERS])
def test_graph_keeps_to_the_format(tmp_path, name):
    encoder, shape = make(name)
    export(encoder, tmp_path, shape)
    bundle = Bundle(tmp_path)
    graph, named = bundle.model["graph"], set()
    for node in graph["nodes"]:
        assert re.fullmatch("[a-z][a-z0-9_]*", node["name"]) and node["name"] != graph["input"]
        assert re.fullmatch(r"aten\.\w+\.\w+|sym\.(getitem|add|sub|mul|floordiv)", node["op"])
        assert not re.search(r"dropout|_assert|lift_fresh|alias|_\.", node["op"])
        assert not node.get("kwargs", {}).keys() & {"device", "layout", "pin_memory", "memory_format"}
        named |= set(re.findall(r"'tensor': '([^']+)'", str(node)))
    used = re.findall(r"'node': '([^']+)'", str(graph["nodes"]))
    assert all(node["name"] in used for node in graph["nodes"] if node["name"] != graph["output"])
    held = {key for key in bundle.tensors if key.startswith("graph.")}
    assert named == held
    assert all(bundle.tensors[key].dtype in (np.float32, np.int64, np.bool_) for key in held)
    assert "layers" not in bundle.model


def test_detach_stays(tmp_path):
    for name in ("exact", "no_grad_norm"):
        export(make(name)[0], tmp_path)
        assert Bundle(tmp_path).operators.count("aten.detach.default") == 1


def test_same_tensors_are_written_once(tmp_path):
    shared = nn.Linear(6, 6, bias=False)
    twin = nn.Linear(6, 6, bias=False)
    twin.load_state_dict(shared.state_dict())
    export(nn.Sequential(shared, nn.ReLU(), shared, twin, nn.Linear(6, 2, bias=False)), tmp_path)
    assert len([key for key in Bundle(tmp_path).tensors if key.startswith("graph.")]) == 2


def test_what_depends_on_no_input_is_computed_by_the_exporter(tmp_path):
    export(make("weight_norm")[0], tmp_path)
    assert Bundle(tmp_path).operators == ["aten.linear.default"] * 2


def test_same_module_gives_the_same_bundle(tmp_path):
    encoder, _ = make("exact")
    for folder in ("a", "b"):
        export(encoder, tmp_path / folder)
    for file in ("model.json", "tensors.safetensors"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Branches", "control flow depends on values: "),
        ("assigns", "operator aten.copy_.default changes a tensor in place of which there are other views"),
    ],
)
def test_what_torch_export_cannot_do_becomes_torchscript(tmp_path, name, words):
    encoder, _ = make(name)
    report = export(encoder, tmp_path)
    assert report.bundle_format == 1 and report.graph_left_out.startswith(words)
    assert Bundle(tmp_path).model["format"] == "attribution-bundle/1" and (tmp_path / "encoder.pt").exists()
    with pytest.raises(ExportError, match=f"torch.export: {re.escape(words)}"):
        export(encoder, tmp_path, bundle_format=2)


@pytest.mark.parametrize("what", ["outputs", "Jacobian"])
def test_graph_that_says_something_else_is_not_written(tmp_path, monkeypatch, what):
    def wrong(encoder, shape):
        graph = export_graph(encoder, shape)
        if what == "outputs":
            graph.tensors["graph.0.weight"][0, 0] += 0.1
        else:
            (node,) = (node for node in graph.nodes if node["op"] == "aten.detach.default")
            node["op"] = "aten.alias.default"
        return graph

    monkeypatch.setattr("attribution_export.bundle_writer.export_graph", wrong)
    report = export(make("exact")[0], tmp_path)
    assert report.bundle_format == 1
    assert re.match(f"the exported graph gives (other|another) {what} than the module on 1", report.graph_left_out)


def test_encoder_that_insists_on_float32_is_probed_in_float32(tmp_path):
    report = export(make("Casts")[0], tmp_path)
    assert report.method == "affine"
    first, second = report.notes
    assert "torch.float64: float32 in the bundle" in first and "its probe rows are float32" in second


def test_half_parameters_are_brought_to_float32(tmp_path):
    encoder = make("biased")[0]
    export(encoder.half(), tmp_path)
    assert Bundle(tmp_path).tensors["graph.0.weight"].dtype == np.float32


class ReadsAStatistic(nn.Module):
    """Its state changes in evaluation."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(6, 2)
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, x):
        self.calls += 1
        return self.linear(x)


def test_state_that_changes_in_evaluation_is_no_graph(tmp_path):
    with pytest.raises(ExportError, match="changes 'calls' of the module in evaluation"):
        export(ReadsAStatistic(), tmp_path, bundle_format=2)


class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(6, 2)

    def forward(self, x):
        return {"other": x, "embedding": self.linear(x)}


def test_output_of_a_dictionary_is_chosen_by_its_name(tmp_path):
    report = export(Pair(), tmp_path, output="embedding")
    assert report.bundle_format == 2 and Bundle(tmp_path).operators == ["aten.linear.default"]


class Selects(nn.Module):
    """Gives a part of its input."""

    def forward(self, x):
        return x


def test_identity_has_a_node(tmp_path):
    export(Selects(), tmp_path, (2,))
    assert Bundle(tmp_path).operators == ["aten.clone.default"]


class TestIndices:
    def test_finds_columns_and_their_limits(self):
        for name, expected in (("Categorical", {1: 5, 4: 3}), ("Offsets", {0: 9, 1: 5}), ("biased", {})):
            encoder = make(name)[0].eval()
            assert probes.index_columns(encoder, export_graph(encoder, (6,)), (6,)) == expected, name

    def test_probe_has_valid_indices(self, tmp_path):
        export(make("Categorical")[0], tmp_path)
        inputs = Bundle(tmp_path).tensors["probe.inputs"]
        assert set(inputs[:, 1]) == {0, 1, 2, 3, 4} and set(inputs[:, 4]) == {0, 1, 2}


def test_probe_of_a_large_jacobian_is_small():
    assert [probes.row_count(2, 6), probes.row_count(64, 1000), probes.row_count(512, 100_000)] == [32, 16, 2]


class TestVerdict:
    def judged(self, tmp_path, encoder, **options):
        report = export(encoder, tmp_path, **options)
        return report.method, report.reason

    def test_bias_of_zeros_is_none(self, tmp_path):
        encoder = make("biased")[0]
        for layer in encoder[::3]:
            nn.init.zeros_(layer.bias)
        assert self.judged(tmp_path, encoder) == ("jacobian", "f(e) = J(e)·e")

    def test_smooth_encoder_that_happens_to_be_exact_says_so(self, tmp_path):
        encoder = graph_encoders.Rows(lambda h: nn.functional.gelu(h * 1e-9))
        reason = "f(e) = J(e)·e by the numbers, not by the operators"
        assert self.judged(tmp_path, encoder) == ("jacobian", reason)

    @pytest.mark.parametrize(
        "function",
        [
            lambda h: h.relu() + 0.5,
            lambda h: torch.addcmul(torch.ones(8), torch.full((8,), 2.0), h),
            lambda h: torch.cat([h[:, :7], torch.ones(len(h), 1)], 1),
            lambda h: torch.where(h > 0, h, 0.1),
            lambda h: torch.maximum(h, torch.full((8,), -0.1)),
            lambda h: h.masked_fill(h > 0, 0.2),
        ],
    )
    def test_constants_are_found_wherever_they_are_added(self, tmp_path, function):
        method, reason = self.judged(tmp_path, graph_encoders.Rows(function))
        assert method == "affine" and reason.endswith(" has constants")

    def test_names_only_biases_that_are_not_zero(self, tmp_path):
        encoder = make("biased")[0]
        nn.init.zeros_(encoder[0].bias)
        assert self.judged(tmp_path, encoder) == ("affine", "piecewise linear with constants: linear_1 has a bias")

    def test_detached_norm_with_a_bias_is_affine(self, tmp_path):
        encoder = nn.Sequential(nn.Linear(6, 8), LayerNormDetached(8), nn.ReLU(), nn.Linear(8, 2, bias=False))
        reason = "piecewise linear with constants: linear has a bias"
        assert self.judged(tmp_path, encoder) == ("affine", reason)

    def test_operator_that_is_not_known_counts_as_smooth(self, tmp_path):
        encoder = graph_encoders.Rows(torch.asinh)
        assert self.judged(tmp_path, encoder) == ("integrated_gradients", "smooth parts: asinh")

    @pytest.mark.parametrize("name", ["selu", "hardswish", "hardsigmoid"])
    def test_smooth_operators_with_kinks_are_named_twice(self, tmp_path, name):
        encoder = graph_encoders.Rows(getattr(nn.functional, name), bias=True)
        assert self.judged(tmp_path, encoder) == ("integrated_gradients", f"smooth parts: {name}; kinks: {name}")

    def test_names_the_first_of_many(self, tmp_path):
        layers = [layer for _ in range(9) for layer in (nn.Linear(6, 6), nn.ReLU())]
        _, reason = self.judged(tmp_path, nn.Sequential(*layers, nn.Linear(6, 2)))
        assert reason.endswith("linear_4, linear_5 and 4 more have biases")


class TestRequirement:
    @pytest.mark.parametrize(
        ("name", "require", "method", "words"),
        [
            ("exact", "exact", None, None),
            ("exact", "complete", None, None),
            ("biased", "exact", None, "not exact: method affine, piecewise linear with constants"),
            ("biased", "complete", None, None),
            ("smooth", "complete", "affine", "contributions of method affine do not add up: smooth parts: gelu"),
            ("biased", "complete", "jacobian", "contributions of method jacobian do not add up"),
            ("exact", "exact", "integrated_gradients", "not exact: method integrated_gradients"),
            ("smooth", "complete", None, None),
            ("Branches", "exact", None, None),
        ],
    )
    def test_refuses_what_is_less(self, tmp_path, name, require, method, words):
        encoder, _ = make(name)
        if words is None:
            export(encoder, tmp_path, require=require, method=method)
            return
        with pytest.raises(ExportError, match=re.escape(words)):
            export(encoder, tmp_path, require=require, method=method)
        assert not list(tmp_path.iterdir())


class TestChoices:
    def test_method_and_baseline_are_written(self, tmp_path):
        export(make("smooth")[0], tmp_path, method="integrated_gradients", baseline=np.arange(6))
        bundle = Bundle(tmp_path)
        assert bundle.model["method"] == "integrated_gradients"
        np.testing.assert_array_equal(bundle.tensors[bundle.model["baseline"]], np.arange(6, dtype=np.float32))

    def test_baseline_of_zeros_is_a_tensor_and_the_mean_is_the_default(self, tmp_path):
        export(make("smooth")[0], tmp_path / "zeros", baseline="zeros", mean=np.ones(6))
        np.testing.assert_array_equal(Bundle(tmp_path / "zeros").tensors["baseline"], np.zeros(6))
        export(make("smooth")[0], tmp_path / "mean", baseline="mean", method="auto")
        assert not Bundle(tmp_path / "mean").model.keys() & {"baseline", "method"}

    def test_format_1_names_a_method_where_nobody_chose_it(self, tmp_path):
        """Readers take format 1 without a method as jacobian; it was written before there were others."""
        encoder = make("smooth")[0]
        export(encoder, tmp_path / "chosen", bundle_format=1)
        assert "method" not in Bundle(tmp_path / "chosen").model
        export(encoder, tmp_path / "named", bundle_format=1, method="integrated_gradients")
        assert Bundle(tmp_path / "named").model["method"] == "integrated_gradients"
        export(graph_encoders.Branches(), tmp_path / "fallback")
        assert Bundle(tmp_path / "fallback").model["method"] == "auto"

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"baseline": np.zeros(5)}, r"baseline has shape \[5\], expected \[6\]"),
            ({"baseline": np.full(6, np.nan)}, "baseline has values that are not finite"),
            ({"baseline": "median"}, "baseline 'median' is not known"),
            ({"method": "lime"}, "'lime' is not known"),
            ({"method": "expected_gradients"}, "expected_gradients needs reference rows"),
            ({"bundle_format": 3}, "3 is not known"),
            ({"require": "much"}, "'much' is not known"),
        ],
    )
    def test_says_what_is_wrong(self, tmp_path, options, message):
        with pytest.raises(ExportError, match=message):
            export(make("biased")[0], tmp_path, **options)
