"""Strata: parts of one task, several tasks, or one pooled figure."""

import pytest


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("|class|FP16|INT8|\n|-|-|-|\n|ripe|99.2|99.5|\n|unripe|87.1|86.3|\n", "ripe"),
        ("|Language|FP32 WER|INT8 WER|\n|-|-|-|\n|Korean|9.1|9.9|\n|Dutch|5.0|5.1|\n", "Korean"),
        ("INT8 mIoU per class: road 98.0, pole 58.2", "road"),
        ("INT8 CER\n\nMandarin -> 5.86 % N=104\nEnglish -> 7.10 % N=90\n", "Mandarin"),
        (
            "INT8\n\nrust: 30 / 49, accuracy: 61.3\nscab: 17 / 52, accuracy: 33.3\n"
            "leaf: 72 / 87, accuracy: 82.8\n",
            "rust",
        ),
    ],
)
def test_parts_with_figures_are_disclosed(ask, text, words):
    item = ask("strata", text)
    assert item.answer == "yes"
    assert any(words in quote.text for quote in item.quotes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("|scheme|mmlu|piqa|\n|-|-|-|\n|BF16|61.0|80.1|\n|INT8|60.8|80.0|\n", "mmlu"),
        ("||BF16|INT8|\n|-|-|-|\n|gsm8k|61.0|60.1|\n|boolq|83.0|82.9|\n", "gsm8k"),
        ("INT8 loses most per class, as the appendix says.", "per class"),
        (
            "fp16 MMLU 65.2, Q8_0 65.2. Average confidence by category:\n\n"
            "|category|Q8_0|Q2_K|\n|-|-|-|\n|law|89.0|83.2|\n|physics|57.0|47.8|\n",
            "law",
        ),
    ],
)
def test_tasks_names_and_another_metric_are_partial(ask, text, words):
    item = ask("strata", text)
    assert item.answer == "partial"
    assert any(words in quote.text for quote in item.quotes)


@pytest.mark.parametrize(
    "text",
    [
        "ImageNet top-1 falls from 76.1 to 75.8.",
        "|model|dataset|fp32|int8|\n|-|-|-|-|\n|net-3|MNIST|99.1|99.0|\n|net-9|SVHN|95.1|95.0|\n",
        "A large language model and the class of a module.",
        "|model|category|int8|\n|-|-|-|\n|net-3|detection|21.5|\n|net-9|classification|63.4|\n",
    ],
)
def test_one_pooled_figure(ask, text):
    assert ask("strata", text).answer == "no"
