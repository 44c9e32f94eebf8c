from __future__ import annotations

import jsonschema
import pytest

from quantassay.errors import InputError
from quantassay.exports.every_eval_ever import EveryEvalEver


def test_a_record_holds_every_figure_with_its_loss(one, valid):
    record = valid("every-eval-ever", EveryEvalEver("org/digits", "us", "first_party").text(*one))
    assert record["model_info"]["id"] == "org/digits"
    assert record["source_metadata"]["evaluator_relationship"] == "first_party"
    by_id = {result["evaluation_result_id"]: result for result in record["evaluation_results"]}
    worst = by_id["top1 @ digit=8"]
    assert worst["score_details"]["details"]["verdict"] == "fail"
    assert worst["metric_config"]["lower_is_better"] is False
    assert (worst["metric_config"]["min_score"], worst["metric_config"]["max_score"]) == (0, 1)
    assert by_id["brier @ overall"]["metric_config"]["lower_is_better"] is True
    assert "score_type" not in by_id["brier @ overall"]["metric_config"]


def test_an_interval_of_a_loss_is_not_passed_off_as_one_of_the_score(one, valid):
    record = valid("every-eval-ever", EveryEvalEver().text(*one))
    for result in record["evaluation_results"]:
        assert "uncertainty" not in result["score_details"]


def test_the_throughput_is_a_result_beside_the_accuracy(one, valid):
    record = valid("every-eval-ever", EveryEvalEver().text(*one))
    assert record["evaluation_results"][-1]["evaluation_result_id"] == "throughput"
    claim, comparison = one
    bare = {"int8-static": {**claim["candidates"]["int8-static"], "accuracy": []}}
    with pytest.raises(InputError, match="a throughput without its accuracy"):
        EveryEvalEver().text({**claim, "candidates": bare}, comparison)


def test_the_shape_refuses_what_is_not_a_record(one, valid):
    with pytest.raises(jsonschema.ValidationError):
        valid("every-eval-ever", EveryEvalEver(relationship="cousin").text(*one))


def test_one_record_is_of_one_model(rich):
    with pytest.raises(InputError, match="every-eval-ever describes one model"):
        EveryEvalEver().text(*rich)
    assert any("model=ORG/NAME" in words for words in EveryEvalEver().dropped(rich[0]))
