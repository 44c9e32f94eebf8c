"""Answers of a real language model, made and published by somebody else."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from quantassay.stats import paired_binary
from quantassay.workflows.compare import compare

# ab-ch90/quantization-flips-small-llms@e248985 (MIT): Qwen2.5-1.5B-Instruct on ARC-Challenge
CASES = Path(__file__).parents[2].parent / "shared" / "cases" / "llm_flips"
MODEL = "Qwen__Qwen2.5-1.5B-Instruct"
N, LOSSES, GAINS = 1000, 68, 18
INTERVAL = (0.0327, 0.0690)

pytestmark = pytest.mark.skipif(
    not CASES.exists(), reason="the published answers are not beside the repository"
)


@pytest.fixture
def recorded(tmp_path):
    """One file of predictions for each precision."""
    items = json.loads((CASES / "_bench_items.json").read_text())["arc"]

    def write(precision):
        found = json.loads((CASES / f"{MODEL}__{precision}__arc.json").read_text())
        table = pd.DataFrame(
            {
                "id": [item["id"] for item in items],
                "target": [item["answer"] for item in items],
                "prediction": found["preds"],
            }
        )
        path = tmp_path / f"{precision}.csv"
        table.to_csv(path, index=False)
        return path

    return write


def test_files_of_predictions(recorded):
    found = compare(recorded("fp16"), recorded("int4"), margin=0.01)
    (cell,) = found.cells
    assert (cell.n, cell.losses, cell.gains) == (N, LOSSES, GAINS)
    assert (cell.reference_value, cell.candidate_value) == (0.753, 0.703)
    assert cell.loss == 0.05
    assert cell.interval == pytest.approx(INTERVAL, abs=0.003)
    assert found.verdict == cell.verdict == "fail"


def test_the_same_as_from_the_counts(recorded):
    found = paired_binary(LOSSES, GAINS, N, 0.01)
    assert found.interval == pytest.approx(INTERVAL, abs=0.003)
    assert found.verdict == "fail"
    (cell,) = compare(recorded("fp16"), recorded("int4"), margin=0.01).cells
    assert cell.interval == pytest.approx(found.interval, abs=1e-9)
    assert cell.p_beyond_adjusted == pytest.approx(float(found.p_beyond), rel=1e-6)


def test_eight_bits_are_no_proven_loss_of_five_points(recorded):
    assert compare(recorded("fp16"), recorded("int8"), margin=0.05).verdict == "pass"


def test_swapping_the_sides_mirrors(recorded):
    (there,) = compare(recorded("fp16"), recorded("int4"), margin=0.01).cells
    (back,) = compare(recorded("int4"), recorded("fp16"), margin=0.01).cells
    assert back.loss == -there.loss
    assert back.interval == pytest.approx((-there.interval[1], -there.interval[0]), abs=1e-9)
    assert back.verdict == "pass"
