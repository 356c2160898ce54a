"""Export PyTorch encoders as model bundles of Attribution Streams.

The names are imported when they are used, so that ``attribution-export --help`` works without PyTorch.
"""

import importlib
from typing import Any

_HOME = {
    "DEFAULT_TOLERANCE": "defaults",
    "ExportError": "encoder_checks",
    "ExportReport": "bundle_writer",
    "InputFileError": "sources",
    "export_bundle": "bundle_writer",
    "main": "command",
    "read_module": "sources",
}
__all__ = [*_HOME]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
