from __future__ import annotations

import csv

import numpy as np
import pandas as pd
import pytest

from quantassay.errors import DataError, InputError, PairingError
from quantassay.workflows.compare import compare


@pytest.fixture
def unlabelled(counted):
    """Two tables that differ in so many answers of n, without targets."""

    def make(changed, n, **columns):
        first, second = counted(changed, 0, n)
        return first.drop(columns="target").assign(**columns), second.drop(columns="target")

    return make


def only(comparison):
    (cell,) = comparison.cells
    return cell


def test_few_changes_pass_without_any_label(unlabelled):
    found = compare(*unlabelled(3, 1000), margin=0.01)
    cell = only(found)
    assert found.verdict == "pass"
    assert (cell.n, cell.changed, cell.labels_needed, cell.loss) == (1000, 3, 0, None)
    assert cell.interval[1] == pytest.approx(0.008742, abs=1e-6)
    assert cell.reference_value is None
    assert found.labels_needed == ()
    assert any("no targets: 1,000 samples" in text for text in found.findings)
    assert any("whatever the missing ones are" in text for text in found.findings)


def test_more_changes_ask_for_their_labels_and_never_fail(unlabelled):
    found = compare(*unlabelled(900, 1000), margin=0.01)
    assert found.verdict == "inconclusive"
    assert (only(found).changed, only(found).labels_needed) == (900, 900)
    assert only(found).p_beyond_adjusted > 0.9
    few = compare(*unlabelled(6, 1000), margin=0.01)
    assert few.labels_needed == tuple(f"s{i}" for i in range(6))


def test_too_few_samples_are_not_helped_by_labels(unlabelled):
    found = compare(*unlabelled(0, 300), margin=0.01)
    assert found.verdict == "insufficient"
    assert found.labels_needed == ()


