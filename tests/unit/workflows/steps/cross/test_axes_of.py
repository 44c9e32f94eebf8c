"""Axes from run folders: what they hold, and folders that are refused."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from tests.models.linear import linear

from quantassay import stats
from quantassay.errors import DataError, RunFolderError
from quantassay.records.cells import comparison_from_plain
from quantassay.records.cross import At
from quantassay.runs.journal import Journal
from quantassay.workflows.run import run
from quantassay.workflows.steps.cross import contrasts
from quantassay.workflows.steps.cross.contrasts import axes_of
from quantassay.workflows.steps.cross.finished import LOOKS, finished

N, CLASSES = 400, 4
AT = At("argmax", "plain", "int8")
OTHER = At("argmax", "outliers", "int8")


def assay(folder: Path, noise: float, **changes: object) -> Path:
    """Write a test set, two models that differ by noise, and a rubric; run it."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(3)
    target = rng.integers(0, CLASSES, N)
    values = (rng.normal(0, 0.3, (N, CLASSES)) + np.eye(CLASSES)[target]).astype(np.float32)
    flat = pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), CLASSES)
    part = np.where(np.arange(N) < N // 4, "a", "b")
    table = {"id": [f"s{i:04d}" for i in range(N)], "x": flat, "target": target, "part": part}
    pq.write_table(pa.table(table), folder / "test.parquet")
    linear(folder / "fp32.onnx", np.eye(CLASSES))
    linear(folder / "low.onnx", np.eye(CLASSES) + rng.normal(0, noise, (CLASSES, CLASSES)))
    rubric = {
        "rubric": "small/1",
        "task": {
            "name": "argmax",
            "data": {"path": "test.parquet", "id": "id", "input": "x", "target": "target"},
            "outputs": {"kind": "logits"},
            "composition": "in-domain",
            "clusters": "independent",
        },
        "strata": ["part"],
        "metrics": [{"name": "top1", "margin": 0.05}, {"name": "brier"}, {"name": "ece"}],
        "reference": "fp32",
        "variants": {"fp32": {"model": "fp32.onnx"}, "low": {"model": "low.onnx"}},
        "timing": None,
        **changes,
    }
    path = folder / "assay.yaml"
    path.write_text(yaml.safe_dump(rubric, sort_keys=False), "utf-8")
    run(path, folder / "run")
    return folder / "run"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[At, Path]:
    """A model that loses next to nothing, and one that loses a lot."""
    folder = tmp_path_factory.mktemp("runs")
    patch = pytest.MonkeyPatch()
    patch.setenv("QUANTASSAY_CACHE", str(folder / "cache"))
    found = {AT: assay(folder / "plain", 0.02), OTHER: assay(folder / "outliers", 0.9)}
    patch.undo()
    return found


@pytest.fixture
def copied(runs: dict[At, Path], tmp_path: Path) -> Path:
    """A run folder that may be spoiled."""
    return Path(shutil.copytree(runs[OTHER], tmp_path / "run"))


def cells_of(folder: Path):
    return comparison_from_plain(json.loads((folder / "verdicts.json").read_text("utf-8"))).cells


def test_intervals_hold_at_once_by_hand(runs):
    found = axes_of(runs, 0.95)
    # two triples, by two metrics that have a largest loss
    assert found.level == pytest.approx(0.025 / 4)
    cells = {cell.metric: cell for cell in cells_of(runs[OTHER]) if not cell.stratum}
    own = {one.metric: one for one in found.penalties if one.at == OTHER and not one.stratum}
    top1 = cells["top1"]
    expected = stats.binary_interval(top1.losses, top1.gains, top1.n, found.level)
    assert own["top1"].at_once == pytest.approx(tuple(map(float, expected)))
    assert (own["top1"].largest, own["brier"].largest, own["ece"].largest) == (1.0, 2.0, None)
    for name, one in own.items():
        assert (one.loss, one.interval, one.n) == (
            cells[name].loss, cells[name].interval, cells[name].n,
        )  # fmt: skip
        if one.at_once is not None:
            assert one.at_once[0] < one.interval[0] < one.interval[1] < one.at_once[1]
    assert own["ece"].at_once is None
    assert own["ece"].reason


def test_strata_keep_their_nominal_intervals(runs):
    parts = [one for one in axes_of(runs, 0.95).penalties if one.stratum]
    assert {one.stratum["part"] for one in parts} == {"a", "b"}
    assert all(one.at_once is None for one in parts)
    assert all(one.interval is not None for one in parts if one.metric == "top1")


def test_the_first_metric_is_the_declared_one(runs):
    found = axes_of(runs, 0.95)
    assert found.headline == {"argmax": "top1"}
    model = found.answers[1]
    assert model.axes == ("model",)
    assert model.largest is not None
    assert model.largest.more[0] == (OTHER, "top1")
    assert found.fragile_at_once == (OTHER,)
    assert found.findings == ()
    assert "settled" in found.conclusion


def test_a_longer_study_widens_every_interval(runs):
    again = {At("other", *place): folder for place, folder in zip(
        (("plain", "int8"), ("outliers", "int8")), runs.values(), strict=True)}  # fmt: skip
    few, many = axes_of(runs, 0.95), axes_of({**runs, **again}, 0.95)
    assert many.level == pytest.approx(few.level / 2)
    for one, other in zip(few.penalties, many.penalties, strict=False):
        if one.at_once is not None:
            assert other.at_once[0] < one.at_once[0] < one.at_once[1] < other.at_once[1]


def test_no_bound_is_nearer_to_zero_than_a_pass_could_be(runs):
    for one in axes_of(runs, 0.95).penalties:
        if one.at_once is not None and one.metric == "brier":
            least = stats.mean_floor(2.0, one.at_once[1], 0.025 / 4)
            assert least <= one.n


def test_all_contrasts_are_counted_where_some_are_listed(runs, monkeypatch):
    every = axes_of(runs, 0.95)
    monkeypatch.setattr(contrasts, "MOST", 2)
    found = axes_of(runs, 0.95)
    assert found.answers == every.answers
    assert len(found.contrasts) == 2 < len(every.contrasts)
    assert all(one.settled for one in found.contrasts)
    assert f"of {len(every.contrasts)} contrasts the 2 farthest" in found.findings[0]


def test_a_listed_contrast_is_one_that_answers_name(runs, monkeypatch):
    monkeypatch.setattr(contrasts, "MOST", 3)
    found = axes_of(runs, 0.95)
    assert all(one.largest in found.contrasts for one in found.answers if one.largest is not None)


def test_a_scheme_that_changed_nothing_is_in_no_contrast_though_no_margin_stands(
    runs, tmp_path, monkeypatch
):
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))
    same = {"fp32": {"model": "fp32.onnx"}, "low": {"model": "fp32.onnx"}}
    shown = [{"name": "top1"}, {"name": "brier"}]
    idle = assay(tmp_path / "idle", 0.9, metrics=shown, variants=same)
    found = axes_of({AT: idle, OTHER: runs[OTHER]}, 0.95)
    assert all(one.at_once is None for one in found.penalties if one.at == AT)
    assert not any(AT in dict(one.more + one.less) for one in found.contrasts)
    assert any("in no contrast" in one for one in found.findings)


