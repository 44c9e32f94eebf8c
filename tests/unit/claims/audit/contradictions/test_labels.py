from __future__ import annotations

import pytest

from quantassay.claims.audit.contradictions.labels import labels
from quantassay.claims.audit.contradictions.training_set import scored_on_training


@pytest.mark.parametrize(
    ("label", "found"),
    [("Accuracy (eval-f1)", 1), ("Accuracy (eval-accuracy)", 0), ("Accuracy (%)", 0), ("F1", 0),
     ("Accuracy (test-rouge1)", 1)],
)  # fmt: skip
def test_labels_of_two_metrics(read, label: str, found: int) -> None:
    table = f"| | INT8 | FP32 |\n|---|---|---|\n| **{label}** | 0.9021 | 0.9042 |\n"
    assert len(labels(*read(table))) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I calculated mAP on the same training set and it is bad.", True),
        ("Accuracy over the training data is 99.1 %.", True),
        ("The model was trained on the training set and evaluated on the test set.", False),
        ("Accuracy after calibration on the training set is 91.0 %.", False),
        ("Evaluated on the test set.", False),
    ],
)
def test_scores_of_the_training_set(text: str, found: bool) -> None:
    assert scored_on_training(text) is found
