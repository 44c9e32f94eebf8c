"""What of the LLM Compressor schemes is decided without LLM Compressor."""

from __future__ import annotations

import json
from importlib.util import find_spec

import numpy as np
import pytest

from quantassay.errors import ArtifactError, DataError, PluginError
from quantassay.schemes.llmcompressor.gptq import LlmCompressorGptq
from quantassay.schemes.llmcompressor.model import check_folder
from quantassay.schemes.llmcompressor.smoothquant import LlmCompressorSmoothQuant
from quantassay.schemes.llmcompressor.tokens import token_batches

SCHEMES = (LlmCompressorGptq, LlmCompressorSmoothQuant)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "model"
    made.mkdir()
    (made / "config.json").write_text('{"vocab_size": 9}')
    (made / "model.safetensors").write_bytes(b"")
    return made


def batch(*rows):
    return {"input_ids": np.array(rows)}


@pytest.mark.parametrize(
    ("scheme", "options", "words"),
    [
        (LlmCompressorGptq, {"bits": 5}, "one of 3, 4, 8; got 5"),
        (LlmCompressorGptq, {"group_size": 0}, "from 1, or -1"),
        (LlmCompressorGptq, {"ordering": "group"}, "one of static, none"),
        (LlmCompressorGptq, {"dampening": "much"}, "must be float"),
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


def test_a_folder_must_hold_safe_weights_in_full_precision(folder):
    check_folder(folder, "any")
    (folder / "config.json").write_text(json.dumps({"quantization_config": {"bits": 4}}))
    with pytest.raises(ArtifactError, match="quantized already"):
        check_folder(folder, "any")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ArtifactError, match="pickled weights are not read"):
        check_folder(folder, "any")
    (folder / "config.json").unlink()
    with pytest.raises(ArtifactError, match=r"must hold config\.json"):
        check_folder(folder, "any")


def test_padding_is_left_out_and_rows_of_one_length_go_together(folder):
    ids = np.array([[0, 1, 2], [0, 3, 4], [5, 6, 7]])
    mask = np.array([[0, 1, 1], [0, 1, 1], [1, 1, 1]])
    found = token_batches([{"input_ids": ids, "attention_mask": mask}], folder, "any")
    assert [one["input_ids"].tolist() for one in found] == [[[1, 2], [3, 4]], [[5, 6, 7]]]
    assert all((one["attention_mask"] == 1).all() for one in found)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"pixels": np.ones((1, 2))}, "got 'pixels'"),
        ({"": np.ones((1, 2))}, "got float64"),
        ({"": np.array(["a text"], object)}, r"no tokenizer\.json"),
        ({"": np.array([[1, 9]])}, "sample 0 .* not from 0 to 8"),
        ({"": np.array([[-1]])}, "not from 0 to 8"),
        ({"input_ids": np.ones((1, 2), int), "attention_mask": np.zeros((1, 2))}, "no token"),
    ],
)
def test_what_is_no_token_is_refused(given, words, folder):
    with pytest.raises(DataError, match=words):
        token_batches([given], folder, "any")
