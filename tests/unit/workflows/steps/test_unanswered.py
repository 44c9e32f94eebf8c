from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from quantassay.errors import InputError, PairingError
from quantassay.workflows.compare import compare

N = 2000
IDS = [f"s{i}" for i in range(N)]
NAMES = np.array(["cat", "dog", "cow"])


def table(answers, **more):
    return pd.DataFrame({"id": IDS, "prediction": answers, **more})


@pytest.fixture(scope="module")
def sides():
    """Gold answers, and two sides: the second loses the first 161 samples."""
    gold = NAMES[np.arange(N) % 3]
    worse = np.where(np.arange(N) < 161, NAMES[(np.arange(N) + 1) % 3], gold)
    return gold, table(gold), table(worse)


def misspelt(gold, count):
    return np.where(np.arange(N) < count, np.char.capitalize(gold), gold)


def some_labels(target, count):
    return pd.DataFrame({"id": IDS[:count], "target": target[:count]})


def found(comparison, text):
    return [one for one in comparison.findings if text in one]


def test_misspelt_labels_turn_no_fail_into_a_pass(sides):
    gold, first, second = sides
    asked = {"margin": 0.03}
    assert compare(first, second, labels=some_labels(gold, 161), **asked).verdict == "fail"
    judged = compare(first, second, labels=some_labels(misspelt(gold, 130), 161), **asked)
    assert judged.verdict == "inconclusive"
    assert (judged.cells[0].labels_needed, len(judged.labels_needed)) == (130, 130)
    (text,) = found(judged, "equal no answer of either side and count as missing")
    assert text.startswith("130 of 161 targets ('Cat' for 'cat', 'Cow' for 'cow', 'Dog' for 'dog')")


def test_misspelt_labels_of_all_samples_count_as_missing_too(sides):
    gold, first, second = sides
    labels = some_labels(misspelt(gold, 130), N)
    judged = compare(first, second, margin=0.03, labels=labels)
    assert judged.verdict == "inconclusive"
    assert judged.cells[0].labels_needed == 130
    assert found(judged, "130 of 2,000 targets")
    assert found(judged, "all 2,000 samples have a target")


def test_labels_of_all_samples_that_are_answers_are_targets(sides):
    gold, first, second = sides
    judged = compare(first, second, margin=0.03, labels=some_labels(gold, N))
    assert judged.verdict == "fail"
    assert judged.cells[0].reference_value == 1


def test_targets_in_the_tables_are_labels_too(sides):
    gold, first, second = sides
    target = np.where(np.arange(N) < 161, misspelt(gold, 130), None)
    judged = compare(first.assign(target=target), second, margin=0.03)
    assert judged.verdict == "inconclusive"
    assert found(judged, "130 of 161 targets")


def test_a_class_that_nobody_answers_counts_only_when_trusted(sides):
    gold, first, second = sides
    labels = some_labels(np.where(np.arange(N) < 161, "emu", gold), 161)
    judged = compare(first, second, margin=0.03, labels=labels)
    assert judged.verdict == "inconclusive"
    assert "none of the 161 targets equals an answer" in judged.cells[0].reason
    assert found(judged, "('emu') equal no answer")
    labels.loc[0, "target"] = "cat"
    trusted = compare(first, second, margin=0.03, labels=labels, trust_labels=True)
    assert (trusted.verdict, trusted.cells[0].losses) == ("pass", 1)
    assert not found(trusted, "equal no answer")


def test_the_name_of_a_class_is_an_answer():
    p = np.tile([0.6, 0.3, 0.1], (N, 1))
    q = np.where((np.arange(N) < 100)[:, None], p[:, [1, 0, 2]], p)
    sides = [
        pd.DataFrame({"id": IDS, **{f"p_{name}": x[:, i] for i, name in enumerate(NAMES)}})
        for x in (p, q)
    ]
    labels = some_labels(np.where(np.arange(N) < 50, "cow", "dog"), 100)
    judged = compare(*sides, margin=0.05, labels=labels)
    assert (judged.cells[0].losses, judged.cells[0].gains) == (0, 50)
    assert judged.cells[0].labels_needed == 0


