from __future__ import annotations

import pytest

from quantassay.errors import InputError
from quantassay.exports.hf_eval_results import HfEvalResults


def test_the_hub_reads_one_figure_with_its_loss_and_its_throughput(one, valid):
    [entry] = valid("hf-eval-results", HfEvalResults("org/digits", "clean").text(*one))
    assert (entry.dataset_id, entry.task_id) == ("org/digits", "clean")
    assert entry.value == one[0]["candidates"]["int8-static"]["accuracy"][0]["candidate_value"]
    assert entry.date == "2026-03-04T10:15:00Z"
    for words in ("top1 @ overall", "(fp32); loss", "n 898", "margin 0.02", "1.86 x that of fp32"):
        assert words in entry.notes


def test_a_metric_may_be_named(one, valid):
    [entry] = valid("hf-eval-results", HfEvalResults(metric="brier").text(*one))
    assert entry.value == pytest.approx(0.0647, abs=1e-4)
    with pytest.raises(InputError, match="'int8-static': no cell has a figure of 'auroc'"):
        HfEvalResults(metric="auroc").text(*one)


def test_one_file_is_of_one_model(rich):
    with pytest.raises(InputError, match=r"one model, and the claim holds 4: .*--candidate NAME"):
        HfEvalResults().text(*rich)


def test_a_benchmark_that_is_not_named_is_said(one):
    assert any("dataset=ORG/NAME" in words for words in HfEvalResults().dropped(one[0]))
    assert not any("ORG/NAME" in words for words in HfEvalResults("a/b").dropped(one[0]))


def test_a_throughput_that_was_not_measured_is_said(one, valid):
    claim, comparison = one
    slow = {"int8-static": {**claim["candidates"]["int8-static"], "throughput": None}}
    [entry] = valid(
        "hf-eval-results", HfEvalResults().text({**claim, "candidates": slow}, comparison)
    )
    assert "throughput not measured: half of the trade-off" in entry.notes
