"""Fitted scikit-learn transformers become mean, scale and components: transform() is the bundle's e."""

import joblib
import numpy as np
import pytest
import torch
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, PowerTransformer, StandardScaler
from torch import nn

from attribution_export.sklearn_preprocessing import UnknownTransformer, read_transformer
from bundle_reader import Bundle
from export_bundle import ExportError, export_bundle, main

WIDTH = 6


def training_rows() -> np.ndarray:
    rng = np.random.default_rng(5)
    return (rng.normal(size=(80, WIDTH)) @ rng.normal(size=(WIDTH, WIDTH)) + [50, -3, 0, 1e3, 0.1, 7]).astype(float)


def columns(*steps, **options):
    return ColumnTransformer(list(steps), **options)


TRANSFORMERS = {
    "standard": StandardScaler(),
    "only-the-mean": StandardScaler(with_std=False),
    "only-the-scale": StandardScaler(with_mean=False),
    "min-max": MinMaxScaler((-1, 2)),
    "pca": PCA(3),
    "whitening": PCA(4, whiten=True),
    "scaled-pca": make_pipeline(StandardScaler(), PCA(3, whiten=True)),
    "pca-scaled": make_pipeline(PCA(3), MinMaxScaler()),
    "pca-of-pca": make_pipeline(StandardScaler(), PCA(5), PCA(2)),
    "passthrough": Pipeline([("nothing", "passthrough"), ("scale", StandardScaler()), ("again", "passthrough")]),
    "nested": make_pipeline(make_pipeline(MinMaxScaler(), StandardScaler()), PCA(2)),
    "all-columns-in-order": columns(("a", StandardScaler(), [0, 1, 2]), ("b", MinMaxScaler(), [3, 4, 5])),
    "reordered": columns(("a", MinMaxScaler(), [4, 1]), ("b", StandardScaler(), [3, 0])),
    "remainder": columns(("a", StandardScaler(), slice(1, 3)), ("b", "drop", [0]), remainder="passthrough"),
    "pca-of-columns": columns(("a", make_pipeline(StandardScaler(), PCA(2)), [5, 0, 2]), ("b", "passthrough", [1])),
    "column-twice": columns(("a", StandardScaler(), [0, 1]), ("b", StandardScaler(with_std=False), [1, 2])),
    "after-columns": make_pipeline(columns(("a", StandardScaler(), [2, 0]), ("b", "passthrough", [5])), PCA(2)),
    "columns-after": make_pipeline(PCA(4), columns(("a", MinMaxScaler(), [3, 0]))),
}


@pytest.mark.parametrize("name", TRANSFORMERS)
def test_bundle_transforms_as_scikit_learn_does(tmp_path, name):
    x = training_rows()
    transformer = TRANSFORMERS[name].fit(x)
    expected = transformer.transform(x)
    width = expected.shape[1]
    options = {"name": "n", "version": "1", "input_shape": [width], "output_names": ["a", "b"]}
    encoder = nn.Sequential(nn.Linear(width, 2, bias=False))
    export_bundle(encoder, tmp_path, features=[f"x{k}" for k in range(WIDTH)], preprocessing=transformer, **options)
    bundle = Bundle(tmp_path)
    tolerance = 1e-5 * np.abs(x / x.std(0)).max() * np.abs(expected).max()
    np.testing.assert_allclose(bundle.preprocess(x), expected, atol=tolerance)


@pytest.mark.parametrize("name", TRANSFORMERS)
def test_arrays_are_the_transformer_in_float64(name):
    x = training_rows()
    transformer = TRANSFORMERS[name].fit(x)
    found = read_transformer(transformer)
    u = (x - found.get("mean", 0.0)) / found.get("scale", 1.0)
    e = u @ found["components"].T if "components" in found else u
    np.testing.assert_allclose(e, transformer.transform(x), rtol=1e-9, atol=1e-9)


def test_scalers_of_all_columns_need_no_components():
    for name in ("standard", "min-max", "passthrough", "all-columns-in-order"):
        assert "components" not in read_transformer(TRANSFORMERS[name].fit(training_rows()))


@pytest.mark.parametrize(
    ("transformer", "message"),
    [
        (PowerTransformer(), "PowerTransformer is not known"),
        (make_pipeline(StandardScaler(), PowerTransformer()), "PowerTransformer is not known"),
        (columns(("a", PowerTransformer(), [1])), "PowerTransformer is not known"),
        (MinMaxScaler(clip=True), "MinMaxScaler with clip=True is not affine"),
        (make_pipeline(StandardScaler(), FunctionTransformer(np.log1p)), "FunctionTransformer is not known"),
        (FeatureUnion([("a", StandardScaler())]), "FeatureUnion is not known"),
        (columns(("a", StandardScaler(), [0]), transformer_weights={"a": 2.0}), "transformer_weights"),
        (columns(("a", StandardScaler(), [0]), ("b", MinMaxScaler(), [0])), "adds a constant that no mean"),
    ],
)
def test_refuses_by_name_what_is_not_affine(transformer, message):
    with np.errstate(all="ignore"):
        fitted = transformer.fit(training_rows())
    with pytest.raises(UnknownTransformer, match=message):
        read_transformer(fitted)


def test_refuses_what_is_not_fitted():
    with pytest.raises(UnknownTransformer, match="StandardScaler is not fitted"):
        read_transformer(StandardScaler())


class StandardScalerOfTheirs(StandardScaler):
    def transform(self, X):
        return super().transform(X) ** 2


def test_subclass_is_not_taken_for_its_parent():
    with pytest.raises(UnknownTransformer, match="StandardScalerOfTheirs is not known"):
        read_transformer(StandardScalerOfTheirs().fit(training_rows()))


def test_transformer_beside_arrays_is_refused(tmp_path):
    options = {"name": "n", "version": "1", "input_shape": [6], "features": list("abcdef"), "output_names": ["z"]}
    with pytest.raises(ExportError, match="not both"):
        scaler = StandardScaler().fit(training_rows())
        export_bundle(nn.Linear(6, 1), tmp_path, preprocessing=scaler, mean=np.zeros(6), **options)


class TestCommand:
    def run(self, tmp_path, content):
        joblib.dump(content, tmp_path / "p.joblib")
        torch.save(nn.Linear(3, 2, bias=False), tmp_path / "module.pt")
        arguments = ["--module", tmp_path / "module.pt", "--input-shape", 3, "--out", tmp_path / "bundle"]
        return main([str(a) for a in [*arguments, "--preprocessing", tmp_path / "p.joblib"]])

    def test_reads_a_joblib_file(self, tmp_path):
        pipeline = make_pipeline(StandardScaler(), PCA(3)).fit(training_rows())
        assert self.run(tmp_path, pipeline) == 0
        assert Bundle(tmp_path / "bundle").model["input"]["features"] == [f"feature_{k}" for k in range(WIDTH)]

    def test_takes_the_names_of_the_table(self, tmp_path):
        scaler = StandardScaler().fit(training_rows()[:, :3])
        scaler.feature_names_in_ = np.array(["a", "b", "c"], dtype=object)
        assert self.run(tmp_path, scaler) == 0
        assert Bundle(tmp_path / "bundle").model["input"]["features"] == ["a", "b", "c"]

    def test_names_the_transformer_that_it_cannot_say(self, tmp_path, capsys):
        assert self.run(tmp_path, PowerTransformer().fit(training_rows()[:, :3])) == 4
        error = capsys.readouterr().err
        assert "p.joblib: PowerTransformer is not known" in error and len(error.splitlines()) == 1
