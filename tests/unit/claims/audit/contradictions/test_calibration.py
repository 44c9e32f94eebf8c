from __future__ import annotations

import pytest

from quantassay.claims.audit.contradictions.calibration import calibration, leaked


@pytest.mark.parametrize(
    "text",
    [
        "The calibration dataloader is the eval dataloader.",
        "The model was calibrated on 512 samples from the test set.",
        "Calibration uses 1,000 images of the validation set.",
        "We used the validation split for calibration.",
        "Accuracy drops after int8 calibration on the same dataset.",
        "It was quantized with 300 images from the validation set.",
        "Static quantization works if calibrated on the test set, but fails on a different one.",
    ],
)
def test_calibration_on_what_is_scored(read, text: str) -> None:
    (found,) = calibration(*read(text))
    assert found.rule == "calibration-on-evaluation"
    assert found.quotes[0].text == text


@pytest.mark.parametrize(
    "text",
    [
        "The calibration dataloader is the train dataloader.",
        "Calibrated on 512 samples of the training set and evaluated on the test set.",
        "The calibration set is disjoint from the test set.",
        "Calibration data must not come from the test set.",
        "After calibration, the model is evaluated on the validation set.",
        "Calibration uses 128 samples of C4.",
        "The camera-lidar calibration test set has 6,800 samples.",
        "The expected calibration error on the test set is 0.03.",
        "The quantized model was evaluated on 500 images from the validation set.",
    ],
)
def test_near_misses(text: str) -> None:
    assert leaked(text) is None


def test_a_split_in_code(read) -> None:
    text = 'Quantize so:\n\n```python\ncalib = load_dataset("foo", split="{}")\n```\n'
    assert calibration(*read(text.format("test")))
    assert not calibration(*read(text.format("train")))


def test_one_dataset_for_both_and_no_split(read) -> None:
    table = "| | FP16 | INT4 |\n|---|---|---|\n| WikiText-2 perplexity | 5.47 | 5.60 |\n\n"
    (found,) = calibration(*read(table + "Calibration uses 128 samples of WikiText-2."))
    assert "cannot be determined" in found.finding
    assert not calibration(
        *read(table + "Calibration uses 128 samples of the WikiText-2 train split.")
    )
    assert not calibration(*read(table + "Calibration uses 128 samples of C4."))
