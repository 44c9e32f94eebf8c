from __future__ import annotations

from dataclasses import replace

import pytest

from quantassay.records.cells import Cell
from quantassay.records.looks import Look
from quantassay.runs.history import (
    amendments,
    note_look,
    note_measured,
    note_results,
    note_rubric,
    note_timed,
    outcome,
    times_seen,
    times_timed,
)
from quantassay.runs.journal import Journal


def changes(old, new):
    return [(k, str(old[k]), str(new[k])) for k in old if old[k] != new[k]]


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "journal.jsonl", clock=lambda: "then")


def note(journal, margin, data="test"):
    note_rubric(journal, f"rubric {margin}", {"margin": margin}, data, changes)


def test_a_change_before_results_is_no_amendment(journal):
    note(journal, 0.01)
    note(journal, 0.02)
    assert amendments(journal) == []
    assert len(journal.find("rubric")) == 2


def test_a_change_after_results_is_one(journal):
    note(journal, 0.01)
    note_results(journal, "fail")
    note(journal, 0.05)
    assert amendments(journal) == [("then", "margin", "0.01", "0.05")]


def test_a_change_back_shows_both_ways(journal):
    note(journal, 0.01)
    note_results(journal, "fail")
    note(journal, 0.05)
    note(journal, 0.01)
    assert [entry[2:] for entry in amendments(journal)] == [("0.01", "0.05"), ("0.05", "0.01")]


def test_another_test_set_is_an_amendment(journal):
    note(journal, 0.01)
    note_results(journal, "fail")
    note(journal, 0.01, data="easier")
    assert amendments(journal) == [("then", "test set", "test", "easier")]


def test_the_same_again_is_a_resumption(journal):
    note(journal, 0.01)
    note_results(journal, "fail")
    note(journal, 0.01)
    assert [entry.event for entry in journal.entries] == ["rubric", "results", "resumed"]
    assert amendments(journal) == []


def test_looks_are_different_results(journal):
    note(journal, 0.01)
    assert [note_results(journal, text) for text in ("a", "a", "b", "a")] == [1, 1, 2, 2]


def test_a_change_after_answers_were_seen_is_an_amendment_too(journal):
    note(journal, 0.01)
    note_measured(journal, {"int8": "abc"})
    note(journal, 0.05)
    assert amendments(journal) == [("then", "margin", "0.01", "0.05")]
    assert journal.find("measured")[0].data == {"variants": {"int8": "abc"}}


def test_another_model_under_the_same_name_is_an_amendment(tmp_path):
    journal = Journal(tmp_path / "journal.jsonl")
    note_measured(journal, {"fp32": "a", "int8": "b"})
    note_measured(journal, {"fp32": "a", "int8": "c"})
    assert amendments(journal) == []
    note_results(journal, "{}")
    note_measured(journal, {"fp32": "a", "int8": "d"})
    assert [change[1:] for change in amendments(journal)] == [
        ("variants.int8 (what answered)", "c", "d")
    ]


def look(n, verdict, number=1):
    at = Look(number, 3, 1000, 0.001, verdict == "pass")
    return Cell(
        "int8", "fp32", "top1", {}, "gate", n, 1.0, 1.0, 0.0, 0.0, (0.0, 0.01), "exact", 0, 0, 0.02,
        0.001, 1.0, verdict, "", look=at,
    )  # fmt: skip


PAIR = ("sha256:a", "sha256:b")


def test_a_look_is_written_once(journal):
    for _ in range(2):
        note_look(journal, "int8", PAIR, 500, [look(500, "pass")])
    note_look(journal, "int8", PAIR, 500, [look(500, "inconclusive")])
    first, second = journal.find("look")
    assert first.data["cells"][0] == {
        "metric": "top1", "stratum": "overall", "look": 1, "n": 500, "level": 0.001,
        "interval": [0.0, 0.01], "p_within": 0.001, "p_beyond_adjusted": 1.0, "verdict": "pass",
    }  # fmt: skip
    assert second.data["cells"][0]["verdict"] == "inconclusive"


def test_a_cell_that_is_not_judged_is_not_in_it(journal):
    described = replace(look(500, "pass"), margin=None)
    note_look(journal, "int8", PAIR, 500, [described, replace(described, interval=None)])
    assert journal.find("look")[0].data["cells"] == []


