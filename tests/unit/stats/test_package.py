from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from quantassay import stats


def typed_names():
    tree = ast.parse(Path(stats.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    return sorted(alias.name for line in block.body for alias in line.names)


def test_every_public_name_loads_and_is_typed():
    assert sorted(stats.__all__) == typed_names() == sorted(dir(stats))
    assert all(getattr(stats, name).__doc__ for name in stats.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'bootstrap_interval'"):
        _ = stats.bootstrap_interval


def test_import_loads_no_scipy():
    code = "import sys, quantassay.stats; print('scipy' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"


def test_use_loads_neither_distributions_nor_optimizers():
    code = (
        "import sys, quantassay.stats as s; s.paired_binary(1, 0, 500, .02); s.paired_mean([0], 1, "
        ".1); print(any(m in sys.modules for m in ('scipy.stats', 'scipy.optimize')))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"
