"""What of the GGUF levels is decided without llama.cpp."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from quantassay.errors import PluginError
from quantassay.formats.gguf.file import TYPES
from quantassay.schemes.gguf_levels import LEVELS, GgufLevels


def test_a_level_that_is_not_there_is_refused():
    with pytest.raises(PluginError, match="is one of F16, BF16, Q8_0"):
        GgufLevels.quantize(Path("x.gguf"), None, {"level": "Q4"}, Path("out.gguf"))


def test_the_claim_is_the_level():
    assert GgufLevels.precision_of({"level": "Q8_0"}) == "Q8_0"
    assert GgufLevels.precision_of({}) == "Q4_K_M"


def test_every_level_is_mostly_of_a_type_that_the_format_knows():
    assert set(LEVELS.values()) <= {name for name, _, _ in TYPES.values()}


@pytest.mark.skipif(find_spec("llama_cpp") is not None, reason="llama_cpp is installed")
def test_a_missing_package_names_the_extra(tmp_path):
    with pytest.raises(PluginError, match=r"pip install 'quantassay\[gguf\]'"):
        GgufLevels.quantize(tmp_path / "x.gguf", None, {}, tmp_path / "out.gguf")
    assert not list(tmp_path.iterdir())
