from __future__ import annotations

import shutil

import pytest

from quantassay.errors import InputError
from quantassay.workflows.export import export
from quantassay.workflows.run import run
from quantassay.workflows.verify import verify

from .conftest import Folder

TIMING = {"blocks": 10, "warmup": "10ms", "duration": "100ms"}
#: out of any reach, one way or the other
REACHED, MISSED = {**TIMING, "speedup": 0.001}, {**TIMING, "speedup": 1000.0}


@pytest.fixture(scope="module")
def sped(tmp_path_factory, cache, make_assay):
    """Runs with a declared speed-up, in ``reached`` and ``missed``, never to be changed."""
    folder = tmp_path_factory.mktemp("sped")
    for name, timing in (("reached", REACHED), ("missed", MISSED)):
        run(make_assay(folder, {"timing": timing}), folder / name)
    return folder


@pytest.fixture
def copied(sped, tmp_path):
    def copy(name):
        shutil.copytree(sped / name, tmp_path / name)
        return Folder(tmp_path / name)

    return copy


@pytest.mark.parametrize(("name", "verdict"), [("reached", "pass"), ("missed", "fail")])
def test_a_speed_up_is_part_of_the_verdict_and_computes_again(copied, differing, name, verdict):
    folder = copied(name)
    low = folder.claim["candidates"]["low"]
    assert low["decision"]["verdict"] == low["throughput"]["verdict"]["verdict"] == verdict
    assert folder.claim["verdict"] == verdict
    assert "speed-up" in low["decision"]["deciding"]
    assert differing(folder.verify()) == {}


def test_accuracy_was_looked_at_once_however_often_it_is_timed(
    tmp_path, cache, make_assay, differing
):
    rubric = make_assay(tmp_path, {"timing": REACHED})
    first, second = (run(rubric, tmp_path / "out") for _ in range(2))
    assert (first.looks, second.looks) == (1, 1)
    assert first.speeds != second.speeds
    assert differing(verify(tmp_path / "out")) == {}
    journal = Folder(tmp_path / "out").journal()
    assert len([entry for entry in journal if entry["event"] == "timed"]) == 2


def passing(claim):
    low = claim["candidates"]["low"]
    low["decision"]["verdict"] = claim["verdict"] = "pass"
    low["decision"]["deciding"].remove("speed-up")


def passing_speed(claim):
    claim["candidates"]["low"]["throughput"]["verdict"]["verdict"] = "pass"


def no_speed_verdict(claim):
    claim["candidates"]["low"]["throughput"]["verdict"] = None


def another_fastest(claim):
    claim["frontiers"][0]["fastest"] = claim["frontiers"][0]["whole"]["fastest"] = "low"


def smaller_loss(claim):
    claim["frontiers"][0]["whole"]["points"][1]["loss_interval"] = [0.0, 0.001]


def no_frontier(claim):
    claim["frontiers"] = []


@pytest.mark.parametrize(
    ("tamper", "what"),
    [
        (passing, "verdict of low"),
        (passing_speed, "verdicts on the speed-up: low.verdict"),
        (no_speed_verdict, "verdicts on the speed-up: low"),
        (another_fastest, "frontier: top1.fastest"),
        (smaller_loss, "frontier: top1.whole"),
        (no_frontier, "frontier: top1"),
    ],
)
def test_what_is_changed_in_a_claim_is_told(copied, differing, tamper, what):
    folder = copied("missed")
    folder.edit(tamper)
    assert any(name.startswith(what) for name in differing(folder.verify()))


def test_a_verdict_that_its_speed_contradicts_is_told_without_the_run(copied, differing, tmp_path):
    folder = copied("missed")
    folder.edit(passing)
    shutil.move(folder.claim_path, tmp_path / "alone.json")
    found = differing(verify(tmp_path / "alone.json"))
    assert any(name.startswith("verdicts of candidates: low") for name in found)


def test_other_trials_than_were_noted_are_told(copied, differing):
    folder = copied("reached")

    def faster(columns):
        columns["span"] = [
            span / 2 if name == "low" else span
            for name, span in zip(columns["variant"], columns["span"], strict=True)
        ]

    folder.edit_rows("timings.parquet", faster)
    assert "timing as noted" in differing(folder.verify())


def passing_without(claim):
    passing(claim)
    no_speed_verdict(claim)


@pytest.mark.parametrize("tamper", [passing, passing_without])
def test_a_pass_that_its_speed_contradicts_is_not_exported(copied, tamper):
    folder = copied("missed")
    folder.edit(tamper)
    with pytest.raises(InputError, match="its speed-up makes it"):
        export(folder.claim_path, "junit")
