"""Task: a named set, only its family, or nothing."""

import pytest


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Top-1 on ImageNet falls from 76.1 to 75.8 after INT8.", "ImageNet"),
        ("We evaluate on squad_v1.1: F1 88.1 against 88.5.", "squad_v1.1"),
        ("|model|dataset|int8|\n|-|-|-|\n|net-3|Bridges of Riga|0.91|\n", "Bridges of Riga"),
        ("Accuracy on the Harbour Cranes test set drops to 91.2%.", "Harbour Cranes"),
        ("lm_eval --tasks gsm8k,arc_challenge gives 0.71", "gsm8k"),
    ],
)
def test_a_named_set_is_disclosed(ask, text, words):
    item = ask("task", text)
    assert item.answer == "yes"
    assert any(words in quote.text for quote in item.quotes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The mAP drops from 40.2 to 38.9 in INT8.", "mAP"),
        ("WER goes from 5.1 to 5.4 with 8-bit weights.", "WER"),
        ("On our own test set the INT8 engine loses 0.4 points.", "test set"),
        ("| net | score |\n|-|-|\n| ssd_mobilenet_v1_coco | mAP 21 |\n", "coco"),
    ],
)
def test_a_family_or_an_unnamed_set_is_partial(ask, text, words):
    item = ask("task", text)
    assert item.answer == "partial"
    assert any(words in quote.text for quote in item.quotes)


@pytest.mark.parametrize(
    "text",
    [
        "Quantization keeps 99% of the quality.",
        "INT8 has less than 1% accuracy degradation.",
        "Calibrated with 512 samples of C4. The quality stays the same.",
        "An ImageNet pretrained backbone, quantized; quality is kept.",
    ],
)
def test_a_word_or_what_a_set_is_used_for_otherwise_is_no_task(ask, text):
    assert ask("task", text).answer == "no"