def test_numbered_classes_are_answers():
    scores = np.tile([0.6, 0.3, 0.1], (N, 1))
    sides = [
        pd.DataFrame({"id": IDS, "probs": list(x)})
        for x in (scores, np.where((np.arange(N) < 100)[:, None], scores[:, ::-1], scores))
    ]
    judged = compare(*sides, margin=0.05, labels=some_labels(np.full(N, 1), 100))
    assert (judged.cells[0].losses, judged.cells[0].labels_needed) == (None, 100)
    judged = compare(*sides, margin=0.05, labels=some_labels(np.arange(N) % 3, 100))
    assert (judged.cells[0].gains, judged.cells[0].labels_needed) == (33, 0)


def test_a_metric_that_ignores_case_takes_such_labels(sides):
    gold, first, second = sides
    labels = some_labels(np.char.upper(gold), 161)
    asked = {"margin": 0.03, "labels": labels}
    assert compare(first, second, metric="exact_match", **asked).verdict == "inconclusive"
    judged = compare(first, second, metric="exact_match(lower=true)", **asked)
    assert judged.verdict == "fail"
    assert not found(judged, "equal no answer")


def test_each_candidate_is_judged_by_its_own_answers(sides):
    gold, first, second = sides
    shouting = table(np.char.capitalize(gold))
    labels = some_labels(misspelt(gold, 161), 161)
    judged = compare(first, [second, shouting], margin=0.03, labels=labels)
    own = {cell.candidate: cell for cell in judged.cells}
    assert own["candidate-1"].labels_needed == 161
    assert own["candidate-2"].labels_needed == N - 161


def test_failed_answers_are_no_answers(sides):
    gold, first, second = sides
    labels = some_labels(gold, 161)
    labels.loc[:2, "target"] = ""
    blank = second.assign(prediction=np.where(np.arange(N) == 500, None, second["prediction"]))
    judged = compare(first, blank, margin=0.03, labels=labels)
    assert found(judged, "3 of 161 targets ('') equal no answer")


def test_a_metric_that_needs_all_targets_refuses_misspelt_ones(sides):
    gold, first, second = sides
    labels = some_labels(misspelt(gold, 130), N)
    with pytest.raises(InputError, match="f1-macro needs all targets: 130 of 2,000 targets"):
        compare(first, second, metric=["top1", "f1"], labels=labels)
    assert compare(first, second, metric="f1", labels=labels, trust_labels=True).cells
    with pytest.raises(InputError, match="a strict bound needs all targets: 130"):
        compare(first, second, labels=labels, strict=True)


def test_recorded_correctness_needs_no_spelling(sides):
    gold, first, second = sides
    right = [one.assign(correct=one["prediction"] == gold) for one in (first, second)]
    judged = compare(*right, margin=0.03, labels=some_labels(misspelt(gold, 130), N))
    assert judged.verdict == "fail"
    assert not found(judged, "equal")


def test_answers_on_one_side_alone_are_refused(sides):
    gold, first, _ = sides
    second = pd.DataFrame({"id": IDS, "correct": 1})
    with pytest.raises(PairingError, match="only answers on the other"):
        compare(first, second, labels=some_labels(gold, N))


def test_targets_of_all_samples_that_differ_by_case_are_refused_unless_trusted(sides):
    gold, first, second = sides
    told = "equal an answer but for case and spaces"
    odd = first.assign(target=misspelt(gold, 130))
    with pytest.raises(InputError, match=r"130 of 2,000 targets \('Cat' for 'cat', .*trust-labels"):
        compare(odd, second, margin=0.03)
    (text,) = found(compare(odd, second, margin=0.03, trust_labels=True), told)
    assert text.startswith("130 of 2,000 targets ('Cat' for 'cat', ")
    assert not found(compare(first.assign(target=misspelt(gold, 2)), second), told)
    assert not found(compare(first.assign(target=gold), second), told)
    other = np.where(np.arange(N) < 130, "emu", gold)
    assert not found(compare(first.assign(target=other), second), told)
    spelt = first.assign(target=misspelt(gold, 130))
    assert not found(compare(spelt, second, metric="exact_match(lower=true)"), told)


def test_many_spellings_are_cut_short(sides):
    gold, first, second = sides
    target = np.where(np.arange(N) < 5, np.char.add("emu", np.arange(N).astype(str)), gold)
    judged = compare(first, second, margin=0.03, labels=some_labels(target, 161))
    assert found(judged, "5 of 161 targets ('emu0', 'emu1', 'emu2' and 2 more)")
