"""GGUF levels and llama.cpp on a Llama that is trained here, from end to end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.models.tiny_gguf import write_gguf
from tests.models.tiny_llama import RUBRIC, SIGNS, loss, prompts, tiny_llama, write_tables

import quantassay as qa
from quantassay.engines.llama_cpp.engine import LlamaCpp
from quantassay.errors import ArtifactError, DataError, PluginError
from quantassay.formats.gguf.file import TYPES
from quantassay.formats.gguf.format import Gguf
from quantassay.schemes.gguf_levels import LEVELS, GgufLevels
from quantassay.schemes.rounding import rounded
from quantassay.schemes.truth import compare
from quantassay.testing import check_engine, check_scheme

for package in ("llama_cpp", "gguf", "torch", "transformers"):
    pytest.importorskip(package, reason=f"{package} is not installed: make test-gguf")

pytestmark = pytest.mark.long
MODEL = "a Llama of 2 layers, trained on sums in the test"


@pytest.fixture(scope="module")
def folder() -> Path:
    return tiny_llama()


@pytest.fixture(scope="module")
def reference(folder, tmp_path_factory) -> Path:
    return write_gguf(folder, tmp_path_factory.mktemp("gguf") / "fp32.gguf")


@pytest.fixture(scope="module")
def levels(reference, tmp_path_factory):
    """Make the model at each level that is asked for, once."""
    where = tmp_path_factory.mktemp("levels")

    def made(level):
        out = where / f"{level}.gguf"
        if not out.exists():
            GgufLevels.quantize(reference, None, {"level": level}, out)
        return out

    return made


def answered(path, batch=None, **options):
    session = LlamaCpp.open(path, options)
    (found,) = session.run(batch or {"": prompts("test").tokens}).values()
    session.close()
    return found


@pytest.fixture(scope="module")
def expected(folder):
    """The logits that transformers gives."""
    import torch
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(folder).eval()
    with torch.no_grad():
        return model(input_ids=torch.from_numpy(prompts("test").tokens)).logits[:, -1].numpy()


def test_types_are_those_of_the_gguf_package():
    import gguf

    theirs = {
        int(kind): (kind.name, *gguf.GGML_QUANT_SIZES[kind]) for kind in gguf.GGML_QUANT_SIZES
    }
    assert {code: TYPES[code] for code in theirs if code in TYPES} == {
        code: told for code, told in theirs.items() if code in TYPES
    }
    assert theirs.keys() - TYPES.keys() == set()


@pytest.mark.combination(scheme=None, engine="llama-cpp", model=MODEL)
def test_llama_cpp_answers_as_transformers_does(reference, expected):
    given = prompts("test")
    found = answered(reference)
    np.testing.assert_allclose(found, expected, atol=1e-3)
    np.testing.assert_array_equal(found, answered(reference, {"": np.array(given.texts, object)}))
    padded = {
        "input_ids": np.pad(given.tokens, ((0, 0), (2, 1))),
        "attention_mask": np.pad(np.ones_like(given.tokens), ((0, 0), (2, 1))),
    }
    np.testing.assert_array_equal(found, answered(reference, padded))


def test_obeys_what_every_engine_obeys(reference):
    check_engine(LlamaCpp, reference, {"": prompts("test").tokens[:5]})


def test_log_likelihoods_are_those_of_the_logits(reference, expected):
    given = prompts("test").take(slice(0, 8))
    right = np.array([SIGNS[answer + 3] for answer in given.answers], object)
    batch = {"context": np.array(given.texts, object), "continuation": right}
    found = answered(reference, batch, output="loglikelihood")
    assert -found[:, 0].mean() == pytest.approx(loss(expected[:8], given), abs=1e-4)
    np.testing.assert_array_equal(found[:, 1], 1)
    several = {**batch, "continuation": np.array([list("0123456789")] * 8, object)}
    choices = answered(reference, several, output="choices")
    chances = expected[:8, 3:13]
    np.testing.assert_array_equal(choices.argmax(1), chances.argmax(1))
    with pytest.raises(DataError, match="adds no token"):
        answered(reference, {**batch, "continuation": np.array([""] * 8, object)},
                 output="loglikelihood")  # fmt: skip


def test_texts_are_greedy(reference, expected):
    texts = np.array(prompts("test").texts[:8], object)
    found = answered(reference, {"": texts}, output="text", max_new_tokens=1)
    assert found.tolist() == [SIGNS[best] for best in expected[:8].argmax(1)]


def test_a_text_that_is_too_long_or_no_token_is_refused(reference):
    for wrong, words in ((np.ones((1, 40), int), "takes 1 to 32"), (np.array([[99]]), "0 to 16")):
        with pytest.raises(DataError, match=words):
            answered(reference, {"": wrong})
    with pytest.raises(DataError, match=r"takes text, or input_ids.*'pixels'"):
        answered(reference, {"pixels": np.ones((1, 4))})


def test_a_cache_in_fp16_is_said_and_changes_answers(reference, expected):
    session = LlamaCpp.open(reference, {"cache": "f16"})
    use = session.use()
    session.close()
    (one,) = use.precisions
    assert (one.op, one.precision, one.count) == ("attention", "fp16", 2)
    assert use.full_precision == {"get_rows": 1, "mul_mat": 15}
    wide, narrow = (answered(reference, cache=cache) for cache in ("f32", "f16"))
    assert np.abs(narrow - expected).max() > 10 * np.abs(wide - expected).max()


@pytest.mark.combination(scheme="gguf", engine="llama-cpp", model=MODEL)
@pytest.mark.parametrize(
    ("level", "bits", "change"), [("Q8_0", 8.6, 0.01), ("Q4_0", 4.6, 0.1), ("Q4_K_M", 5.8, 0.1)]
)
def test_a_level_costs_bits_and_answers(level, bits, change, reference, levels):
    contents = Gguf.contents(levels(level))
    truth = compare(Gguf.contents(reference), contents)
    given = prompts("test")
    full, made = (loss(answered(one), given) for one in (reference, levels(level)))
    print("loss: fp32, level", full, made)
    assert truth.changed and contents.layers == (15, 15)
    assert bits - 0.2 < truth.bits_per_weight < bits
    assert 0 < abs(made - full) < change


@pytest.mark.parametrize("level", ["Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1"])
def test_what_llama_cpp_rounds_to_nearest_is_told(level, reference, levels):
    import gguf

    weights = Gguf.stored_weights(levels(level))
    theirs = {one.name: one for one in gguf.GGUFReader(levels(level)).tensors}
    whole = [one for one in weights if theirs[one.name].tensor_type.name == level]
    for one in whole:
        told = theirs[one.name]
        expected = gguf.quants.dequantize(told.data, told.tensor_type)
        np.testing.assert_array_equal(one.read().values, expected)
    found = rounded(Gguf.stored_weights(reference), whole)
    assert found.compared == found.total > 300_000
    assert found.nearest / found.compared > 0.9999


def test_rows_that_no_block_fits_are_seen(reference, levels):
    contents = Gguf.contents(levels("Q4_K_M"))
    # only the two down-projections have rows of 256
    assert contents.ops["Matrix Q4_K"] + contents.ops["Matrix Q6_K"] == 2
    assert contents.ops["Matrix Q5_0"] == 11
    assert contents.stored == "Q5_0"
    assert "11 Matrix Q5_0" in compare(Gguf.contents(reference), contents).summary


def test_a_level_that_no_matrix_takes_is_refused_the_name(reference, tmp_path):
    with pytest.raises(ArtifactError, match=r"cannot be Q2_K.*12 Q4_0.*instead"):
        GgufLevels.quantize(reference, None, {"level": "Q2_K"}, tmp_path / "out.gguf")
    assert not list(tmp_path.iterdir())


def test_what_is_quantized_already_is_refused(levels, tmp_path):
    with pytest.raises(ArtifactError, match="15 Q8_0 matrices are quantized already"):
        GgufLevels.quantize(levels("Q8_0"), None, {}, tmp_path / "out.gguf")


@pytest.mark.parametrize("level", ["Q8_0", "IQ4_XS"])
def test_obeys_what_every_scheme_obeys(level, reference):
    check_scheme(GgufLevels(), reference, None, {"level": level})


def test_every_level_is_one_of_llama_cpp():
    import llama_cpp

    assert all(hasattr(llama_cpp, f"LLAMA_FTYPE_MOSTLY_{level}") for level in LEVELS)
    with pytest.raises(PluginError, match="one of F16"):
        GgufLevels.quantize(Path("x.gguf"), None, {"level": "Q4_K"}, Path("out.gguf"))


@pytest.mark.parametrize("cut", [100, 5_000, -100])
def test_a_file_that_is_cut_short_is_refused_by_all(cut, reference, tmp_path):
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(reference.read_bytes()[:cut])
    with pytest.raises(ArtifactError, match="no whole GGUF file"):
        Gguf.identify(broken)
    with pytest.raises(ArtifactError, match="cannot load this model"):
        LlamaCpp.open(broken, {})
    with pytest.raises(ArtifactError):
        GgufLevels.quantize(broken, None, {}, tmp_path / "out.gguf")


def test_a_run_from_the_rubric_to_the_report(reference, tmp_path, monkeypatch):
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))
    (tmp_path / "fp32.gguf").write_bytes(reference.read_bytes())
    write_tables(tmp_path)
    variants = (
        "  q8: {scheme: gguf, of: fp32, options: {level: Q8_0}}\n  q4: {scheme: gguf, of: fp32}"
    )
    text = RUBRIC.format(model="fp32.gguf", variants=variants)
    head, _, tail = text.partition("calibrations:")
    rubric = tmp_path / "assay.yaml"
    rubric.write_text(head + tail.partition("\n")[2].partition("\n")[2])
    result = qa.run(rubric, out=tmp_path / "run")
    right = np.argmax(answered(reference), axis=1) == prompts("test").answers + 3
    overall = [cell for cell in result.cells if cell.metric == "top1" and not cell.stratum]
    assert {cell.candidate for cell in overall} == {"q8", "q4"}
    assert overall[0].reference_value == pytest.approx(right.mean())
    report = (tmp_path / "run" / "report.md").read_text()
    assert "declared as Q4" in report and "most of its weights are Q5" in report
