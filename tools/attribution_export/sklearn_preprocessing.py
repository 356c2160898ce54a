"""Fitted scikit-learn transformers as the preprocessing of a bundle: e = ((x - mean) / scale) componentsᵀ.

Reads the fitted attributes, so scikit-learn itself is needed only to unpickle a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SUFFIXES = (".joblib", ".pickle", ".pkl")
_ABSORBED = 1e-9  # relative; a larger rest of an offset cannot be said as a mean


class UnknownTransformer(Exception):
    """A transformer that mean, scale and components cannot say; the message names it."""


@dataclass(frozen=True)
class Affine:
    """``((x - mean) / scale) componentsᵀ + offset``; float64. Components (K, D); None is the identity."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    components: NDArray[np.float64] | None
    offset: NDArray[np.float64]

    @property
    def matrix(self) -> NDArray[np.float64]:
        return np.eye(len(self.mean)) if self.components is None else self.components

    def then(self, following: Affine) -> Affine:
        """``following`` applied to the result of this one."""
        if self.components is None:
            mean = self.mean + self.scale * (following.mean - self.offset)
            return Affine(mean, self.scale * following.scale, following.components, following.offset)
        scaled = following.matrix / following.scale
        offset = scaled @ (self.offset - following.mean) + following.offset
        return Affine(self.mean, self.scale, scaled @ self.components, offset)


def load_transformer(path: Path) -> Any:
    """The object in a joblib or pickle file. Both run code of whoever wrote them: load only files that you trust."""
    import joblib  # comes with scikit-learn, which wrote the file

    return joblib.load(path)


def read_transformer(transformer: Any) -> dict[str, NDArray[np.float64]]:
    """``mean``, ``scale`` and ``components`` of a fitted transformer; what changes nothing is left out.

    Raises:
        UnknownTransformer: not one of StandardScaler, MinMaxScaler, PCA, Pipeline and ColumnTransformer, not fitted,
            or with an option that is not affine.
    """
    affine = _with_offset_in_the_mean(_affine(transformer, None), transformer)
    found = {"mean": affine.mean, "scale": affine.scale}
    told = {key: value for key, value in found.items() if (value != (1.0 if key == "scale" else 0.0)).any()}
    components = affine.components
    identity = components is None or np.array_equal(components, np.eye(len(affine.mean)))
    return told if identity else told | {"components": components}


def feature_names(transformer: Any) -> list[str] | None:
    """The columns of the table that the transformer was fitted on, if it knows them."""
    names = getattr(transformer, "feature_names_in_", None)
    if names is None and _name(transformer) == "Pipeline" and transformer.steps:
        names = getattr(transformer.steps[0][1], "feature_names_in_", None)
    return None if names is None else [str(name) for name in names]


def _affine(transformer: Any, width: int | None) -> Affine:
    """``width``: the number of columns, where the transformer itself does not know it."""
    name = _name(transformer)
    if transformer is None or (isinstance(transformer, str) and transformer == "passthrough"):
        return _identity(width, name)
    if name == "FunctionTransformer" and transformer.func is None:
        return _identity(width, name)
    reader = _READERS.get(name)
    if reader is None:
        raise UnknownTransformer(f"{name} is not known (known: {', '.join(_READERS)})")
    try:
        return reader(transformer)
    except AttributeError as cause:
        raise UnknownTransformer(f"{name} is not fitted ({cause})") from cause


def _name(transformer: Any) -> str:
    if isinstance(transformer, str):
        return repr(transformer)
    kind = type(transformer)
    return kind.__name__ if kind.__module__.startswith("sklearn.") else f"{kind.__module__}.{kind.__qualname__}"


def _identity(width: int | None, name: str) -> Affine:
    if width is None:
        raise UnknownTransformer(f"{name} does not say how many columns it takes")
    return _diagonal(np.zeros(width), np.ones(width))


def _diagonal(mean: Any, scale: Any) -> Affine:
    mean, scale = np.asarray(mean, dtype=np.float64), np.asarray(scale, dtype=np.float64)
    return Affine(mean, scale, None, np.zeros(len(mean)))


