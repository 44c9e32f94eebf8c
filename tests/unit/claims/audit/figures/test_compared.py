from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "text",
    [
        "INT8 keeps 99.1 % of the accuracy of FP32: 80.8 against 81.5.",
        "Top-1 accuracy falls, 81.5 vs. 80.8 after quantization.",
        "The accuracy holds up (80.8 vs 81.5 for FP32).",
        "The accuracy is 80.8 versus 81.5 (FP16).",
        "The accuracy of the INT8 model, 80.8 compared to 81.5.",
    ],
)
def test_scores_set_against_each_other_are_a_pair(read, text: str) -> None:
    _, figures = read(text)
    pairs = [pair for pair in figures.pairs if pair.both]
    assert [(a.value, b.value) for a, b in (pair.both for pair in pairs)] == [(81.5, 80.8)]


@pytest.mark.parametrize(
    "text",
    [
        "The accuracy of the quantized model beats the quantized one of old (70.7 vs 70.6).",
        "Accuracy: 80.8 vs less than 81.5.",
        "It takes 80.8 ms vs 81.5 ms at an accuracy of 70.1.",
        "The loss typically ranges from 1 % to 3 % of accuracy after quantization.",
    ],
)
def test_two_numbers_that_are_no_reference_and_candidate(read, text: str) -> None:
    _, figures = read(text)
    assert [pair for pair in figures.pairs if pair.both] == []


def test_a_bound_is_no_score(read) -> None:
    _, figures = read(
        "The INT8 models show less than 1 % accuracy against FP32 and less than 1.5 % in the other."
    )
    assert [pair for pair in figures.pairs if pair.both] == []
