"""How a Python team makes contributions that add up: the peers of ``bench engine --method``.

n rows, D raw features, O outputs. A peer explains a model of raw features, for all outputs, from one baseline b, and
returns f(x) - f(b), (n, O), and contributions C, (n, O, D).
"""

from __future__ import annotations

import time
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import jvp

from jacobians import Preprocessing, VmapJacrev, finish

MOST_NODES = 256  # where the application stops by default, too
FEWEST_NODES = 2
DEFAULT_NODES = 50  # captum's
TUNING_NODES = 8
TRIALS = 2
SHAP_ROWS = 4
SHAP_SAMPLES = 200  # shap's default


class Model(nn.Module):
    """Raw features (n, D) to outputs (n, O): preprocessing and encoder."""

    def __init__(self, encoder: nn.Module, shape: list[int], preprocessing: Preprocessing) -> None:
        super().__init__()
        self.encoder = encoder
        self.shape = shape
        self.preprocessing = preprocessing

    def forward(self, x: Tensor) -> Tensor:
        e = self.preprocessing.inputs(self.preprocessing.standardize(x))
        return self.encoder(e.reshape(-1, *self.shape))


class Contributions(ABC):
    """A peer. ``rows`` is how many of the batch one call explains; all where it is None."""

    rows: int | None = None

    def __init__(self, model: Model, baseline: Tensor) -> None:
        """``baseline``: (1, D)."""
        self.model = model
        self.baseline = baseline

    def tune(self, x: Tensor, error: float) -> str:
        """Finds the peer's best settings for this batch; ``error``: the worst of completeness that counts as equal."""
        self(x)
        return ""

    @abstractmethod
    def explain(self, x: Tensor) -> Tensor:
        """(n, O, D) for x, (n, D)."""

    def __call__(self, x: Tensor) -> tuple[Tensor, Tensor]:
        x = x[: self.rows]
        with torch.no_grad():
            change = self.model(x) - self.model(self.baseline)
        return change, self.explain(x).detach()


class VmapContributions(Contributions):
    """J of ``torch.func.vmap(jacrev)``, times u: no intercept, so it adds up only where f(e) = J(e) e."""

    def __init__(self, model: Model, baseline: Tensor) -> None:
        super().__init__(model, baseline)
        self.jacobians = VmapJacrev(model.encoder, model.shape)

    def tune(self, x: Tensor, error: float) -> str:
        preprocessing = self.model.preprocessing
        return self.jacobians.tune(preprocessing.inputs(preprocessing.standardize(x)))

    def explain(self, x: Tensor) -> Tensor:
        preprocessing = self.model.preprocessing
        u = preprocessing.standardize(x)
        _, jacobian = self.jacobians(preprocessing.inputs(u))
        return preprocessing.project(jacobian) * u.unsqueeze(1)


class PerOutput(Contributions):
    """One output in a call: what captum's methods do."""

    def explain(self, x: Tensor) -> Tensor:
        return torch.stack([self.output(x, i) for i in range(self.outputs())], 1)

    def outputs(self) -> int:
        return self.model(self.baseline).shape[1]

    @abstractmethod
    def output(self, x: Tensor, target: int) -> Tensor:
        """(n, D)"""