def _standard_scaler(scaler: Any) -> Affine:
    width = scaler.n_features_in_
    mean = scaler.mean_ if scaler.with_mean else np.zeros(width)
    return _diagonal(mean, scaler.scale_ if scaler.with_std else np.ones(width))


def _min_max_scaler(scaler: Any) -> Affine:
    if scaler.clip:
        raise UnknownTransformer("MinMaxScaler with clip=True is not affine")
    return _diagonal(-scaler.min_ / scaler.scale_, 1.0 / scaler.scale_)


def _pca(pca: Any) -> Affine:
    components = np.asarray(pca.components_, dtype=np.float64)
    if pca.whiten:
        deviations = np.sqrt(pca.explained_variance_)
        least = np.finfo(deviations.dtype).eps  # as PCA.transform does
        components = components / np.maximum(deviations, least)[:, None]
    width = components.shape[1]
    mean = np.zeros(width) if pca.mean_ is None else np.asarray(pca.mean_, dtype=np.float64)
    return Affine(mean, np.ones(width), components, np.zeros(len(components)))


def _pipeline(pipeline: Any) -> Affine:
    affine: Affine | None = None
    for _, step in pipeline.steps:
        if affine is None and (step is None or isinstance(step, str)):
            continue  # changes nothing, and the next step knows the number of columns
        following = _affine(step, None if affine is None else len(affine.matrix))
        affine = following if affine is None else affine.then(following)
    if affine is None:
        raise UnknownTransformer("Pipeline has no step that says how many columns it takes")
    return affine


def _column_transformer(transformer: Any) -> Affine:
    if transformer.transformer_weights:
        raise UnknownTransformer("ColumnTransformer with transformer_weights is not known")
    width = transformer.n_features_in_
    places = transformer._transformer_to_input_indices
    mean, scale = np.zeros(width), np.ones(width)
    seen = np.zeros(width, dtype=bool)
    rows: list[NDArray[np.float64]] = []
    offsets: list[NDArray[np.float64]] = []
    for name, inner, _ in transformer.transformers_:
        columns = np.asarray(places[name], dtype=int)
        if isinstance(inner, str) and inner == "drop" or not len(columns):
            continue
        block = _affine(inner, len(columns))
        first = ~seen[columns]
        mean[columns[first]], scale[columns[first]] = block.mean[first], block.scale[first]
        seen[columns] = True
        # Where an earlier block has the column too: (x - m') / s' = ((x - m) / s) (s / s') + (m - m') / s'.
        matrix = np.zeros((len(block.matrix), width))
        np.add.at(matrix.T, columns, (block.matrix * (scale[columns] / block.scale)).T)
        rows.append(matrix)
        offsets.append(block.offset + block.matrix @ ((mean[columns] - block.mean) / block.scale))
    if not rows:
        raise UnknownTransformer("ColumnTransformer keeps no column")
    return Affine(mean, scale, np.concatenate(rows), np.concatenate(offsets))


def _with_offset_in_the_mean(affine: Affine, transformer: Any) -> Affine:
    """The same map without an offset: a change d of (x - mean) / scale with components d = offset."""
    if not affine.offset.any():
        return affine
    d = np.linalg.lstsq(affine.matrix, affine.offset, rcond=None)[0]
    if np.abs(affine.matrix @ d - affine.offset).max() > _ABSORBED * np.abs(affine.offset).max():
        reason = "adds a constant that no mean of the features can say"
        raise UnknownTransformer(f"{_name(transformer)} {reason} (does it use a column twice?)")
    return Affine(affine.mean - affine.scale * d, affine.scale, affine.components, np.zeros(len(affine.offset)))


_READERS = {
    "StandardScaler": _standard_scaler,
    "MinMaxScaler": _min_max_scaler,
    "PCA": _pca,
    "Pipeline": _pipeline,
    "ColumnTransformer": _column_transformer,
}
