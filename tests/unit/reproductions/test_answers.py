from __future__ import annotations

import json

import pytest
from benchmarks.reproductions.answers import MODELS, answers

QWEN = MODELS[0]
FILE = "Qwen__Qwen2.5-1.5B-Instruct__int4__arc.json"


def test_a_row_a_question_with_its_benchmark_and_subject(cases):
    table = answers(cases, QWEN, "int4")
    assert table.num_rows == 18
    first, last = table.slice(0, 1).to_pylist()[0], table.slice(11, 1).to_pylist()[0]
    assert first == {
        "id": "arc/professional_law_0",
        "target": "A",
        "prediction": "B",
        "confidence": 0.5,
        "benchmark": "ARC-Challenge",
        "subject": None,
    }
    assert (last["benchmark"], last["subject"]) == ("MMLU", "professional_medicine")


def test_a_file_of_another_width_is_refused(cases):
    found = json.loads((cases / FILE).read_text())
    (cases / FILE).write_text(json.dumps({**found, "precision": "int8"}))
    with pytest.raises(ValueError, match=r"int4__arc\.json: holds .* int8 arc"):
        answers(cases, QWEN, "int4")


@pytest.mark.parametrize("key", ["preds", "confs"])
def test_fewer_answers_than_questions_are_refused(cases, key):
    found = json.loads((cases / FILE).read_text())
    (cases / FILE).write_text(json.dumps({**found, key: found[key][:-1]}))
    with pytest.raises(ValueError, match="int4 arc: answers and questions are not as many"):
        answers(cases, QWEN, "int4")
