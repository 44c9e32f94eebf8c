"""Choosing among candidates: who is run, how far, who is chosen, what is written."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

import quantassay as qa
from quantassay.errors import RubricError, RunFolderError
from quantassay.records.plain import plain
from quantassay.records.speed import Speed
from quantassay.reports.console import render
from quantassay.reports.selection import document
from quantassay.timing.contract import Trial
from quantassay.workflows import select as workflow
from quantassay.workflows.steps.timing.figures import METHOD, figures
from quantassay.workflows.steps.timing.timed import Timed

N = 2000
CODE = """
import numpy as np


def answers(x, wrong):
    lost = x * 7919 % 2000 < wrong
    return np.where(lost, 1 - x % 2, x % 2)


def full(x):
    return answers(x, 0)


def good(x):
    return answers(x, 20)


def edge(x):
    return answers(x, 100)


def poor(x):
    return answers(x, 300)
"""
RUBRIC = """
rubric: pick/1
task:
  name: parity
  data: {{path: test.csv, id: id, input: x, target: y}}
  outputs: {{kind: labels}}
  composition: made up
  clusters: independent
metrics:
  - {{name: top1, margin: 0.05}}
reference: full
variants:
  full: {{engine: "python:parity_of_mine:full", precision: fp32}}
{variants}
{more}
"""
LOOKS = "stopping: {looks: [500, 1000, 1500]}"
MADE = "{{engine: 'python:parity_of_mine:{}', precision: int8}}"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))
    (tmp_path / "parity_of_mine.py").write_text(CODE)
    rows = [f"s{i},{i},{i % 2}" for i in range(N)]
    (tmp_path / "test.csv").write_text("\n".join(["id,x,y", *rows]) + "\n")


@pytest.fixture
def clock(monkeypatch):
    """Let every variant be as many times faster than the reference as said."""

    def ratios(**found):
        wobble = np.exp(np.random.default_rng(1).normal(0, 0.01, (len(found) + 1, 12)))
        trials = {
            name: [Trial(np.full(4, s / 4), s, 64, None, b) for b, s in enumerate(row / ratio)]
            for (name, ratio), row in zip({"full": 1.0, **found}.items(), wobble, strict=True)
        }

        def timed(exam, variants, answered, progress):
            speeds = [speed(exam, name, trials) for name in trials]
            return Timed(tuple(speeds), trials)

        monkeypatch.setattr(workflow, "time_variants", timed)

    return ratios


def speed(exam, name, trials):
    confidence = exam.rubric.confidence
    own = figures(trials, name, "full", confidence)
    return Speed(
        name, "offline", **own, batch=64, confidence=confidence, method=METHOD, load_seconds=None,
        artifact_bytes=None, peak_memory=None, memory_note="",
    )  # fmt: skip


def write(variants, more=LOOKS, name="assay.yaml"):
    lines = [f"  {one}: {MADE.format(function)}" for one, function in variants.items()]
    Path(name).write_text(RUBRIC.format(variants="\n".join(lines), more=more))
    return name


def by_name(found):
    return {one.candidate: one for one in found.attempts}


def shown(found):
    console = Console(file=StringIO(), width=80)
    render(document(found), console)
    return " ".join(console.file.getvalue().split())


def test_the_fastest_that_passes_is_chosen_and_slower_ones_are_not_run(clock):
    clock(a=3.0, b=2.0, c=1.5)
    found = qa.select(write({"a": "poor", "b": "good", "c": "good"}), "out")
    assert (found.chosen, found.verdict, found.candidates) == ("b", "pass", 3)
    assert [one.candidate for one in found.attempts] == ["a", "b", "c"]
    assert [one.verdict for one in found.attempts] == ["fail", "pass", None]
    assert found.level == pytest.approx(0.025 / 3)
    assert found.comparison.confidence == pytest.approx(1 - 0.05 / 3)
    # a hopeless one costs one look, and the reference is run no further than is needed
    attempts = by_name(found)
    assert attempts["a"].stop.look == 1
    assert attempts["a"].samples == 500 < attempts["b"].samples
    assert found.samples_run == 500 + 2 * attempts["b"].samples
    assert found.samples_full == 4 * N
    assert set(found.engines) == {"full", "a", "b"}


def test_a_throughput_stands_beside_its_accuracy_alone(clock):
    clock(a=3.0, b=2.0)
    found = qa.select(write({"a": "good", "b": "good"}), "out")
    attempts = by_name(found)
    assert attempts["a"].speed.ratio == pytest.approx(3.0, rel=0.02)
    assert attempts["b"].speed is None
    assert "2.0" not in json.dumps(plain(attempts["b"]))
    low, high = attempts["a"].speed.ratio_interval
    assert attempts["a"].speed.confidence == pytest.approx(0.975)
    assert low < 3.0 < high


def test_alpha_is_shared_with_those_that_are_never_tried(clock):
    """A loss of 4 % passes at .025, not at a tenth of it."""
    clock(**{f"c{i}": 3.0 - 0.1 * i for i in range(10)})
    Path("parity_of_mine.py").write_text(CODE.replace("answers(x, 20)", "answers(x, 80)"))
    more = "timing: {blocks: 12}"
    alone = qa.select(write({"c0": "good"}, more, "one.yaml"), "one")
    assert (alone.chosen, alone.level) == ("c0", 0.025)
    many = {"c0": "good", **{f"c{i}": "edge" for i in range(1, 10)}}
    among = qa.select(write(many, more), "ten")
    assert among.chosen is None
    assert by_name(among)["c0"].verdict == "inconclusive"


def test_a_candidate_at_its_margin_goes_on_until_it_is_hopeless(clock):
    clock(a=3.0)
    found = qa.select(write({"a": "edge"}), "out")
    (one,) = found.attempts
    assert one.verdict == "inconclusive"
    assert one.reason == "given up: top1 @ overall hardly could pass any more"
    assert 500 < one.samples < N
    assert found.chosen is None
    assert found.verdict == "inconclusive"


def test_without_looks_the_whole_test_set_is_one_look(clock):
    clock(a=3.0, b=2.0)
    found = qa.select(write({"a": "poor", "b": "good"}, ""), "out")
    assert found.chosen == "b"
    assert [one.samples for one in found.attempts] == [N, N]
    assert all(one.stop is None for one in found.attempts)


def test_a_sequence_returns_the_last_pass_before_the_first_that_does_not(clock):
    clock(a=1.1, b=1.5, c=2.0, d=3.0)
    order = "selection: {procedure: fixed-sequence, order: [a, b, c, d]}"
    names = {"d": "good", "c": "edge", "b": "good", "a": "good"}
    found = qa.select(write(names, f"{LOOKS}\n{order}"), "out")
    assert (found.chosen, found.level) == ("b", 0.025)
    assert [one.candidate for one in found.attempts] == ["a", "b", "c", "d"]
    assert [one.verdict for one in found.attempts] == ["pass", "pass", "inconclusive", None]
    assert by_name(found)["d"].reason == "not tried: one before it did not pass"
    assert "fixed sequence" in found.guarantee


def test_none_is_chosen_where_all_fail(clock):
    clock(a=3.0, b=2.0)
    found = qa.select(write({"a": "poor", "b": "poor"}), "out")
    assert (found.chosen, found.verdict, found.reason) == (None, "fail", "every candidate failed")


def test_what_is_too_slow_is_not_run(clock):
    clock(a=1.6, b=1.2)
    more = f"{LOOKS}\ntiming: {{speedup: 1.5, blocks: 12}}"
    found = qa.select(write({"a": "poor", "b": "good"}, more), "out")
    assert found.chosen is None
    slow = by_name(found)["b"]
    assert (slow.verdict, slow.samples, slow.speed) == ("fail", 0, None)
    assert slow.reason.startswith("speed-up: the ratio is below the declared 1.5")
    assert "or no faster than the declared 1.5×" in found.guarantee


def test_no_throughput_of_what_was_not_run_is_told(clock):
    clock(a=1.499, b=1.501)
    more = f"{LOOKS}\ntiming: {{speedup: 1.5, blocks: 12}}"
    found = qa.select(write({"a": "good", "b": "good"}, more), "out")
    for one in found.attempts:
        assert (one.verdict, one.samples, one.speed) == ("inconclusive", 0, None)
        assert one.reason.startswith("speed-up: not shown to be above the declared 1.5")
        assert "interval" not in one.reason


def test_the_folder_of_a_run_is_refused_and_left_as_it_is(clock):
    clock(a=3.0)
    more = "selection: {procedure: fixed-sequence, order: [a]}\ntiming: null"
    path = write({"a": "good"}, more)
    qa.run(path, "out")
    with pytest.raises(RunFolderError, match="out: holds a run"):
        qa.select(path, "out")
    assert qa.verify("out").agrees


def test_a_declared_speedup_is_part_of_the_pass(clock):
    clock(a=1.6, b=1.55)
    more = f"{LOOKS}\ntiming: {{speedup: 1.5, blocks: 12}}"
    found = qa.select(write({"a": "poor", "b": "good"}, more), "out")
    assert found.chosen == "b"
    assert by_name(found)["b"].speed.verdict.verdict == "pass"


def test_margins_out_of_reach_run_nothing(clock):
    clock(a=3.0, b=2.0)
    path = write({"a": "good", "b": "good"})
    text = Path(path).read_text().replace("margin: 0.05", "margin: 0.001")
    Path(path).write_text(text)
    found = qa.select(path, "out")
    assert (found.chosen, found.verdict, found.comparison) == (None, "insufficient", None)
    assert found.samples_run == 0
    assert "top1 @ overall" in found.attempts[0].reason
    assert "None was chosen" in shown(found)


def test_candidates_that_do_not_gate_take_no_part(clock):
    clock(a=3.0)
    path = write({"a": "good", "b": "good"})
    text = (
        Path(path)
        .read_text()
        .replace(
            "b: {engine: 'python:parity_of_mine:good'", "b: {gate: false, engine: 'python:no:such'"
        )
    )
    Path(path).write_text(text)
    found = qa.select(path, "out")
    assert (found.chosen, found.candidates, found.level) == ("a", 1, 0.025)


def recorded(name, wrong):
    rows = [f"s{i},{1 - i % 2 if i * 7919 % N < wrong else i % 2}" for i in range(N)]
    Path(f"{name}.csv").write_text("\n".join(["id,prediction", *rows]) + "\n")
    return f"  {name}: {{predictions: {name}.csv, precision: int8, calibration: undisclosed}}"


def test_recorded_candidates_have_no_place_by_throughput(clock):
    clock(a=3.0)
    path = write({"a": "poor"})
    line = recorded("theirs", 0)
    text = Path(path).read_text().replace("  a: ", f"{line}\n  a: ")
    Path(path).write_text(text)
    found = qa.select(path, "out")
    assert (found.chosen, found.candidates) == (None, 2)
    assert by_name(found)["theirs"].left_out
    assert found.verdict == "inconclusive"
    assert "theirs left out: its answers are recorded" in shown(found)


def sequence(order, *lines, more=""):
    names = ", ".join(order)
    rest = f"timing: null\nselection: {{procedure: fixed-sequence, order: [{names}]}}\n{more}"
    path = write({}, rest)
    text = Path(path).read_text()
    full = recorded("full", 0)
    start = text.index("  full:")
    text = text[:start] + "\n".join([full, *lines]) + text[text.index("\n\n", start) :]
    Path(path).write_text(text)
    return path


def test_recorded_candidates_can_stand_in_a_sequence():
    path = sequence("ab", recorded("a", 10), recorded("b", 300))
    found = qa.select(path, "out")
    assert (found.chosen, [one.verdict for one in found.attempts]) == ("a", ["pass", "fail"])
    assert found.samples_full == 0
    assert "a: throughput not measured, passes its gate cell at alpha .025" in shown(found)


def test_selecting_again_is_no_look_of_its_own():
    path = sequence("a", recorded("a", 10), more=LOOKS)
    first, second = qa.select(path, "out"), qa.select(path, "out")
    assert (first.chosen, first.looks) == ("a", 1)
    assert (second.chosen, second.looks) == ("a", 1)
    assert second.attempts == first.attempts


def test_other_answers_under_one_rubric_are_looks_that_no_one_declared():
    """A candidate made again until it passes would pass in the end."""
    path = sequence("a", recorded("a", 130))
    assert qa.select(path, "out").chosen is None
    recorded("a", 75)
    again = qa.select(path, "out")
    assert again.looks == 2
    assert (again.chosen, again.verdict) == (None, "inconclusive")
    assert "different results were computed 2 times" in shown(again)
    assert qa.select(path, "fresh").chosen == "a"


def test_a_procedure_changed_after_results_is_an_amendment(clock):
    clock(a=3.0, b=2.0)
    names = {"a": "good", "b": "good"}
    qa.select(write(names), "out")
    more = f"{LOOKS}\nselection: {{procedure: fixed-sequence, order: [b, a]}}"
    found = qa.select(write(names, more), "out")
    assert "selection.procedure" in {one.key for one in found.amendments}
    assert "changed after results were seen in this folder" in shown(found)


def test_what_is_written(clock):
    clock(a=3.0, b=2.0)
    found = qa.select(write({"a": "good", "b": "good"}))
    assert found.folder == "runs/pick-1-select"
    written = json.loads(Path(f"{found.folder}/selection.json").read_text())
    assert written == {"schema": "quantassay/selection/1", **plain(found)}
    journal = Path(f"{found.folder}/journal.jsonl").read_text().splitlines()
    events = [json.loads(line)["event"] for line in journal]
    assert events[0] == "rubric"
    assert events.index("timed") < events.index("look") < events.index("results")
    assert events[-1] == "finished"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("timing: {}", "timing: null", "timing: null, and fastest-first needs throughputs"),
        (", precision: int8}", ", precision: int8, gate: false}", "none can be chosen"),
        (", margin: 0.05", "", "metrics: no margin gates, so that none can pass"),
        ("margin: 0.05", "margin: {value: 0.05, gate: false}", "no margin gates"),
    ],
)
def test_what_nothing_can_be_chosen_by_is_refused_before_anything_runs(old, new, said):
    path = write({"a": "good"}, "timing: {}")
    text = Path(path).read_text()
    assert old in text
    Path(path).write_text(text.replace(old, new))
    with pytest.raises(RubricError, match=r"assay.yaml:\d+: ") as caught:
        qa.select(path, "out")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_recorded_reference_leaves_nothing_to_time():
    path = sequence("a", recorded("a", 10))
    text = Path(path).read_text()
    Path(path).write_text(text[: text.index("timing: null")])
    with pytest.raises(RubricError, match="the reference's answers are recorded, and fastest"):
        qa.select(path, "out")
