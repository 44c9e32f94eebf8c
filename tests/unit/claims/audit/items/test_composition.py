"""Composition: which part of which data was scored."""

import pytest


@pytest.mark.parametrize(
    ("text", "answer", "words"),
    [
        ("WER on LibriSpeech test-clean: 5.1.", "yes", "test-clean"),
        ("Scored on the validation set of ImageNet.", "yes", "validation set"),
        ("Scored on the test set.", "partial", "test set"),
        ("BLEU kept across 55 languages.", "partial", "across 55 languages"),
        ("INT8 score 80.9 (10 datasets).", "partial", "(10 datasets"),
        ("Scores estimated from subset.", "partial", "from subset"),
        ("|Accuracy (eval-f1)|0.90|\n|-|-|\n|x|1|\n", "partial", "eval-f1"),
    ],
)
def test_the_scored_part(ask, text, answer, words):
    item = ask("composition", text)
    assert item.answer == answer
    assert any(words in quote.text for quote in item.quotes)


@pytest.mark.parametrize(
    "text",
    ["ImageNet top-1 76.1.", "Calibrated on the validation set.", "A model for 12 languages."],
)
def test_a_name_or_a_calibration_set_alone_says_nothing(ask, text):
    assert ask("composition", text).answer == "no"


@pytest.mark.parametrize("said", ["COCO val2017", "ImageNet val", "MS MARCO dev queries"])
def test_a_split_within_the_name_of_a_set_is_disclosed(ask, said):
    assert ask("composition", f"INT8 scores 41.2 on {said}.").answer == "yes"
