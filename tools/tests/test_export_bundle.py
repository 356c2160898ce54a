import json
import time
import zipfile

import numpy as np
import pytest
import torch
from torch import nn

from attribution_export.bundle_writer import _check_names
from bundle_reader import Bundle
from encoder_modules import LayerNormDetached, Residual
from export_bundle import ExportError, export_bundle, main


def exact_encoder(inputs=6, outputs=2):
    block = nn.Sequential(nn.Linear(8, 8, bias=False), LayerNormDetached(8), nn.PReLU(8))
    return nn.Sequential(
        nn.Linear(inputs, 8, bias=False),
        nn.PReLU(),
        nn.Dropout(0.5),
        Residual(block),
        nn.Linear(8, outputs, bias=False),
    )


def export(encoder, folder, *, inputs=6, shape=None, outputs=2, **options):
    defaults = {"name": "test", "version": "1", "input_shape": shape or [inputs]}
    names = {
        "features": [f"x{k}" for k in range(inputs)],
        "output_names": [f"z{i}" for i in range(outputs)],
    }
    return export_bundle(encoder, folder, **(defaults | names | options))


def export_script(encoder, folder, **options):
    """Format 1: TorchScript and layers."""
    return export(encoder, folder, bundle_format=1, **options)


def rows(count=20, width=6, seed=1):
    return np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)


def test_writes_the_documented_json_of_format_1(tmp_path):
    components = np.eye(6, 9)
    export_script(
        exact_encoder(), tmp_path, features=[f"x{k}" for k in range(9)], mean=np.ones(9), scale=np.full(9, 2.0),
        components=components,
    )  # fmt: skip
    model = json.loads((tmp_path / "model.json").read_text())
    assert list(model) == ["format", "name", "version", "tolerance", "input", "output", "preprocessing", "layers"]
    assert model["format"] == "attribution-bundle/1"
    assert model["input"]["shape"] == [6] and len(model["input"]["features"]) == 9
    assert [layer["type"] for layer in model["layers"]] == ["linear", "prelu", "residual", "linear"]
    tensors = Bundle(tmp_path).tensors
    assert tensors[model["preprocessing"]["components"]].shape == (6, 9)
    assert all(tensor.dtype == np.float32 for tensor in tensors.values())


def test_torchscript_is_the_encoder_in_eval_mode_after_preprocessing(tmp_path):
    encoder = exact_encoder().train()
    mean, scale = rows(1, seed=2)[0], np.abs(rows(1, seed=3)[0]) + 0.5
    report = export_script(encoder, tmp_path, mean=mean, scale=scale)
    x = rows()
    expected = encoder.eval()(torch.from_numpy((x - mean) / scale)).detach().numpy()
    np.testing.assert_allclose(Bundle(tmp_path).forward(x), expected, rtol=1e-5, atol=1e-6)
    assert report.exact and report.layers and report.torchscript


def test_leaves_the_given_module_alone(tmp_path):
    encoder = exact_encoder().double().train()
    export(encoder, tmp_path)
    assert encoder.training
    assert all(p.requires_grad and p.dtype == torch.float64 for p in encoder.parameters())


def test_detached_variance_survives_in_torchscript(tmp_path):
    export_script(exact_encoder(), tmp_path)
    x = torch.from_numpy(rows()).requires_grad_(True)
    z = Bundle(tmp_path).encoder(x)
    for i in range(2):
        (gradient,) = torch.autograd.grad(z[:, i].sum(), x, retain_graph=True)
        torch.testing.assert_close((gradient * x).sum(1), z[:, i], rtol=1e-4, atol=1e-5)


def test_biased_encoder_is_reported_as_approximate(tmp_path):
    report = export_script(nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 2)), tmp_path)
    assert not report.exact and report.relative_error > 1e-2
    assert "bias" in json.loads((tmp_path / "model.json").read_text())["layers"][0]


