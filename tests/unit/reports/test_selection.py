"""A selection on the console."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from quantassay.records.cells import CandidateVerdict, Cell, Comparison, MetricFacts
from quantassay.records.result import Amendment
from quantassay.records.selection import Attempt, Selection
from quantassay.records.speed import Speed
from quantassay.reports.console import render
from quantassay.reports.selection import document

FACTS = MetricFacts("top1", "share of right answers", "", True, "paired binary", "fraction")


def speed(name, ratio, interval):
    return Speed(
        name, "offline", 100.0, None, (), ratio, interval, 12, 48, 64, 0.975, "t", None, None, None,
        "",
    )  # fmt: skip


def cell(name):
    return Cell(
        candidate=name, reference="fp32", metric="top1", stratum={}, role="gate", n=800,
        reference_value=0.9, candidate_value=0.89, delta=-0.01, loss=0.01, interval=(0.0, 0.019),
        method="exact", losses=9, gains=1, margin=0.02, p_within=0.01, p_beyond_adjusted=1.0,
        verdict="pass", reason="",
    )  # fmt: skip


@pytest.fixture
def selection():
    passes = CandidateVerdict("pass", "the gate cell passes")
    return Selection(
        rubric="pick/1", rubric_digest="abc", rubric_locked="then", task="digits", made="now",
        quantassay="0", procedure="fastest-first", alpha=0.025, level=0.0125, candidates=2,
        reference="fp32", chosen="int8", verdict="pass", reason="the gate cell passes",
        guarantee="the guarantee", after_choice="chosen by it",
        attempts=(
            Attempt("int8", "pass", passes.reason, 800, None, 12, speed("int8", 2.41, (2.3, 2.5))),
            Attempt("fp16", None, "not tried: a faster one passed"),
        ),
        comparison=Comparison("fp32", 0.975, "pass", {"int8": passes}, (cell("int8"),),
                              metrics=(FACTS,)),
        samples_run=1600, samples_full=2400, test_set=800, conditions=None, machine=None,
        engines={},
    )  # fmt: skip


def shown(found, width=100):
    console = Console(file=StringIO(), width=width)
    render(document(found), console)
    return console.file.getvalue()


def test_the_choice_stands_first_with_its_speed_and_its_level(selection):
    first = shown(selection).splitlines()[0]
    assert first == "✓ PASS  int8: 2.41× [2.30, 2.50], passes all 12 gate cells at alpha .025/2."


def test_speed_and_loss_stand_in_one_row_and_untried_ones_have_neither(selection):
    lines = [line.split() for line in shown(selection).splitlines()]
    tried, untried = (
        next(line for line in lines if line[:2] == start)
        for start in (["int8", "PASS"], ["fp16", "NOT"])
    )
    assert tried[2:] == ["2.41×", "[2.30,", "2.50]", "1.00", "pp", "[0.00,", "1.90]", "800"]
    assert untried[2:] == ["TRIED", "–", "–", "–"]
    assert "A throughput is shown only beside an accuracy." in shown(selection)


def test_what_it_rests_on(selection):
    text = " ".join(shown(selection).split())
    assert "- the guarantee." in text
    assert "- int8: chosen by it." in text
    assert "1,600 samples run, of 2,400 that every candidate and the reference" in text
    assert "take, 67 %" in text
    assert "alpha .0125 per side" in text


def test_a_choice_that_is_not_faster_than_the_reference_is_told(selection):
    slow = replace(selection.attempts[0], speed=speed("int8", 1.02, (0.98, 1.06)))
    found = replace(selection, attempts=(slow, selection.attempts[1]))
    assert "! int8 is not shown to be faster than the reference fp32" in shown(found)
    assert "not shown to be faster" not in shown(selection)


def test_an_earlier_pass_of_a_sequence_that_was_timed_faster_is_told(selection):
    other = replace(selection.attempts[0], candidate="int4", speed=speed("int4", 3.0, (2.9, 3.1)))
    found = replace(selection, procedure="fixed-sequence", attempts=(other, selection.attempts[0]))
    text = " ".join(shown(found).split())
    assert (
        "! timed faster, and passed too, earlier in the sequence: int4 (3.00× [2.90, 3.10]);"
        in text
    )


def test_what_changed_after_results_were_seen_is_told_first(selection):
    change = Amendment("then", "selection.order", "[]", "[1]")
    text = " ".join(shown(replace(selection, amendments=(change,), looks=3)).split())
    assert "! changed after results were seen in this folder: selection.order;" in text
    assert "! different results were computed 3 times under this rubric" in text


def test_none_chosen_and_none_run(selection):
    bare = replace(
        selection, chosen=None, verdict="insufficient", reason="none passed", comparison=None,
        attempts=(Attempt("int8", "insufficient", "too few samples"),), samples_run=0,
    )  # fmt: skip
    text = shown(bare)
    assert text.startswith("○ INSUFFICIENT  None was chosen: none passed.")
    assert "Loss of" not in text
    assert "too few samples" in text


@pytest.mark.parametrize("width", [80, 120])
def test_nothing_is_wider_than_the_terminal(selection, width):
    assert max(map(len, shown(selection, width).splitlines())) <= width


def test_names_cannot_pose_as_others(selection):
    found = replace(selection, chosen="int\x1b8", attempts=(
        replace(selection.attempts[0], candidate="int\x1b8"),))  # fmt: skip
    assert "\x1b8" not in shown(found)