def test_a_change_after_a_look_is_an_amendment(journal):
    note(journal, 0.01)
    note_look(journal, "int8", PAIR, 500, [look(500, "inconclusive")])
    note(journal, 0.05)
    assert len(amendments(journal)) == 1


def seen(journal, cell, pair=PAIR):
    found = outcome(journal, pair, [cell])
    times = times_seen(journal, "int8", found)
    note_results(journal, "text", {"int8": found})
    return times


def test_different_outcomes_of_one_pair_under_one_rubric_are_counted(journal):
    note(journal, 0.01)
    assert seen(journal, look(500, "pass")) == 1
    assert seen(journal, replace(look(500, "fail"), p_within=0.5)) == 1
    assert seen(journal, replace(look(500, "pass"), losses=3)) == 2
    assert seen(journal, look(500, "pass")) == 2
    assert seen(journal, look(500, "pass"), ("sha256:a", "sha256:c")) == 1
    note(journal, 0.05)
    assert seen(journal, replace(look(500, "pass"), losses=4)) == 1


def test_looks_at_runs_that_were_cut_off_are_outcomes_too(journal):
    note(journal, 0.01)
    for losses in (25, 22, 24):
        note_look(journal, "int8", PAIR, 500, [replace(look(500, "pass"), losses=losses)])
    note_look(journal, "int8", PAIR, 700, [look(700, "pass")])
    assert seen(journal, look(700, "pass")) == 3
    assert note_results(journal, "text", {"int8": outcome(journal, PAIR, [look(700, "pass")])}) == 3


def test_looks_at_other_pairs_candidates_or_rubrics_are_not(journal):
    note(journal, 0.01)
    note_look(journal, "int4", PAIR, 500, [look(500, "pass")])
    note_look(journal, "int8", ("sha256:a", "sha256:c"), 500, [look(500, "pass")])
    note(journal, 0.02)
    note_look(journal, "int8", PAIR, 500, [replace(look(500, "pass"), losses=9)])
    note(journal, 0.01)
    note_look(journal, "int8", PAIR, 500, [replace(look(500, "pass"), losses=8)])
    assert seen(journal, look(500, "pass")) == 1


def test_a_look_of_an_older_journal_has_no_outcome(journal):
    note(journal, 0.01)
    journal.append("look", candidate="int8", pair=list(PAIR), n=500, cells=[])
    assert seen(journal, look(500, "pass")) == 1


def test_another_file_at_a_later_look_is_an_amendment(journal):
    for digest in ("b", "c", "c"):
        answered = {"fp32": "a", "int8": digest}
        note_look(journal, "int8", PAIR, 500, [look(500, "inconclusive")], answered)
    note_measured(journal, {"fp32": "a", "int8": "c"})
    assert [change[1:] for change in amendments(journal)] == [
        ("variants.int8 (what answered)", "b", "c")
    ]


def test_every_timing_of_a_pair_counts(journal):
    pair, other = ("fp32", "int8"), ("fp32", "int4")
    assert times_timed(journal, pair, "first") == 1
    note_timed(journal, {"int8": pair}, "first")
    assert times_timed(journal, pair, "first") == 1
    note(journal, 0.02)  # a changed rubric is no fresh start
    note_timed(journal, {"renamed": pair, "int4": other}, "second")
    assert times_timed(journal, pair, "second") == 2
    assert times_timed(journal, pair, "first") == 1
    assert times_timed(journal, pair, "third") == 3
    assert times_timed(journal, other, "third") == 2


def test_a_change_after_a_timing_is_an_amendment(journal):
    note(journal, 0.02)
    note_timed(journal, {"int8": ("fp32", "int8")}, "first")
    note(journal, 0.05)
    assert [key for _, key, *_ in amendments(journal)] == ["margin"]


def test_a_throughput_is_no_look_at_accuracy(journal):
    looks = [note_results(journal, "accuracy", {}, f"with speed {i}") for i in range(3)]
    assert looks == [1, 1, 1]
    assert len({entry.data["file"] for entry in journal.find("results")}) == 3
    assert note_results(journal, "other accuracy", {}, "with speed") == 2
