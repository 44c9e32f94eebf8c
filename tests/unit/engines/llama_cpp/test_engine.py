"""What of the llama-cpp engine is decided without llama.cpp."""

from __future__ import annotations

from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from quantassay.engines.llama_cpp.answers import KINDS
from quantassay.engines.llama_cpp.engine import LlamaCpp
from quantassay.engines.llama_cpp.options import LlamaCppOptions
from quantassay.engines.llama_cpp.precision import full_precision, precisions, width
from quantassay.errors import ArtifactError, DataError, PluginError


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"thread": 1}, r"no option 'thread' \(did you mean 'threads'\?\)"),
        ({"threads": 0}, "whole number from 1 to 16777216; got 0"),
        ({"threads": True}, "whole number from 1 to 16777216; got True"),
        ({"threads": None}, "whole number from 1 to 16777216; got None"),
        ({"output": "logits"}, "one of next, loglikelihood, choices, text; got 'logits'"),
        ({"cache": "q8_0"}, "one of f32, f16"),
    ],
)
def test_a_wrong_option_is_refused(options, words):
    with pytest.raises(PluginError, match=words):
        LlamaCpp.open(Path("any.gguf"), options)


def test_no_file_is_said():
    for missing in (None, Path("none.gguf")):
        with pytest.raises(ArtifactError, match="needs a GGUF file"):
            LlamaCpp.open(missing, {})


@pytest.mark.skipif(find_spec("llama_cpp") is not None, reason="llama_cpp is installed")
def test_a_missing_package_names_the_extra(tmp_path):
    (tmp_path / "any.gguf").write_bytes(b"GGUF")
    with pytest.raises(PluginError, match=r"pip install 'quantassay\[gguf\]'"):
        LlamaCpp.open(tmp_path / "any.gguf", {})


@pytest.mark.parametrize(
    ("kind", "precision"),
    [("F16", "fp16"), ("BF16", "bf16"), ("Q4_K", "int4"), ("Q8_0", "int8"), ("IQ2_XXS", "int2"),
     ("MXFP4", "fp4"), ("NVFP4", "fp4"), ("TQ1_0", "int1"), ("I8", "int8")],
)  # fmt: skip
def test_types_have_a_width(kind, precision):
    assert width(kind) == precision


def test_every_operation_is_counted_once():
    found = Counter({("mul_mat", "Q4_K"): 3, ("mul_mat", "F32"): 2, ("get_rows", "F16"): 1})
    options = LlamaCppOptions(cache="f16")
    uses = precisions(found, 2, options, ["AVX2"])
    assert {(one.op, one.precision): one.count for one in uses} == {
        ("mul_mat", "int4"): 3, ("get_rows", "fp16"): 1, ("attention", "fp16"): 2
    }  # fmt: skip
    assert full_precision(found, 2, options) == {"mul_mat": 2}
    assert full_precision(found, 2, LlamaCppOptions()) == {"attention": 2, "mul_mat": 2}


def test_bf16_is_native_where_the_library_was_built_for_it():
    found = Counter({("mul_mat", "BF16"): 1})
    for built, execution in ((["AVX512_BF16"], "native"), (["AVX2"], "emulated")):
        (use,) = precisions(found, 0, LlamaCppOptions(), built)
        assert use.execution == execution


class Counting:
    """A model of 5 tokens: after any text comes the number of its last token, plus one."""

    vocabulary, begins = 5, 1

    def tokens(self, text):
        return [1, *(int(sign) for sign in text)]

    def begin(self, tokens):
        self.seen = list(tokens)

    def last(self):
        return np.eye(5, dtype=np.float32)[(self.seen[-1] + 1) % 5]

    def every(self, start, stop):
        return np.array([10.0 * np.eye(5)[(token + 1) % 5] for token in self.seen[start:stop]])

    def go_on(self, token):
        self.seen.append(token)

    def ends(self, token):
        return token == 4

    def text(self, tokens, before):
        return "".join(map(str, tokens))


def answering(output, limit=8):
    return KINDS[output](Counting(), Path("m.gguf"), limit, LlamaCppOptions(output=output))


def texts(*values):
    return np.array(values, object)


def test_padding_is_left_out_on_both_sides():
    ids, mask = np.array([[0, 1, 2, 9], [1, 2, 3, 0]]), np.array([[0, 1, 1, 0], [1, 1, 1, 1]])
    found = answering("next")({"input_ids": ids, "attention_mask": mask})["logits"]
    assert found.argmax(1).tolist() == [3, 1]


def test_text_goes_on_until_the_end_or_the_limit():
    assert answering("text")({"": texts("1", "4")})["text"].tolist() == ["23", "0123"]
    assert answering("text", limit=4)({"": texts("0")})["text"].tolist() == ["12"]


def test_a_log_likelihood_sums_over_the_continuation():
    batch = {"context": texts("12", ""), "continuation": texts("34", "2")}
    found = answering("loglikelihood")(batch)["loglikelihood"]
    each = 10 - np.log(np.exp(10) + 4)
    np.testing.assert_allclose(found, [[2 * each, 2], [each, 1]])


def test_choices_are_summed_one_by_one():
    batch = {"context": texts("1"), "continuation": np.array([["0", "2", "3"]], object)}
    assert answering("choices")(batch)["choices"].argmax(1).tolist() == [1]


@pytest.mark.parametrize(
    ("output", "batch", "words"),
    [
        ("next", {"": np.ones((2, 3))}, r"float64 \(2, 3\)"),
        ("next", {"": np.zeros((1, 0), int)}, "has 0 tokens"),
        ("next", {"": np.ones((1, 9), int)}, "has 9 tokens, the model takes 1 to 8"),
        ("next", {"": np.array([[-1]])}, "not from 0 to 4"),
        ("next", {"pixels": np.ones((1, 2), int)}, "got 'pixels'"),
        ("loglikelihood", {"context": texts("1")}, "'context' and 'continuation'"),
        ("loglikelihood", {"context": texts("1"), "continuation": texts("")}, "adds no token"),
        ("choices", {"context": texts("1"), "continuation": texts("2")}, "takes a list"),
    ],
)
def test_a_batch_that_does_not_fit_is_refused(output, batch, words):
    with pytest.raises(DataError, match=words):
        answering(output)(batch)