class IntegratedGradients(PerOutput):
    """captum's IntegratedGradients: as few Gauss-Legendre nodes as the error allows, in the fastest portions."""

    def __init__(self, model: Model, baseline: Tensor) -> None:
        super().__init__(model, baseline)
        # Here, because other peers run where captum is not installed.
        from captum.attr import IntegratedGradients

        self.attribute = IntegratedGradients(model).attribute
        self.nodes = TUNING_NODES
        self.together = False
        self.portion = 0

    def tune(self, x: Tensor, error: float) -> str:
        ways = [(False, factor * len(x)) for factor in (1, 4, 16)] + [(True, len(x) * self.outputs())]
        times = {way: self._seconds(x, *way) for way in ways}
        self.together, self.portion = min(times, key=times.__getitem__)
        self.nodes, reached = self._fewest_nodes(x, error)
        together = "all outputs" if self.together else "one output"
        nodes = f"{self.nodes} nodes" + ("" if reached else f", {MOST_NODES} not as near")
        return f"{nodes}; {together}, internal_batch_size={self.portion}"

    def _seconds(self, x: Tensor, together: bool, portion: int) -> float:
        self.together, self.portion = together, portion
        times = []
        for _ in range(TRIALS):
            start = time.perf_counter()
            self(x)
            finish(x.device)
            times.append(time.perf_counter() - start)
        return min(times)

    def _fewest_nodes(self, x: Tensor, error: float) -> tuple[int, bool]:
        if self._sum_error(x, MOST_NODES) > error:
            return DEFAULT_NODES, False
        below, above = FEWEST_NODES - 1, FEWEST_NODES
        while self._sum_error(x, above) > error:
            below, above = above, 2 * above
        while above - below > 1:
            middle = (below + above) // 2
            below, above = (below, middle) if self._sum_error(x, middle) <= error else (middle, above)
        self.nodes = above
        while self.nodes < MOST_NODES and worst_error(*self(x)) > error:  # the sums differ by rounding
            self.nodes += 1
        return self.nodes, True

    @torch.no_grad()
    def _sum_error(self, x: Tensor, nodes: int) -> float:
        """The worst error with so many nodes, without contributions: their sums are derivatives along the path."""
        points, weights = np.polynomial.legendre.leggauss(nodes)
        way = x - self.baseline
        change = self.model(x) - self.model(self.baseline)
        sums = torch.zeros_like(change, dtype=torch.float64)
        for point, weight in zip(points, weights, strict=True):
            _, along = jvp(self.model, (self.baseline + (1 + point) / 2 * way,), (way,))
            sums += weight / 2 * along.double()
        return worst_error(change, sums.unsqueeze(2))

    def explain(self, x: Tensor) -> Tensor:
        if not self.together:
            return super().explain(x)
        outputs = self.outputs()
        targets = torch.arange(outputs, device=x.device).repeat(len(x))
        return self._attribute(x.repeat_interleave(outputs, 0), targets).unflatten(0, (len(x), outputs))

    def output(self, x: Tensor, target: int) -> Tensor:
        return self._attribute(x, target)

    def _attribute(self, x: Tensor, target: int | Tensor) -> Tensor:
        return self.attribute(
            x,
            self.baseline,
            target=target,
            n_steps=self.nodes,
            method="gausslegendre",
            internal_batch_size=self.portion,
        )


class DeepLift(PerOutput):
    """captum's DeepLift: complete where it has a rule for every layer."""

    def __init__(self, model: Model, baseline: Tensor) -> None:
        super().__init__(model, baseline)
        from captum.attr import DeepLift

        self.attribute = DeepLift(model).attribute

    def output(self, x: Tensor, target: int) -> Tensor:
        return self.attribute(x, self.baseline, target=target).detach()


class GradientShap(PerOutput):
    """captum's GradientShap with its default number of samples, from the one baseline."""

    def __init__(self, model: Model, baseline: Tensor) -> None:
        super().__init__(model, baseline)
        from captum.attr import GradientShap

        self.attribute = GradientShap(model).attribute

    def tune(self, x: Tensor, error: float) -> str:
        self(x)
        return "5 samples"

    def output(self, x: Tensor, target: int) -> Tensor:
        return self.attribute(x, self.baseline, target=target)


class GradientExplainer(Contributions):
    """shap's GradientExplainer with its default number of samples. It works row by row: some rows tell for all."""

    rows = SHAP_ROWS

    def __init__(self, model: Model, baseline: Tensor) -> None:
        super().__init__(model, baseline)
        import shap

        self.explainer = shap.GradientExplainer(model, baseline, batch_size=SHAP_SAMPLES)

    def tune(self, x: Tensor, error: float) -> str:
        self(x)
        return f"{SHAP_SAMPLES} samples; {self.rows} of the rows"

    def explain(self, x: Tensor) -> Tensor:
        values = self.explainer.shap_values(x, nsamples=SHAP_SAMPLES)  # (n, D, O)
        return torch.from_numpy(np.moveaxis(values, -1, 1)).float()


def worst_error(change: Tensor, contributions: Tensor) -> float:
    """The worst row's |Σ C - (f(x) - f(b))|, relative to its largest |f(x) - f(b)|."""
    missing = contributions.double().sum(2) - change.double()
    return float((missing.abs().amax(1) / change.double().abs().amax(1)).max())


CONTRIBUTIONS: dict[str, Callable[[Model, Tensor], Contributions]] = {
    "vmap_contributions": VmapContributions,
    "integrated_gradients": IntegratedGradients,
    "deep_lift": DeepLift,
    "gradient_shap": GradientShap,
    "gradient_explainer": GradientExplainer,
}

# captum says at every call that DeepLift puts hooks on the model, and that a portion is not all of a row's nodes.
warnings.filterwarnings("ignore", module="captum")
