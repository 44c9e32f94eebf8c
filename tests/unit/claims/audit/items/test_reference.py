"""Reference: a precision, a word for one, or neither."""

import pytest


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("|model|fp32|int8|\n|-|-|-|\n|net-3|74.9|74.7|\n", "fp32"),
        ("Compared with the FP16 model, INT8 loses 0.3 points.", "FP16"),
        ("### BF16\n\nWER 5.75 %\n\n### INT8\n\nWER 5.87 %\n", "BF16"),
        ("fp32 WER: 6.16, int8 WER: 12.0", "fp32"),
        ("nDCG@10 is 0.645 in float32 and 0.641 in int8.", "float32"),
    ],
)
def test_a_compared_precision_is_disclosed(ask, text, words):
    item = ask("reference", text)
    assert item.answer == "yes"
    assert words in item.quotes[0].text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("|net|float|int8|\n|-|-|-|\n|net-3|74.9|74.7|\n", "float"),
        ("It scores 69.8, whereas the unquantized model scores 70.3.", "unquantized"),
        ("|model|error|\n|-|-|\n|net-3|1.1%|\n|net-3-int8|1.1%|\n", "net-3"),
        ("Converts Float32 weights to INT8.", "Float32"),
    ],
)
def test_a_word_a_checkpoint_or_a_conversion_is_partial(ask, text, words):
    item = ask("reference", text)
    assert item.answer == "partial"
    assert words in item.quotes[0].text


@pytest.mark.parametrize(
    "text",
    [
        "INT8 retains 97.9% of the accuracy.",
        "The lm_head is kept in BF16.",
        "Low precision kernels; WER 6.0% on LibriSpeech.",
        "|set|INT8|\n|-|-|\n|WikiText-2 (raw)|20.9|\n",
    ],
)
def test_no_reference(ask, text):
    assert ask("reference", text).answer == "no"
