from __future__ import annotations

import pytest

from quantassay.claims.audit.figures.headers import is_average, lower_better, role


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Top-1 accuracy (%)", None), ("Accuracy drop", "loss"), ("Recovery (%)", "recovery"),
        ("Δ", "delta"), ("INT8 - FP32", "delta"), ("Speedup", "speedup"),
        ("tokens/s", "throughput"),
        ("FP16 speed (ms)", "latency"), ("Average Latency", "latency"), ("Model size (MB)", "size"),
        ("Total Samples", "n"), ("Correct Predictions", "count"),
        ("Opset version", "other"), ("WER", None),
    ],
)  # fmt: skip
def test_a_label_says_what_its_numbers_are(label: str, expected: str | None) -> None:
    assert role(label) == expected


def test_averages_and_directions() -> None:
    assert is_average("Avg.")
    assert not is_average("mean IoU")
    assert lower_better("perplexity") is True
    assert lower_better("top-1 error") is True
    assert lower_better("accuracy") is False
    assert lower_better("widget") is None