def test_only_cells_that_are_open_ask_for_labels(unlabelled):
    half = np.repeat(["a", "b"], 1000)
    first, second = unlabelled(30, 2000, half=half)
    found = compare(first, second, margin="top1:half=0.01", strata="half")
    assert [(c.verdict, c.changed, c.labels_needed) for c in found.cells] == [
        (None, 30, 0), ("inconclusive", 30, 30), ("pass", 0, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("metric", ["f1", "ece", "nll", "f1(average=binary, positive=1)"])
def test_what_no_change_of_outputs_bounds_is_refused(table, metric):
    p = np.tile([0.9, 0.1], (400, 1))
    one = table(np.zeros(400, int), p0=p[:, 0], p1=p[:, 1]).drop(columns="target")
    with pytest.raises(InputError, match="needs all targets"):
        compare(one, one, metric=metric, margin=0.1)


def test_scores_of_probabilities(table):
    rng = np.random.default_rng(0)
    n = 4000
    p = rng.dirichlet(np.ones(3), n)
    q = np.clip(p + rng.normal(0, 0.004, (n, 3)), 1e-6, None)
    q /= q.sum(axis=1, keepdims=True)
    target = rng.integers(0, 3, n)
    sides = [
        table(target, **{f"p{i}": x[:, i] for i in range(3)}).drop(columns="target") for x in (p, q)
    ]
    asked = {"metric": ["brier", "nll(clip=10)"], "margin": ["brier=0.03", "nll=0.0001"]}
    found = compare(*sides, **asked)
    brier, nll = found.cells
    assert (brier.verdict, nll.verdict) == ("pass", "insufficient")
    assert 0.9 * n < brier.changed <= n
    assert any("judged at alpha 0.0125" in text for text in found.findings)
    whole = compare(sides[0].assign(target=target), sides[1], **asked)
    assert whole.cells[0].interval[1] < brier.interval[1]


def partly(counted, losses, gains, n, labelled):
    """Counted tables with the targets of the first few alone."""
    first, second = counted(losses, gains, n)
    target = np.where(np.arange(n) < labelled, "0", None)
    names = {"prediction": lambda one: one["prediction"].astype(str), "target": target}
    return first.assign(**names), second.assign(**names).drop(columns="target")


def test_labels_of_what_changed_say_as_much_as_all(counted):
    found = compare(*partly(counted, 8, 4, 1000, 12), margin=0.02)
    whole = compare(*counted(8, 4, 1000), margin=0.02)
    cell, other = only(found), only(whole)
    assert (cell.losses, cell.gains, cell.loss) == (8, 4, 0.004)
    assert (cell.interval, cell.verdict, cell.p_within) == (
        other.interval, other.verdict, other.p_within,
    )  # fmt: skip
    assert (cell.reference_value, cell.labels_needed, found.labels_needed) == (None, 0, ())
    assert any("12 of 1,000 samples have a target" in text for text in found.findings)


def test_with_labels_a_fail_is_possible(counted):
    assert compare(*partly(counted, 60, 0, 1000, 60), margin=0.02).verdict == "fail"
    assert compare(*partly(counted, 60, 0, 1000, 10), margin=0.02).verdict == "inconclusive"


def test_what_is_not_yet_labelled_counts_at_its_worst(counted):
    found = compare(*partly(counted, 8, 4, 1000, 4), margin=0.02)
    assert (only(found).labels_needed, only(found).loss) == (8, None)
    assert only(found).changed == 12
    worst = compare(*counted(12, 0, 1000), margin=0.02)
    assert only(found).interval[1] == only(worst).interval[1]


def test_clusters_are_judged_at_half_the_level(unlabelled):
    first, second = unlabelled(0, 4000, g=np.repeat(np.arange(400), 10))
    found = compare(first, second, margin=0.05, cluster="g")
    assert found.verdict == "pass"
    assert "0.5 of the level" in only(found).method
    assert not any("whatever the missing ones are" in text for text in found.findings)


def test_the_candidates_table_may_hold_the_targets(counted):
    first, second = counted(8, 4, 1000)
    there = compare(first.drop(columns="target"), second, margin=0.02)
    assert only(there).reference_value == pytest.approx(0.996)
    second.loc[500:, "target"] = np.nan
    second["target"] = second["target"].astype("Int64")
    both = compare(first, second, margin=0.02)
    assert only(both).interval == only(there).interval


def test_two_tables_that_contradict_each_other_are_refused(counted):
    first, second = counted(8, 4, 1000)
    second["target"] = second["target"].astype("Int64")
    second.loc[0, "target"] = 1
    second.loc[1, "target"] = pd.NA
    with pytest.raises(PairingError, match="disagree on the target of 1"):
        compare(first, second, margin=0.02)


def test_the_round_of_labelling(unlabelled, tmp_path):
    first, second = unlabelled(9, 1000)
    path = tmp_path / "needed.csv"
    assert compare(first, second, margin=0.01, labels_needed=path).verdict == "inconclusive"
    with path.open() as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [f"s{i}" for i in range(9)]
    assert {row["target"] for row in rows} == {""}
    with pytest.raises(DataError, match="no sample has a target yet"):
        compare(first, second, margin=0.01, labels=path)
    pd.DataFrame(rows).assign(target=[0, 1] * 4 + [1]).to_csv(path, index=False)
    found = compare(first, second, margin=0.01, labels=path)
    assert (only(found).losses, only(found).gains) == (4, 5)
    assert found.verdict == "pass"
    assert compare(first, second, margin=0.01, labels=pd.read_csv(path)) == found


def test_labels_of_other_samples_are_refused(unlabelled):
    first, second = unlabelled(9, 1000)
    with pytest.raises(PairingError, match="labels: 1 ids are not in the test set: 'zz'"):
        compare(
            first, second, margin=0.01, labels=pd.DataFrame({"id": ["s1", "zz"], "target": [0, 0]})
        )


def test_labels_written_otherwise_than_the_answers_show_nothing(unlabelled):
    first, second = unlabelled(9, 1000)
    labels = pd.DataFrame({"id": [f"s{i}" for i in range(9)], "target": ["zero"] * 9})
    found = compare(first, second, margin=0.01, labels=labels)
    assert found.verdict == "inconclusive"
    assert "are they written like the answers" in only(found).reason
    few = compare(*unlabelled(3, 1000), margin=0.01, labels=labels)
    assert few.verdict == "pass"  # no label was needed


def test_a_list_that_cannot_be_written_is_told(unlabelled, tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        compare(*unlabelled(9, 1000), margin=0.01, labels_needed=tmp_path)


def test_recorded_correctness_needs_no_targets(unlabelled):
    first, second = unlabelled(9, 1000)
    found = compare(first.assign(correct=1), second.assign(correct=1), margin=0.01)
    assert (found.verdict, only(found).changed) == ("pass", None)


def test_several_candidates_share_one_list(unlabelled):
    first, second = unlabelled(9, 1000)
    third = second.assign(prediction=np.where(np.arange(1000) < 990, 0, 1))
    found = compare(first, [second, third], margin=0.01)
    assert len(found.labels_needed) == 19
    alone = compare(first, [third, first.copy()], margin=0.01)
    assert len(alone.labels_needed) == 10


def test_the_most_telling_labels_come_first(table):
    p = np.tile([0.5, 0.5], (2000, 1))
    q = p.copy()
    q[:30] = [0.6, 0.4]
    q[20] = [1.0, 0.0]
    sides = [table(np.zeros(2000), p0=x[:, 0], p1=x[:, 1]).drop(columns="target") for x in (p, q)]
    found = compare(*sides, metric="brier", margin=0.011)
    assert found.verdict == "inconclusive"
    assert (found.labels_needed[0], len(found.labels_needed)) == ("s20", 30)


def test_strata_proven_fine_are_listed_where_asked_for(counted):
    reference, candidate = counted(0, 0, 1300)
    reference["part"] = np.repeat(["a", "b"], [380, 920])
    asked = {"margin": "top1:part=0.01", "strata": "part"}
    assert compare(reference, candidate, **asked).proven_fine is None
    found = compare(reference, candidate, **asked, proven_fine=True)
    assert [cell.verdict for cell in found.cells[1:]] == ["pass", "pass"]
    assert [one.stratum for one in found.proven_fine] == [{"part": "a"}, {"part": "b"}]


def test_strata_without_a_margin_that_seem_to_lose_are_suspects(counted):
    reference, candidate = counted(25, 0, 1000)
    reference["part"] = np.arange(1000) // 100
    found = compare(reference, candidate, strata="part")
    assert [one.stratum["part"] for one in found.suspects] == ["0"]
    assert found.suspects[0].p < 0.001
    assert found.verdict is None
    worst = found.cells[1]
    assert 0 < worst.shrunk < worst.loss
