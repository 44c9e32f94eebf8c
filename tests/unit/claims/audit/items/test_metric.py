"""Metric: a rule, a rule with a choice left open, or a word."""

import pytest


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Top-1 on ImageNet: 76.1 against 75.8.", "Top-1"),
        ("F1 on SQuAD v1.1: 88.5 against 88.1.", "F1"),
        ("mAP@50 falls from 0.56 to 0.48.", "mAP@50"),
        ("nDCG@10 on SciFact: 0.71 and 0.70.", "nDCG@10"),
        ("MNIST accuracy 99.1% in INT8.", "accuracy"),
        ("accuracy 93.2% (6319 of 6800 correct)", "accuracy"),
        ("KL divergence to BF16: 0.012.", "KL divergence"),
    ],
)
def test_a_rule_is_disclosed(ask, text, words):
    item = ask("metric", text)
    assert item.answer == "yes"
    assert any(words in quote.text for quote in item.quotes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ImageNet accuracy 76.1 against 75.8.", "accuracy"),
        ("mAP falls from 40.2 to 38.9.", "mAP"),
        ("An average score of 69.8 on the OpenLLM leaderboard.", "average score"),
        (
            "|model|mmlu|piqa|boolq|\n|-|-|-|-|\n|BF16|61.0|80.1|83.0|\n|INT8|60.8|80.0|82.9|\n",
            "mmlu",
        ),
    ],
)
def test_a_choice_left_open_is_partial(ask, text, words):
    item = ask("metric", text)
    assert item.answer == "partial"
    assert any(words in quote.text for quote in item.quotes)


@pytest.mark.parametrize(
    "text",
    [
        "Accuracy is preserved.",
        "ImageNet: float 81.2, hardware degradation 0.3.",
        "Please recall that low precision is faster; see the feature map.",
    ],
)
def test_a_word_without_a_task_is_no_metric(ask, text):
    assert ask("metric", text).answer == "no"
