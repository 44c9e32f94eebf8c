"""Sample size: how many samples were scored."""

import pytest


@pytest.mark.parametrize(
    ("text", "answer", "words"),
    [
        ("872 sentences evaluated, accuracy = 0.91", "yes", "872 sentences"),
        ("just a part of the test images (4000/50000) is used", "yes", "4000/50000"),
        ("|Metric|FP16|\n|-|-|\n|Total samples|6,800|\n", "yes", "6,800"),
        ("my data is about 4000 images", "partial", "4000 images"),
        ("640 images for training and 160 images for testing", "yes", "160 images for testing"),
        ("|Task|Samples|\n|-|-|\n|ifeval|541|\n", "yes", "541"),
        ("training set = 3712, validation set = 3769", "yes", "3769"),
        ("Scores are from a small subset.", "partial", "subset"),
    ],
)
def test_counts(ask, text, answer, words):
    item = ask("sample_size", text)
    assert item.answer == answer
    assert any(words in quote.text for quote in item.quotes)


@pytest.mark.parametrize(
    "text",
    [
        "Calibrated with 512 samples.",
        "Throughput: 186 samples/sec.",
        "Trained on 60000 images.",
        "Released on 7/23/2024.",
    ],
)
def test_other_counts_are_not_it(ask, text):
    assert ask("sample_size", text).answer == "no"


def test_samples_of_a_method_are_not_scored_ones(ask):
    assert ask("sample_size", "Quantized with GPTQ on 128 samples of WikiText-2.").answer == "no"
