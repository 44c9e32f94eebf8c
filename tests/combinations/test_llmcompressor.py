"""GPTQ and SmoothQuant by LLM Compressor on a Llama that is trained here, from end to end."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from tests.models.tiny_llama import (
    RUBRIC,
    calibration,
    loss,
    prompts,
    tiny_llama,
    write_tables,
)

import quantassay as qa
from quantassay.engines.transformers.engine import Transformers as Engine
from quantassay.errors import ArtifactError, DataError
from quantassay.formats.transformers.format import Transformers as Folder
from quantassay.schemes.llmcompressor.gptq import GptqOptions, LlmCompressorGptq
from quantassay.schemes.llmcompressor.layers import compare_folders
from quantassay.schemes.llmcompressor.model import at_work, quantize, require
from quantassay.schemes.llmcompressor.smoothquant import LlmCompressorSmoothQuant, require_smoothed
from quantassay.schemes.rounding import rounded
from quantassay.testing import check_scheme

pytest.importorskip("llmcompressor", reason="llmcompressor is not installed: make test-llm-quant")

pytestmark = pytest.mark.long
MODEL = "a Llama of 2 layers, trained on sums in the test"
THREE = {"bits": 3, "group_size": 32}


@pytest.fixture(scope="module")
def reference() -> Path:
    return tiny_llama()


@pytest.fixture(scope="module")
def gptq(reference, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("gptq") / "model"
    LlmCompressorGptq.quantize(reference, calibration(), THREE, out)
    return out


@pytest.fixture(scope="module")
def nearest(reference, tmp_path_factory) -> Path:
    """The same bits and groups, rounded to nearest."""
    out = tmp_path_factory.mktemp("nearest") / "model"
    rounding(reference, out, **GptqOptions(**THREE).recipe())
    return out


@pytest.fixture(scope="module")
def smoothed(reference, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("smoothed") / "model"
    LlmCompressorSmoothQuant.quantize(reference, calibration(), {}, out)
    return out


def rounding(reference, out, **recipe):
    with at_work(reference, "rounding"):
        modifier = require("llmcompressor.modifiers.quantization").QuantizationModifier
        quantize(reference, [modifier(**recipe)], None, out)


def answers(folder):
    session = Engine.open(folder, {})
    given = prompts("test")
    found = session.run({"input_ids": given.tokens, "attention_mask": np.ones_like(given.tokens)})
    session.close()
    return found["logits"]


@pytest.mark.combination(scheme="llmcompressor-gptq", engine="transformers", model=MODEL)
def test_gptq_beats_round_to_nearest_at_3_bits(reference, gptq, nearest):
    tokens = calibration()
    found = compare_folders(reference, gptq, nearest, tokens)
    given = prompts("test")
    full, made, other = (loss(answers(one), given) for one in (reference, gptq, nearest))
    print("reconstruction error: GPTQ, nearest", found.error, found.simpler_error)
    print("loss: fp32, GPTQ, nearest", full, made, other)
    assert len(found.scheme) == 14
    assert all(found.scheme[layer] < found.simpler[layer] for layer in found.scheme)
    assert found.error < found.simpler_error / 5
    assert abs(made - full) < abs(other - full) / 2


def just_rounded(reference, folder):
    """Return the share of quantized weights that lie on the nearest value of their grid."""
    found = rounded(Folder.stored_weights(reference), Folder.stored_weights(folder))
    assert found.compared == found.total == 327680
    return found.nearest / found.compared


def test_gptq_goes_to_farther_neighbours_and_rounding_does_not(reference, gptq, nearest):
    assert 0.5 < just_rounded(reference, gptq) < 0.95
    assert just_rounded(reference, nearest) > 0.9999


@pytest.mark.parametrize(
    "recipe",
    [GptqOptions(bits=4, group_size=32, symmetric=False).recipe(),
     GptqOptions(bits=8, group_size=-1).recipe(),
     {"targets": ["Linear"], "scheme": "W8A8", "ignore": ["lm_head"]}],
)  # fmt: skip
def test_all_that_is_only_rounded_is_told(recipe, reference, tmp_path):
    rounding(reference, tmp_path / "made", **recipe)
    assert just_rounded(reference, tmp_path / "made") > 0.9999


def test_what_scales_in_bfloat16_round_is_told(reference, tmp_path):
    from transformers import AutoModelForCausalLM

    half = tmp_path / "half"
    AutoModelForCausalLM.from_pretrained(reference, dtype="bfloat16").save_pretrained(half)
    rounding(half, tmp_path / "made", **GptqOptions(bits=8, group_size=32).recipe())
    assert just_rounded(half, tmp_path / "made") > 0.9999


@pytest.mark.parametrize(
    ("scheme", "options"), [(LlmCompressorGptq, THREE), (LlmCompressorSmoothQuant, {})]
)
def test_obeys_what_every_scheme_obeys(scheme, options, reference):
    check_scheme(scheme(), reference, calibration(64), options)


def test_texts_calibrate_as_their_tokens_do(reference, gptq, tmp_path):
    texts = np.array(prompts("training").texts[:256], object)
    LlmCompressorGptq.quantize(reference, [{"": texts}], THREE, tmp_path / "again")
    assert Folder.identify(tmp_path / "again").digest == Folder.identify(gptq).digest


def test_padding_does_not_calibrate(reference, gptq, tmp_path):
    padded = [
        {name: np.pad(array, ((0, 0), (3, 2))) for name, array in batch.items()}
        for batch in calibration()
    ]
    LlmCompressorGptq.quantize(reference, padded, THREE, tmp_path / "again")
    assert Folder.identify(tmp_path / "again").digest == Folder.identify(gptq).digest


@pytest.mark.parametrize(("bits", "group"), [(4, 128), (8, 32), (4, -1)])
def test_gptq_of_other_widths_is_better_than_rounding_too(bits, group, reference, tmp_path):
    options = {"bits": bits, "group_size": group, "symmetric": bits == 8, "ordering": "none"}
    LlmCompressorGptq.quantize(reference, calibration(128), options, tmp_path / "made")
    contents = Folder.contents(tmp_path / "made")
    assert contents.layers == (14, 15)
    assert contents.stored == f"int{bits}"


def test_gptq_that_only_rounds_is_refused_the_name(reference, tmp_path):
    # so much is added to the Hessian that no weight makes up for another's error
    options = {**THREE, "dampening": 1e9}
    with pytest.raises(ArtifactError, match=r"not what its name says.*over 14 layers.*nearest"):
        LlmCompressorGptq.quantize(reference, calibration(64), options, tmp_path / "made")
    assert not list(tmp_path.iterdir())


def test_groups_that_do_not_fit_are_one_line(reference, tmp_path):
    with pytest.raises(ArtifactError, match="'llmcompressor-gptq' failed on this model"):
        LlmCompressorGptq.quantize(
            reference, calibration(32), {"group_size": 48}, tmp_path / "made"
        )


def test_what_is_quantized_already_is_refused(gptq, tmp_path):
    with pytest.raises(ArtifactError, match="quantized already"):
        LlmCompressorGptq.quantize(gptq, calibration(32), {}, tmp_path / "made")


def test_only_texts_need_a_tokenizer(reference, tmp_path):
    bare = shutil.copytree(reference, tmp_path / "bare")
    for file in bare.glob("tokenizer*"):
        file.unlink()
    LlmCompressorSmoothQuant.quantize(bare, calibration(32), {}, tmp_path / "smoothed")
    assert not list((tmp_path / "smoothed").glob("tokenizer*"))
    with pytest.raises(DataError, match=r"no tokenizer\.json"):
        LlmCompressorGptq.quantize(bare, [{"": np.array(["a12="], object)}], {}, tmp_path / "made")


@pytest.mark.combination(scheme="llmcompressor-smoothquant", engine="transformers", model=MODEL)
def test_smoothing_moves_answers_less_than_rounding_alone(reference, smoothed, tmp_path):
    rounding(reference, tmp_path / "rounded", targets=["Linear"], scheme="W8A8", ignore=["lm_head"])
    full = answers(reference)
    error, alone = (
        float(np.mean((answers(one) - full) ** 2)) for one in (smoothed, tmp_path / "rounded")
    )
    print("mean squared change of logits: smoothed, not", error, alone)
    assert 0 < error < alone


def test_activations_are_rounded_while_it_runs(smoothed):
    session = Engine.open(smoothed, {})
    use = session.use()
    session.close()
    (one,) = [one for one in use.precisions if one.op == "Linear"]
    assert (one.precision, one.count) == ("int8", 14)
    assert "inputs are rounded to int8" in one.why


def test_what_was_only_rounded_is_refused_the_name(reference, tmp_path):
    rounding(reference, tmp_path / "rounded", targets=["Linear"], scheme="W8A8", ignore=["lm_head"])
    with pytest.raises(ArtifactError, match="smoothed no activation"):
        require_smoothed(reference, tmp_path / "rounded")


def test_a_model_without_anything_to_smooth_is_refused(tmp_path):
    transformers = pytest.importorskip("transformers", reason="not installed: make test-llm-quant")
    config = transformers.OPTConfig(
        vocab_size=17, hidden_size=32, ffn_dim=64, num_hidden_layers=1, num_attention_heads=2,
        max_position_embeddings=32, word_embed_proj_dim=32,
    )  # fmt: skip
    transformers.OPTForCausalLM(config).save_pretrained(tmp_path / "opt")
    with pytest.raises(ArtifactError, match="resolving mappings"):
        LlmCompressorSmoothQuant.quantize(tmp_path / "opt", calibration(32), {}, tmp_path / "made")
    assert not (tmp_path / "made").exists()


def test_a_run_from_the_rubric_to_the_report(reference, nearest, tmp_path, monkeypatch):
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))
    shutil.copytree(reference, tmp_path / "llama")
    shutil.copytree(nearest, tmp_path / "said")
    write_tables(tmp_path)
    variants = (
        "  w3: {scheme: llmcompressor-gptq, of: fp32, calibration: sums, "
        "options: {bits: 3, group_size: 32}}\n"
        "  w8a8: {scheme: llmcompressor-smoothquant, of: fp32, calibration: sums}\n"
        '  said: {model: said, precision: "int3 GPTQ"}'
    )
    rubric = tmp_path / "assay.yaml"
    rubric.write_text(RUBRIC.format(model="llama", variants=variants))
    result = qa.run(rubric, out=tmp_path / "run")
    overall = {
        cell.candidate: cell for cell in result.cells if cell.metric == "top1" and not cell.stratum
    }
    assert set(overall) == {"w3", "w8a8", "said"}
    given = prompts("test")
    right = np.argmax(answers(reference), axis=1) == given.answers + 3
    assert overall["w3"].reference_value == pytest.approx(right.mean())
    facts = {one.name: one for one in result.variants}
    assert facts["w3"].truth.layers_low == 14
    assert facts["w3"].precision == "int3"
    assert "14 of 15 layers" in (tmp_path / "run" / "report.md").read_text()
    assert 0.5 < facts["w3"].truth.nearest_share < 0.95
    told = [text.split(":")[0] for text in result.findings if "called GPTQ, yet" in text]
    assert told == ["said"]
    assert facts["w3"].calibration.samples == 256
    verified = qa.verify(tmp_path / "run" / "claim.json")
    assert verified.agrees, [str(check) for check in verified.checks]
    assert any(check.what == "model file of w3" and check.outcome == "agrees"
               for check in verified.checks)  # fmt: skip
