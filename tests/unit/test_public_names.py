from __future__ import annotations

import ast
from pathlib import Path

import pytest

import quantassay as qa


def test_every_public_name_loads_is_typed_and_documented():
    tree = ast.parse(Path(qa.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    typed = sorted(alias.name for line in block.body for alias in line.names)
    assert typed == sorted(qa.__all__)
    assert dir(qa) == sorted([*qa.__all__, "stats"])
    assert all(getattr(qa, name).__doc__ for name in dir(qa))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'assay'"):
        _ = qa.assay
