"""What the command takes: weights beside a factory, programs of torch.export; and what it prints."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn
from torch.export import Dim

import graph_encoders
from bundle_reader import Bundle
from export_bundle import ExportError, export_bundle, main

TOOLS = Path(__file__).resolve().parents[1]


def run(*arguments):
    return main([str(argument) for argument in arguments])


def one_line_of(capsys):
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1, error
    return error


class TestStateDict:
    FACTORY = ("--module", "graph_encoders:biased", "--input-shape", 6)

    @pytest.mark.parametrize("form", ["plain", "checkpoint", "parallel", "safetensors"])
    def test_factory_takes_the_weights(self, tmp_path, form):
        weights = graph_encoders.biased().state_dict()
        file = tmp_path / ("weights.safetensors" if form == "safetensors" else "weights.pt")
        if form == "safetensors":
            save_file(weights, file)
        else:
            parallel = {f"module.{key}": value for key, value in weights.items()}
            content = {"plain": weights, "checkpoint": {"epoch": 3, "state_dict": weights}, "parallel": parallel}
            torch.save(content[form], file)
        assert run(*self.FACTORY, "--state-dict", file, "--out", tmp_path / "b") == 0
        np.testing.assert_array_equal(Bundle(tmp_path / "b").tensors["graph.0.weight"], weights["0.weight"])

    def test_weights_alone_need_a_factory(self, tmp_path, capsys):
        torch.save({"state_dict": graph_encoders.biased().state_dict()}, tmp_path / "weights.pt")
        assert run("--module", tmp_path / "weights.pt", "--input-shape", 6, "--out", tmp_path / "b") == 4
        assert "weights without a module; give package.module:factory too" in one_line_of(capsys)

    def test_says_why_weights_cannot_be_used(self, tmp_path, capsys):
        torch.save(nn.Linear(6, 2).state_dict(), tmp_path / "others.pt")
        torch.save([1, 2], tmp_path / "list.pt")
        torch.save(graph_encoders.biased(), tmp_path / "module.pt")
        (tmp_path / "garbage.pt").write_bytes(b"no weights")
        for file, words in (
            ("others.pt", "the weights do not fit: "),
            ("list.pt", "holds no state_dict"),
            ("module.pt", "holds more than weights; save module.state_dict() alone"),
            ("garbage.pt", "garbage.pt: "),
            ("missing.pt", "no such file"),
        ):
            assert run(*self.FACTORY, "--state-dict", tmp_path / file, "--out", tmp_path / "b") == 4
            assert words in one_line_of(capsys)

    def test_goes_with_a_module(self, tmp_path):
        with pytest.raises(SystemExit) as stop:
            run("--checkpoint", "umap.pt", "--state-dict", "weights.pt", "--out", tmp_path)
        assert stop.value.code == 2


class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(6, 2)

    def forward(self, x):
        return {"other": x * 2, "embedding": self.linear(x)}


DYNAMIC = ({0: Dim("n", max=1 << 20)},)
OPTIONS = {"name": "n", "version": "1", "input_shape": [6], "features": list("abcdef"), "output_names": ["u", "v"]}


def program(encoder, rows=3, shapes=DYNAMIC):
    return torch.export.export(encoder.eval(), (torch.zeros(rows, 6),), dynamic_shapes=shapes, strict=False)


class TestPrograms:
    def save(self, tmp_path, *arguments, **OPTIONS):
        torch.export.save(program(*arguments, **OPTIONS), tmp_path / "encoder.pt2")
        return ("--module", tmp_path / "encoder.pt2", "--input-shape", 6, "--out", tmp_path / "b")

    @pytest.mark.parametrize("name", ["exact", "biased", "smooth", "sizes", "Categorical"])
    def test_saved_program_is_taken(self, tmp_path, name):
        encoder = getattr(graph_encoders, name)()
        assert run(*self.save(tmp_path, encoder)) == 0
        bundle = Bundle(tmp_path / "b")
        rows = torch.from_numpy(bundle.tensors["probe.inputs"])
        torch.testing.assert_close(bundle.run_graph(rows), encoder.eval()(rows), rtol=1e-5, atol=1e-6)
        z = encoder.double()(rows.double()).detach().float()
        np.testing.assert_allclose(bundle.tensors["probe.outputs"], z, rtol=1e-6, atol=1e-7)

    def test_program_is_the_same_bundle_as_its_module(self, tmp_path):
        encoder = graph_encoders.exact().eval()
        export_bundle(encoder, tmp_path / "module", **OPTIONS)
        export_bundle(program(encoder), tmp_path / "program", **OPTIONS)
        module, exported = Bundle(tmp_path / "module"), Bundle(tmp_path / "program")
        assert module.model == exported.model
        assert all((module.tensors[key] == exported.tensors[key]).all() for key in module.tensors)

    def test_output_of_a_dictionary_is_named(self, tmp_path, capsys):
        arguments = self.save(tmp_path, Pair())
        assert run(*arguments) == 3
        assert "dictionary ('other', 'embedding'); name the embedding with --output" in one_line_of(capsys)
        assert run(*arguments, "--output", "embedding") == 0
        assert Bundle(tmp_path / "b").operators == ["aten.linear.default"]

    def test_program_for_one_batch_size_is_refused(self, tmp_path, capsys):
        assert run(*self.save(tmp_path, graph_encoders.biased(), shapes=None)) == 3
        assert "was exported for 3 rows only; export it with dynamic_shapes=" in one_line_of(capsys)

    def test_program_of_float64_is_refused(self):
        rows = torch.zeros(3, 6).double()
        encoder = torch.export.export(nn.Linear(6, 2).double(), (rows,), dynamic_shapes=DYNAMIC)
        with pytest.raises(ExportError, match="takes torch.float64, not torch.float32"):
            export_bundle(encoder, "nowhere", **OPTIONS)

    def test_one_line_for_a_file_that_is_no_program(self, tmp_path, capsys):
        (tmp_path / "encoder.pt2").write_bytes(b"something")
        assert run("--module", tmp_path / "encoder.pt2", "--input-shape", 6, "--out", tmp_path / "b") == 4
        assert "encoder.pt2: cannot be read as a program of torch.export: " in one_line_of(capsys)


class TestTorchScript:
    @pytest.mark.parametrize("traced", [False, True])
    def test_file_is_taken_as_it_is(self, tmp_path, capsys, traced):
        encoder = graph_encoders.biased().eval()
        script = torch.jit.trace(encoder, torch.zeros(3, 6)) if traced else torch.jit.script(encoder)
        script.save(tmp_path / "encoder.pt")
        assert run("--module", tmp_path / "encoder.pt", "--input-shape", 6, "--out", tmp_path / "b") == 0
        assert "bundle format 1: torch.export cannot read TorchScript" in capsys.readouterr().out
        assert Bundle(tmp_path / "b").model["format"] == "attribution-bundle/1"

    def test_cannot_be_a_graph(self, tmp_path, capsys):
        torch.jit.script(graph_encoders.biased()).save(tmp_path / "encoder.pt")
        arguments = ("--module", tmp_path / "encoder.pt", "--input-shape", 6, "--out", tmp_path / "b")
        assert run(*arguments, "--bundle-format", 2) == 3
        assert "torch.export cannot read TorchScript" in one_line_of(capsys)


class TestReport:
    def printed(self, tmp_path, capsys, name, *arguments):
        code = run("--module", f"graph_encoders:{name}", "--input-shape", 6, "--out", tmp_path / "b", *arguments)
        return code, capsys.readouterr().out.splitlines()

    def test_says_which_method_and_why(self, tmp_path, capsys):
        code, (wrote, method) = self.printed(tmp_path, capsys, "exact")
        assert code == 0 and wrote.startswith(f"wrote {tmp_path / 'b'} (graph); f(e) = J(e)e to ")
        assert wrote.endswith("relative, exact") and method == "method jacobian: f(e) = J(e)·e"
        _, (wrote, method) = self.printed(tmp_path, capsys, "biased")
        assert wrote.endswith("relative, approximate")
        assert method == "method affine: piecewise linear with constants: linear, linear_1 have biases"

    def test_says_what_would_fit_better(self, tmp_path, capsys):
        _, (_, method) = self.printed(tmp_path, capsys, "biased", "--method", "jacobian")
        assert method.startswith("method jacobian, as asked; the application itself would take affine: ")

    def test_says_in_one_line_why_there_is_no_graph(self, tmp_path, capsys):
        code, lines = self.printed(tmp_path, capsys, "Branches")
        assert code == 0 and "(TorchScript)" in lines[0] and lines[0].endswith("exact")
        assert [line for line in lines if line.startswith("bundle format 1: control flow depends on values: ")]

    def test_requirement_has_an_exit_code(self, tmp_path, capsys):
        assert self.printed(tmp_path, capsys, "biased", "--require", "complete")[0] == 0
        assert run("--module", "graph_encoders:biased", "--input-shape", 6, "--out", tmp_path / "c",
                   "--require", "exact") == 3  # fmt: skip
        assert "not exact: method affine" in one_line_of(capsys) and not (tmp_path / "c").exists()

    def test_baseline_is_read_from_a_file(self, tmp_path, capsys):
        np.save(tmp_path / "b.npy", np.arange(6.0))
        self.printed(tmp_path, capsys, "smooth", "--baseline", tmp_path / "b.npy", "--method", "integrated_gradients")
        bundle = Bundle(tmp_path / "b")
        assert bundle.model["method"] == "integrated_gradients" and bundle.tensors["baseline"][5] == 5
        assert run("--module", "graph_encoders:smooth", "--input-shape", 6, "--out", tmp_path / "b",
                   "--baseline", "median") == 4  # fmt: skip
        assert "unknown baseline (known: mean, zeros, FILE.npy)" in one_line_of(capsys)


def test_export_prints_no_warning(tmp_path):
    arguments = ["--module", "graph_encoders:Branches", "--input-shape", "6", "--out", str(tmp_path / "b")]
    code = "import sys; sys.path[:0] = sys.argv[1:3]; from export_bundle import main; sys.exit(main(sys.argv[3:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(TOOLS), str(TOOLS / "tests"), *arguments], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--help"], 0, "--state-dict"),
        (["--module", "a:b", "--input-shape", "6", "--out", "nowhere"], 1, "pip install torch"),
    ],
)
def test_without_torch(arguments, code, words):
    script = "import sys; sys.modules['torch'] = None; from export_bundle import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run([sys.executable, "-c", script, *arguments], cwd=TOOLS, capture_output=True, text=True)
    assert done.returncode == code and words in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
