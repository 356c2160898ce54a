#!/usr/bin/env python3
"""Export a PyTorch encoder as a model bundle: the command ``attribution-export``, from a clone of the repository.

``from export_bundle import export_bundle`` does the same from Python.
"""

import sys
from typing import Any

import attribution_export
from attribution_export.command import main

__all__ = attribution_export.__all__


def __getattr__(name: str) -> Any:
    return getattr(attribution_export, name)


if __name__ == "__main__":
    sys.exit(main())
