"""What an entry of the zoo is, and the registry of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from torch import nn


@dataclass(frozen=True)
class Specimen:
    """An encoder of the zoo: (n, *shape) to (n, O)."""

    name: str
    package: str
    """The package from PyPI that its class comes from; ``home-made`` where it stands in this folder."""
    shape: tuple[int, ...]
    make: Callable[[], nn.Module]
    trained: bool = False
    """Some steps of Adam towards a fixed function; else random weights, with batch statistics that were seen."""
    captum: bool = False
    """Contributions along a path are compared with captum's, all outputs."""
    categories: dict[int, int] = field(default_factory=dict)
    """Columns of indices, each with how many there are."""
    counts: bool = False
    """Rows are counts, as of genes, and nothing is done to them before the encoder."""


SPECIMENS: dict[str, Specimen] = {}


def encoder(
    package: str,
    shape: Sequence[int],
    *,
    trained: bool = False,
    captum: bool = False,
    categories: dict[int, int] | None = None,
    counts: bool = False,
    name: str | None = None,
) -> Callable[[Callable[[], nn.Module]], Callable[[], nn.Module]]:
    """Register a function that makes an encoder under its own name."""

    def register(make: Callable[[], nn.Module]) -> Callable[[], nn.Module]:
        key = (name or make.__name__).replace("_", "-")
        if key in SPECIMENS:
            raise ValueError(f"two encoders have the name {key}")
        SPECIMENS[key] = Specimen(key, package, tuple(shape), make, trained, captum, categories or {}, counts)
        return make

    return register