def test_multi_dimensional_input_gets_layers_once_flattened(tmp_path):
    encoder = nn.Sequential(nn.Flatten(), nn.Linear(12, 2, bias=False))
    assert export_script(encoder, tmp_path, inputs=12, shape=[1, 3, 4]).layers
    assert json.loads((tmp_path / "model.json").read_text())["layers"][0] == {"type": "flatten"}


def test_linear_on_unflattened_input_gets_no_layers(tmp_path):
    encoder = nn.Sequential(nn.Linear(4, 4, bias=False), nn.Flatten(), nn.Linear(12, 2, bias=False))
    report = export_script(encoder, tmp_path, inputs=12, shape=[3, 4])
    assert not report.layers and "unflattened" in report.layers_left_out


class SkipsItsFirstLayer(nn.Sequential):
    def forward(self, x):
        return self[1](x)


def test_custom_forward_is_not_guessed_at(tmp_path):
    encoder = SkipsItsFirstLayer(nn.Linear(6, 6, bias=False), nn.Linear(6, 2, bias=False))
    report = export_script(encoder, tmp_path)
    assert not report.layers and "SkipsItsFirstLayer" in report.layers_left_out
    assert "layers" not in json.loads((tmp_path / "model.json").read_text())


def test_parametrised_and_hooked_layers_are_not_described(tmp_path):
    parametrised = nn.Sequential(nn.utils.parametrizations.weight_norm(nn.Linear(6, 2, bias=False)))
    assert not export_script(parametrised, tmp_path / "parametrised").layers
    hooked = nn.Sequential(nn.Linear(6, 2, bias=False))
    hooked[0].register_forward_hook(lambda module, inputs, output: output * 2)
    assert not export_script(hooked, tmp_path / "hooked").layers


