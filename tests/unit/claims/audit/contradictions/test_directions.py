from __future__ import annotations

import pytest

from quantassay.claims.audit.contradictions.check import contradictions


def said(read, text: str) -> list[str]:
    return [one.finding for one in contradictions(*read(text)) if one.rule == "direction"]


@pytest.mark.parametrize(
    "text",
    [
        "HellaSwag went up from 78.1 to 77.9 after INT8 quantization.",
        "With INT4, perplexity improved from 6.14 to 6.56.",
        "The top-1 accuracy dropped from 64.2% to 66.1% in INT8.",
        "The accuracy falls from 61.1 % (FP32) to 64.2 %.",
        "WER fell by 0.5 from 6.1 to 6.6.",
        "mAP drops: 44.9 -> 45.1 in int8",
        "INT8 accuracy improved from 0.912 to 0.904.",
        "Latency drops from 14 ms to 16 ms with INT8.",
        "Perplexity degraded from 6.56 to 6.14.",
    ],
)
def test_words_that_the_figures_contradict(read, text: str) -> None:
    assert len(said(read, text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "HellaSwag went down from 78.1 to 77.9.",
        "Perplexity improved from 6.56 to 6.14.",
        "The accuracy did not drop from 64.2 to 66.1.",
        "The accuracy loss improved from 2.1 to 0.4.",
        "The size is reduced from 1 GB to 400 MB.",
        "Latency improved from 14 ms to 6 ms.",
        "The accuracy drops from 1% to 3%, depending on the model.",
        "The accuracy stays the same, 78.1 to 77.9.",
        "Throughput increased from 30 to 45 fps.",
        "The weights shrink from 32-bit to 64.",
        "Memory is reduced from 16 to 8,000 MB.",
    ],
)
def test_words_that_the_figures_bear_out_or_that_say_something_else(read, text: str) -> None:
    assert said(read, text) == []


def test_both_figures_are_named(read) -> None:
    (found,) = said(read, "Perplexity improved from 6.14 to 6.56.")
    assert "up, from 6.14 to 6.56" in found
    assert "less is better" in found
