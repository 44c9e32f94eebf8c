from __future__ import annotations

import pytest

from quantassay.errors import InputError
from quantassay.exports.model_index import ModelIndex


def test_the_hub_reads_every_figure_by_stratum(one, valid):
    found = valid("model-index", ModelIndex("image-classification").text(*one))
    cells = one[0]["candidates"]["int8-static"]["accuracy"]
    assert {result.task_type for result in found} == {"image-classification"}
    accuracy = [result for result in found if result.metric_type != "throughput"]
    assert len(accuracy) == len(cells)
    worst = next(result for result in accuracy if result.dataset_config == "digit=8")
    assert worst.metric_args["verdict"] == "fail"
    assert worst.metric_args["loss"] == pytest.approx(worst.metric_args["reference_value"]
                                                      - worst.metric_value)  # fmt: skip


def test_the_throughput_stands_beside_the_accuracy_of_the_whole(one, valid):
    found = valid("model-index", ModelIndex().text(*one))
    [speed] = [result for result in found if result.metric_type == "throughput"]
    assert speed.metric_args["ratio"] == 1.86
    whole = [result for result in found if result.unique_identifier == speed.unique_identifier]
    assert {"top1", "brier", "throughput"} <= {result.metric_type for result in whole}


def test_text_that_would_end_the_front_matter_stays_within(one, valid):
    claim, comparison = one
    spoiled = {**claim, "task": {**claim["task"], "composition": "clean\n---\n# Heading: {a}"}}
    text = ModelIndex().text(spoiled, comparison)
    assert text.count("\n---\n") == 1
    assert valid("model-index", text)[0].dataset_args["composition"].endswith("# Heading: {a}")


def test_one_card_is_of_one_model(rich):
    with pytest.raises(InputError, match="model-index describes one model"):
        ModelIndex().text(*rich)