class TupleOutput(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(6, 2, bias=False)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.linear(x), x


def test_tuple_output_counts_its_first_tensor(tmp_path):
    assert export(TupleOutput(), tmp_path).exact


class FreezesItsBatchSize(nn.Module):
    """Cannot be scripted (unsupported syntax), and tracing bakes the number of rows in."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(6, 2, bias=False)

    def forward(self, x):
        rows = len([row for row in x.detach().numpy()])
        return self.linear(x.reshape(rows, 6))


class Unscriptable(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(6, 2, bias=False)

    def forward(self, x, **ignored):
        return self.linear(x)


def test_unscriptable_module_is_traced(tmp_path):
    assert export_script(Unscriptable(), tmp_path).torchscript


def test_batch_size_in_the_code_is_refused_with_both_reasons(tmp_path):
    with pytest.raises(ExportError, match=r"torch.export: .*; TorchScript: .* 1 row\(s\).*freeze"):
        export(FreezesItsBatchSize(), tmp_path)


def test_trace_that_froze_the_batch_size_is_refused(tmp_path):
    with pytest.raises(ExportError, match=r"1 row\(s\).*freeze"):
        export_script(FreezesItsBatchSize(), tmp_path)


class CentresTheBatch(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (x - x.mean(dim=0, keepdim=True))[:, :2]


def test_rows_that_depend_on_each_other_are_refused(tmp_path):
    with pytest.raises(ExportError, match="depend on each other"):
        export(CentresTheBatch(), tmp_path)


class DropsOut(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return nn.functional.dropout(x, 0.5, training=True)[:, :2]


class Samples(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x[:, :2] + torch.randn_like(x[:, :2])


class ChangesItsInput(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x -= 1
        return x[:, :2] * 2


class NamesItsOutputs(nn.Module):
    def forward(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        return {"logits": x[:, :3], "embedding": x[:, 3:5] * 2}


class OneNumber(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.sum(1)


class Sequence(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.reshape(-1, 3, 2)


class Cast(nn.Module):
    """Casts to the type that its weights had."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(6, 2).double()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(x.double())


class Counts(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x[:, :2].long()


class Looks(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(5, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.table(x)[:, 0]


class Detaches(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x[:, :2].detach()


@pytest.mark.parametrize(
    ("encoder", "words"),
    [
        (DropsOut, ["other values each time", "dropout"]),
        (Samples, ["other values each time", "sampling"]),
        (ChangesItsInput, ["in place", "x.clone()"]),
        (NamesItsOutputs, ["dictionary", "'logits', 'embedding'", "--output"]),
        (OneNumber, ["(n,)", "(n, 1)"]),
        (Sequence, ["[16, 3, 2]", "one vector per row"]),
        (Cast, ["Double", "float32"]),
        (Counts, ["torch.int64", "torch.float32"]),
        (Looks, ["indices", "float32"]),
        (Detaches, ["no derivative", "does not require grad"]),
    ],
)
def test_says_why_an_encoder_has_no_jacobian_per_row(tmp_path, encoder, words):
    with pytest.raises(ExportError) as failure:
        export(encoder(), tmp_path)
    message = str(failure.value)
    assert all(word in message for word in words), message
    assert "depend on each other" not in message and "\n" not in message


@pytest.mark.parametrize("compiled", [False, True])
def test_exports_the_named_output_of_a_dictionary(tmp_path, compiled):
    encoder = torch.jit.script(NamesItsOutputs()) if compiled else NamesItsOutputs()
    export(encoder, tmp_path, output="embedding")
    x = rows()
    np.testing.assert_allclose(Bundle(tmp_path).forward(x), x[:, 3:5] * 2, rtol=1e-6)


def test_says_which_outputs_there_are(tmp_path):
    with pytest.raises(ExportError, match="embeding"):
        export(NamesItsOutputs(), tmp_path, output="embeding")


def test_checks_many_names_quickly(tmp_path):
    names = [f"gene_{k}" for k in range(36_601)]
    encoder = nn.Sequential(nn.Linear(36_601, 2, bias=False))
    started = time.process_time()
    _check_names(names, ["a", "b"])
    assert time.process_time() - started < 1  # 17 s when each name was counted in the list
    with pytest.raises(ExportError, match="'gene_1' is given more than once"):
        export(encoder, tmp_path, inputs=36_601, features=[*names[:-1], "gene_1"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mean": np.zeros(5)}, r"mean has shape \[5\], expected \[6\]"),
        ({"scale": np.zeros(6)}, "scale is zero at feature 0"),
        ({"mean": np.full(6, np.nan)}, "mean has values that are not finite"),
        ({"components": np.zeros((5, 6))}, r"components has shape \[5, 6\], expected \[6, 6\]"),
        ({"features": ["a", "b"]}, r"takes 6 values, but there are 2 features"),
        ({"features": ["a"] * 6}, "'a' is given more than once"),
        ({"input_shape": [7], "features": list("abcdefg")}, r"fails on rows of shape \[7\]"),
        ({"output_names": ["only"]}, r"gives \[2\] per row, but there are 1 output names"),
        ({"example": np.zeros((3, 5))}, r"example has shape \[3, 5\]"),
        ({"layers": False, "torchscript": False, "bundle_format": 1}, "nothing to write"),
        ({"reference": np.zeros((60, 5))}, r"reference has shape \[60, 5\], expected \[n, 6\]"),
        ({"reference": np.zeros((49, 6))}, "reference has 49 rows, too few"),
        ({"reference": np.zeros((60, 6)), "reference_rows": 20}, "20 reference rows are too few"),
        ({"reference": np.full((60, 6), np.nan)}, "reference has nan in row 0, feature 0"),
        ({"reference": np.full((60, 6), 1e300)}, "reference has inf in row 0, feature 0"),
    ],
)
def test_says_what_is_wrong(tmp_path, options, message):
    with pytest.raises(ExportError, match=message):
        export(exact_encoder(), tmp_path, **options)


def test_failed_export_leaves_an_earlier_bundle_untouched(tmp_path):
    export(exact_encoder(), tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    with pytest.raises(ExportError):
        export(FreezesItsBatchSize(), tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_new_export_removes_files_it_does_not_write(tmp_path):
    export_script(exact_encoder(), tmp_path)
    export_script(exact_encoder(), tmp_path, torchscript=False)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["model.json", "tensors.safetensors"]
    export_script(exact_encoder(), tmp_path, layers=False)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["encoder.pt", "model.json"]


def test_torchscript_carries_no_source_paths(tmp_path):
    export_script(exact_encoder(), tmp_path)
    with zipfile.ZipFile(tmp_path / "encoder.pt") as archive:
        assert not [entry for entry in archive.namelist() if entry.endswith(".debug_pkl")]
        assert not any(b"site-packages" in archive.read(entry) for entry in archive.namelist())


def test_same_module_gives_the_same_json_and_tensors(tmp_path):
    encoder = exact_encoder()
    for folder in ("a", "b"):
        export(encoder, tmp_path / folder)
    for file in ("model.json", "tensors.safetensors"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_reference_is_a_random_draw_without_replacement_in_its_order(tmp_path):
    training = np.arange(6 * 500, dtype=np.float64).reshape(500, 6)
    report = export(exact_encoder(), tmp_path, reference=training, reference_rows=60, reference_seed=3)
    bundle = Bundle(tmp_path)
    drawn = bundle.tensors[bundle.model["reference"]]
    assert drawn.shape == (60, 6) and drawn.dtype == np.float32 and report.reference_rows == 60
    indices = drawn[:, 0] / 6
    assert (np.diff(indices) > 0).all() and indices[-1] > 400 and (drawn == training[indices.astype(int)]).all()
    export(exact_encoder(), tmp_path, reference=training, reference_rows=60, reference_seed=4)
    assert (Bundle(tmp_path).tensors["reference"] != drawn).any()


def test_reference_is_whole_where_it_is_small(tmp_path):
    training = rows(count=70)
    export(exact_encoder(), tmp_path, reference=training)
    np.testing.assert_array_equal(Bundle(tmp_path).tensors["reference"], training)


def test_no_reference_for_features_too_many_to_watch(tmp_path):
    encoder = nn.Sequential(nn.Linear(1, 2, bias=False))
    wide = {"shape": [1], "features": [f"x{k}" for k in range(83_887)], "components": np.ones((1, 83_887))}
    with pytest.raises(ExportError, match="with more than 83886 features"):
        export(encoder, tmp_path, reference=np.zeros((50, 83_887), np.float32), **wide)


def test_everybody_may_read_what_is_written(tmp_path):
    export(exact_encoder(), tmp_path, reference=rows(count=70))
    assert all(file.stat().st_mode & 0o044 == 0o044 for file in tmp_path.iterdir())


class TestCommand:
    def run(self, *arguments):
        return main([str(argument) for argument in arguments])

    def test_exports_torchscript_file(self, tmp_path, capsys):
        torch.jit.script(exact_encoder().train()).save(tmp_path / "encoder.pt")
        (tmp_path / "data.csv").write_text("a,b,c,d,e,f\n1,2,3,4,5,6\n")
        code = self.run(
            "--module", tmp_path / "encoder.pt", "--input-shape", "6", "--features", tmp_path / "data.csv",
            "--out", tmp_path / "bundle",
        )  # fmt: skip
        assert code == 0
        assert "exact" in capsys.readouterr().out
        assert Bundle(tmp_path / "bundle").model["input"]["features"] == list("abcdef")
        assert not Bundle(tmp_path / "bundle").encoder.training

    def test_exports_frozen_torchscript(self, tmp_path):
        torch.jit.freeze(torch.jit.script(exact_encoder().eval())).save(tmp_path / "frozen.pt")
        assert self.run("--module", tmp_path / "frozen.pt", "--input-shape", 6, "--out", tmp_path / "bundle") == 0

    def test_exports_pickled_module_with_preprocessing(self, tmp_path):
        torch.save(exact_encoder(), tmp_path / "module.pt")
        np.savez(tmp_path / "preprocessing.npz", mean=np.ones(9), components=np.eye(6, 9))
        code = self.run(
            "--module", tmp_path / "module.pt", "--input-shape", "6", "--out", tmp_path / "bundle",
            "--preprocessing", tmp_path / "preprocessing.npz", "--output-names", "u,v", "--name", "n",
        )  # fmt: skip
        model = Bundle(tmp_path / "bundle").model
        assert code == 0 and model["output"]["names"] == ["u", "v"] and model["name"] == "n"
        assert len(model["input"]["features"]) == 9 and model["format"] == "attribution-bundle/2"

    def test_exports_what_a_factory_makes(self, tmp_path):
        code = self.run("--module", "test_export_bundle:exact_encoder", "--input-shape", 6, "--out", tmp_path / "b")
        assert code == 0

    @pytest.mark.parametrize(
        ("module", "code", "message"),
        [
            ("missing.pt", 4, "no such file"),
            ("encoder.onnx", 4, "ONNX"),
            ("weights.safetensors", 4, "package.module:factory"),
            ("test_export_bundle:DropsOut", 3, "dropout"),
            ("no_such_module:encoder", 4, "No module named 'no_such_module'"),
            ("test_export_bundle:missing", 4, "missing"),
            ("test_export_bundle:rows", 4, "not a module"),
            ("test_export_bundle:CentresTheBatch", 3, "depend on each other"),
        ],
    )
    def test_one_line_for_what_cannot_be_exported(self, tmp_path, capsys, module, code, message):
        assert self.run("--module", module, "--input-shape", 6, "--out", tmp_path / "b") == code
        error = capsys.readouterr().err
        assert message in error and len(error.splitlines()) == 1

    def test_wrong_number_of_feature_names(self, tmp_path, capsys):
        (tmp_path / "names.txt").write_text("a\nb\n")
        code = self.run(
            "--module", "test_export_bundle:exact_encoder", "--input-shape", 6, "--out", tmp_path / "b",
            "--features", tmp_path / "names.txt",
        )  # fmt: skip
        assert code == 4 and "2 feature names, but the encoder takes 6" in capsys.readouterr().err

    def test_one_line_for_files_of_other_kinds(self, tmp_path, capsys):
        torch.save(exact_encoder().state_dict(), tmp_path / "weights.pt")
        torch.save(exact_encoder(), tmp_path / "module.pt")
        (tmp_path / "garbage.pt").write_bytes(b"not a model at all")
        (tmp_path / "empty.npy").write_bytes(b"")
        (tmp_path / "rows.parquet").write_bytes(b"PAR1")
        np.savez(tmp_path / "scalar.npz", components=np.float32(1))
        module = ["--module", tmp_path / "module.pt"]
        faults = [
            (["--module", tmp_path / "weights.pt"], "package.module:factory"),
            (["--module", tmp_path / "garbage.pt"], "cannot be read as a module"),
            (["--module", tmp_path], "cannot be read as a module"),
            ([*module, "--reference", tmp_path / "empty.npy"], "empty.npy: "),
            ([*module, "--reference", tmp_path / "rows.parquet"], "unknown format (known: .csv, .npy)"),
            (
                [*module, "--preprocessing", tmp_path / "rows.parquet"],
                "unknown format (known: .npz, .safetensors, .joblib",
            ),
            ([*module, "--preprocessing", tmp_path / "scalar.npz"], "components is float32 of shape []"),
            ([*module, "--import", "no_such_module"], "--import no_such_module: No module named"),
        ]
        for arguments, words in faults:
            code = self.run(*arguments, "--input-shape", 6, "--out", tmp_path / "b")
            error = capsys.readouterr().err
            assert code == 4 and words in error and len(error.splitlines()) == 1, error

    def test_reads_names_behind_a_byte_order_mark(self, tmp_path):
        torch.save(exact_encoder(), tmp_path / "module.pt")
        (tmp_path / "names.csv").write_bytes(b"\xef\xbb\xbfa,b,c,d,e,f\n1,2,3,4,5,6\n")
        code = self.run(
            "--module", tmp_path / "module.pt", "--input-shape", 6, "--features", tmp_path / "names.csv",
            "--out", tmp_path / "b",
        )  # fmt: skip
        assert code == 0 and Bundle(tmp_path / "b").model["input"]["features"] == list("abcdef")

    def test_names_the_output_of_a_dictionary(self, tmp_path):
        code = self.run(
            "--module", "test_export_bundle:NamesItsOutputs", "--input-shape", 6, "--output", "embedding",
            "--out", tmp_path / "b",
        )  # fmt: skip
        assert code == 0 and len(Bundle(tmp_path / "b").model["output"]["names"]) == 2

    def test_module_without_shape_is_bad_usage(self, tmp_path):
        with pytest.raises(SystemExit) as stop:
            self.run("--module", "a:b", "--out", tmp_path)
        assert stop.value.code == 2

    def test_reads_the_reference_by_the_names_of_its_columns(self, tmp_path, capsys):
        torch.save(exact_encoder(), tmp_path / "module.pt")
        (tmp_path / "names.txt").write_text("\n".join("abcdef"))
        values = rows(count=80)
        lines = ["label,f,e,d,c,b,a"] + [f"x,{','.join(str(v) for v in row[::-1])}" for row in values]
        (tmp_path / "training.csv").write_text("\n".join(lines) + "\n")
        code = self.run(
            "--module", tmp_path / "module.pt", "--input-shape", "6", "--features", tmp_path / "names.txt",
            "--reference", tmp_path / "training.csv", "--reference-rows", 80, "--out", tmp_path / "bundle",
        )  # fmt: skip
        assert code == 0 and "reference: 80 rows" in capsys.readouterr().out
        np.testing.assert_array_equal(Bundle(tmp_path / "bundle").tensors["reference"], values)

    def test_reads_the_reference_from_an_array_and_draws_by_the_seed(self, tmp_path):
        torch.save(exact_encoder(), tmp_path / "module.pt")
        np.save(tmp_path / "training.npy", rows(count=300))
        for seed in (1, 2):
            code = self.run(
                "--module", tmp_path / "module.pt", "--input-shape", "6", "--reference", tmp_path / "training.npy",
                "--reference-rows", 60, "--reference-seed", seed, "--out", tmp_path / str(seed),
            )  # fmt: skip
            assert code == 0
        first, second = (Bundle(tmp_path / str(seed)).tensors["reference"] for seed in (1, 2))
        assert first.shape == (60, 6) and (first != second).any()

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("feature_0,feature_1\n1,2\n", "no column 'feature_2' (--features names the columns)"),
            ("{names}\n1,2,3,4,5,six\n", "line 2: could not convert string to float: 'six'"),
            ("{names}\n1,2,3\n", "line 2: list index out of range"),
            ("", "no column 'feature_0'"),
        ],
    )
    def test_one_line_for_a_reference_that_cannot_be_read(self, tmp_path, capsys, text, message):
        torch.save(exact_encoder(), tmp_path / "module.pt")
        file = tmp_path / "training.csv"
        file.write_text(text.replace("{names}", ",".join(f"feature_{k}" for k in range(6))))
        code = self.run(
            "--module", tmp_path / "module.pt", "--input-shape", "6", "--reference", file, "--out", tmp_path / "b"
        )
        error = capsys.readouterr().err
        assert code == 4 and f"{file}: {message}" in error and len(error.splitlines()) == 1