def test_a_study_without_finished_cells_says_so():
    found = axes_of({}, 0.95)
    assert found.level is None
    assert all(one.words == "Cannot be asked: nothing was measured." for one in found.answers)


def test_tasks_have_one_first_metric(runs, copied):
    other = Path(shutil.copytree(copied, copied.parent / "other"))
    raw = json.loads((other / "verdicts.json").read_text("utf-8"))
    raw["metrics"] = raw["metrics"][::-1]
    rewritten(other, raw)
    with pytest.raises(DataError, match="its first metric is top1 here and ece there"):
        axes_of({AT: copied, OTHER: other}, 0.95)


def rewritten(folder: Path, verdicts) -> None:
    """Write other verdicts as a run would have, journal and all."""
    text = json.dumps(verdicts)
    (folder / "verdicts.json").write_text(text, "utf-8")
    journal = Journal(folder / "journal.jsonl")
    last = journal.find("results")[-1].data
    journal.append("results", **{**last, "file": sha256(text.encode()).hexdigest()})
    journal.append("finished")


def test_figures_that_are_not_those_of_the_answers_are_refused(copied):
    raw = json.loads((copied / "verdicts.json").read_text("utf-8"))
    cell = next(one for one in raw["cells"] if one["metric"] == "top1" and not one["stratum"])
    cell["loss"] += 0.01
    rewritten(copied, raw)
    with pytest.raises(DataError, match=r"top1, loss is .*computed again from its answers"):
        finished(AT, copied)


def test_verdicts_changed_by_hand_are_refused(copied):
    path = copied / "verdicts.json"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    with pytest.raises(DataError, match="not as the run wrote it"):
        finished(AT, copied)


def test_a_run_that_was_cut_off_is_refused(copied):
    path = copied / "journal.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    with pytest.raises(RunFolderError, match="did not finish"):
        finished(AT, copied)


@pytest.mark.parametrize("name", ["samples.parquet", "predictions/low.parquet"])
def test_a_folder_without_answers_is_refused(copied, name):
    (copied / name).unlink()
    with pytest.raises(DataError, match="not in the run folder"):
        finished(AT, copied)


def test_a_folder_that_holds_something_else_is_refused(copied):
    raw = json.loads((copied / "verdicts.json").read_text("utf-8"))
    del raw["cells"]
    rewritten(copied, raw)
    with pytest.raises(DataError, match="not what a finished run leaves: KeyError") as error:
        finished(AT, copied)
    assert "\n" not in str(error.value)


def test_the_reference_under_another_name_is_in_no_contrast(tmp_path, monkeypatch):
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))
    same = assay(tmp_path / "same", 0.0)
    found = axes_of({AT: same}, 0.95)
    (top1,) = (one for one in found.penalties if one.metric == "top1" and not one.stratum)
    assert top1.at_once is None
    assert "no scheme was measured" in top1.reason
    assert found.findings[0].startswith("argmax, plain, int8: in no contrast: ")
    assert found.fragile_at_once == ()


def test_different_results_of_one_run_are_in_no_contrast(copied):
    journal = Journal(copied / "journal.jsonl")
    last = journal.find("results")[-1].data
    outcomes = {name: {**one, "digest": "0"} for name, one in last["outcomes"].items()}
    journal.append("results", **{**last, "digest": "1", "outcomes": outcomes})
    journal.append("results", **last)
    journal.append("finished")
    found = finished(AT, copied)
    assert "different results were computed 2 times" in found.withheld
    assert found.least_p is None


def test_a_run_that_may_stop_early_has_no_interval_at_once(tmp_path, monkeypatch):
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))
    early = assay(tmp_path / "early", 0.9, stopping={"looks": [200]})
    found = finished(AT, early)
    assert found.whole["top1"].why == LOOKS
    assert found.least_p is not None
