"""The programs that some tests need, from ``house/tools.py``."""

import os
from pathlib import Path

import pytest

from house.tools import find


def needed(tool: str) -> Path:
    """Where it is. Without it a test fails in CI and is skipped elsewhere."""
    found = find(tool)
    if found is None:
        (pytest.fail if "CI" in os.environ else pytest.skip)(f"{tool} is not installed here")
    return found
