from __future__ import annotations

import pytest

from quantassay.claims.audit.grade import grade

TABLE = "| | FP16 | INT8 |\n|---|---|---|\n{}| Accuracy | 93.18% | 92.93% |\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TABLE.format("| Samples | 6,800 | 6,800 |\n"), "measured with counts"),
        (
            "INT8 gets 405 of 500 right. Accuracy drops from 82.0 % to 81.0 %.",
            "measured with counts",
        ),
        (TABLE.format(""), "measured"),
        ("It wins on 119/119 images.\n\n" + TABLE.format(""), "measured"),
        ("Only 400 of 500 images were sharp.\n\n" + TABLE.format(""), "measured"),
        ("Log of the run:\n\n```\nAccuracy: 76.33\n```\n", "measured"),
        ("The INT8 model has a WER of 6.02 % on LibriSpeech.", "measured"),
        ("It scores 82.0 on MMLU, recovering 98.7% of dense performance.", "measured"),
        ("According to the paper, INT8 accuracy drops from 76.1 % to 75.4 %.", "cited"),
        ("In an observed pattern, not a benchmarked rate, INT8 costs 1-2 points.", "asserted"),
        ("INT8 gives <1% accuracy degradation.", "asserted"),
        ("Quantization preserves quality.", "asserted"),
    ],
)
def test_grades(read, text: str, expected: str) -> None:
    found, why = grade(*read(text))
    assert found == expected
    assert why
