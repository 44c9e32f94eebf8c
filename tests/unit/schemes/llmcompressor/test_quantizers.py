"""What of the LLM Compressor schemes is decided without LLM Compressor."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

from quantassay.errors import DataError, PluginError
from quantassay.schemes.llmcompressor.gptq import LlmCompressorGptq
from quantassay.schemes.llmcompressor.smoothquant import LlmCompressorSmoothQuant

SCHEMES = (LlmCompressorGptq, LlmCompressorSmoothQuant)


def batch(*rows):
    return {"input_ids": np.array(rows)}


@pytest.mark.parametrize(
    ("scheme", "options", "words"),
    [
        (LlmCompressorGptq, {"bits": 5}, "one of 3, 4, 8; got 5"),
        (LlmCompressorGptq, {"group_size": 0}, "from 1, or -1"),
        (LlmCompressorGptq, {"ordering": "group"}, "one of static, none"),
        (LlmCompressorGptq, {"dampening": "much"}, "must be a number; got"),
        (LlmCompressorSmoothQuant, {"strength": 2}, "from 0 to 1; got 2"),
        (LlmCompressorSmoothQuant, {"bits": 8}, "no option 'bits'"),
    ],
)
def test_a_wrong_option_is_refused(scheme, options, words, folder, tmp_path):
    with pytest.raises(PluginError, match=words):
        scheme.quantize(folder, [batch([1, 2])], options, tmp_path / "out")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_calibration_is_needed(scheme, folder, tmp_path):
    for none in (None, []):
        with pytest.raises(DataError, match="needs calibration samples"):
            scheme.quantize(folder, none, {}, tmp_path / "out")


@pytest.mark.skipif(find_spec("llmcompressor") is not None, reason="llmcompressor is installed")
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_missing_package_names_the_extra(scheme, folder, tmp_path):
    with pytest.raises(PluginError, match=r"quantassay\[llm-quant\]"):
        scheme.quantize(folder, [batch([1, 2])], {}, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_the_claim_follows_the_options():
    assert LlmCompressorGptq.precision_of({"bits": 3}) == "int3"
    assert LlmCompressorGptq.precision_of({}) == LlmCompressorGptq.precision
