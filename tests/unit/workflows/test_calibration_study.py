"""A study of the digits example: real quantizations, a few draws of each size."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from quantassay import stats
from quantassay.claims.reading import read_claim_file, result_of
from quantassay.errors import RubricError
from quantassay.workflows.run import run
from quantassay.workflows.verify import verify

DIGITS = Path(__file__).parents[3] / "examples" / "digits"


def rubric(folder: Path, **study: Any) -> Path:
    value = yaml.safe_load((DIGITS / "assay.yaml").read_text(encoding="utf-8"))
    for name in ("fp32.onnx", "test.parquet", "train.parquet"):
        shutil.copy(DIGITS / name, folder / name)
    value["variants"] = {name: value["variants"][name] for name in ("fp32", "int8-static")}
    value["calibrations"] = {"every-digit": value["calibrations"]["every-digit"]}
    value["calibration_study"] = {"of": "int8-static", **study}
    path = folder / "assay.yaml"
    path.write_text(yaml.safe_dump({**value, "reference": "fp32", "timing": None}))
    return path


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv("QUANTASSAY_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="module")
def studied(tmp_path_factory, cache):
    folder = tmp_path_factory.mktemp("study")
    path = rubric(folder, draws=3, samples=[16, 400], metrics=["top1", "f1"], shifted="digit")
    return run(path, folder / "run")


def cells(result, metric, size, **stratum):
    return [
        one
        for one in result.calibration_study.cells
        if one.metric.startswith(metric) and one.samples == size and dict(one.stratum) == stratum
    ]


def test_every_metric_size_and_stratum_has_its_cell(studied):
    study = studied.calibration_study
    assert [one.samples for one in study.sizes] == [16, 400]
    assert (study.draws, study.available, study.clusters) == (3, 901, True)
    labels = {(one.metric, one.samples, str(one.stratum)) for one in study.cells}
    # the whole, ten digits, two domains and one named stratum, of two metrics and two sizes
    assert len(labels) == len(study.cells) == 2 * 2 * 14
    assert len({one.metric for one in study.cells}) == 2


def test_draws_are_disjoint_as_far_as_the_source_reaches(studied):
    few, many = studied.calibration_study.sizes
    assert few.shared == 0
    assert 0 < many.shared < 400 / 901


def test_figures_follow_from_the_draws(studied):
    (cell,) = cells(studied, "top1", 16)
    assert len(cell.losses) == 3
    assert cell.loss == pytest.approx(np.mean(cell.losses))
    x = np.array(cell.losses)
    fresh = stats.fresh_draw_interval(x, x - cell.below, x + cell.above)
    assert cell.fresh == pytest.approx((fresh.low, fresh.high))
    assert cell.margin == 0.02 and cell.gate
    assert cell.fresh[0] < cell.loss < cell.fresh[1]


def test_a_ratio_is_told_by_its_jackknife(studied):
    (cell,) = cells(studied, "f1", 16)
    assert cell.noise is not None and cell.noise[1] > 0
    assert cell.spread is not None


def test_the_loss_of_a_draw_is_that_of_the_same_set_declared(studied, tmp_path, cache):
    """The interval of one draw, averaged, is as wide as that of the cell that was judged."""
    judged = next(c for c in studied.cells if c.metric == "top1" and not c.stratum)
    (cell,) = cells(studied, "top1", 400)
    assert cell.n == judged.n
    width = judged.interval[1] - judged.interval[0]
    assert cell.below + cell.above == pytest.approx(width, rel=0.5)


def test_calibration_on_one_digit_is_measured_on_every_digit(studied):
    shifted = studied.calibration_study.shifted
    assert shifted.key == "digit" and shifted.lacking == ()
    assert shifted.samples == 87
    top1 = [one for one in shifted.cells if one.metric == "top1"]
    assert {(one.calibrated, one.measured) for one in top1} == {
        (str(a), str(b)) for a in range(10) for b in range(10)
    }
    assert all(one.interval[0] <= one.loss <= one.interval[1] for one in top1)


def test_no_verdict_comes_of_it(studied, tmp_path, cache):
    path = rubric(tmp_path, draws=3, samples=16)
    value = yaml.safe_load(path.read_text())
    del value["calibration_study"]
    path.write_text(yaml.safe_dump(value))
    without = run(path, tmp_path / "run")
    assert without.calibration_study is None
    assert without.comparison == studied.comparison


def test_it_is_run_again_from_the_cache(studied, tmp_path, cache):
    made = sorted(path.name for path in (cache / "artifacts").rglob("*") if path.is_file())
    path = rubric(tmp_path, draws=3, samples=[16, 400], metrics=["top1", "f1"], shifted="digit")
    again = run(path, tmp_path / "run")
    assert again.calibration_study == studied.calibration_study
    assert made == sorted(path.name for path in (cache / "artifacts").rglob("*") if path.is_file())


def test_the_claim_carries_it_and_is_verified(studied):
    file = read_claim_file(Path(studied.folder) / "claim.json")
    assert file.problems == ()
    assert result_of(file.claim).calibration_study == studied.calibration_study
    checks = {check.what: check.outcome for check in verify(file.path).checks}
    assert checks["calibration study"] == "agrees"
    assert checks["calibration study, losses of its draws"] == "not checked"
    assert "differs" not in checks.values()


def alter_end(study):
    study["cells"][0]["fresh"][1] = 0.001


def alter_loss(study):
    study["cells"][0]["losses"][0] += 0.01


def alter_margin(study):
    study["cells"][0]["margin"] = 0.5


def alter_draws(study):
    study["draws"] = 20


def alter_variant(study):
    study["of"] = "fp32"


def drop_matrix(study):
    study["shifted"] = None


def alter_size(study):
    study["cells"][0]["n"] += 1


def alter_gate(study):
    study["cells"][0]["gate"] = not study["cells"][0]["gate"]


def alter_key(study):
    study["shifted"]["key"] = "another"


CHANGES = [
    alter_end, alter_loss, alter_margin, alter_draws, alter_variant, drop_matrix, alter_size,
    alter_gate, alter_key,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_an_edited_study_is_caught(studied, tmp_path, change):
    claim = json.loads((Path(studied.folder) / "claim.json").read_text())
    change(claim["calibration_study"])
    path = tmp_path / "claim.json"
    path.write_text(json.dumps(claim))
    found = {check.what for check in verify(path).checks if check.outcome == "differs"}
    assert any(what.startswith("calibration study") for what in found)


def test_a_study_that_was_left_out_is_caught(studied, tmp_path):
    claim = json.loads((Path(studied.folder) / "claim.json").read_text())
    claim["calibration_study"] = {
        "spread": None,
        "reason": "no calibration study was made: one calibration set a candidate",
    }
    path = tmp_path / "claim.json"
    path.write_text(json.dumps(claim))
    found = [check for check in verify(path).checks if check.outcome == "differs"]
    assert any("the rubric declares one of int8-static" in str(check) for check in found)


def test_the_reports_tell_it(studied):
    text = (Path(studied.folder) / "report.md").read_text(encoding="utf-8")
    assert "Calibration study: every cell" in text
    assert "int8-static was quantized again with 3 draws of 16 and of 400 samples from 901" in text
    assert "have no sample in common" in text
    assert "calibrated on one digit alone (87 samples)" in text


def test_more_samples_than_there_are(tmp_path, cache):
    path = rubric(tmp_path, draws=3, samples=902)
    with pytest.raises(RubricError, match=r"902 samples asked for in a draw; .* has 901"):
        run(path, tmp_path / "run")


def test_strata_that_calibration_data_cannot_be_cut_by(tmp_path, cache):
    path = rubric(tmp_path, draws=3, samples=16, shifted="domain")
    with pytest.raises(RubricError, match=r"shifted.*calibration data has no column 'domain'"):
        run(path, tmp_path / "run")


def test_coverage_stands_beside_the_calibration(studied):
    facts = next(v.calibration for v in studied.variants if v.name == "int8-static")
    assert facts.coverage["digit"].lacking == ()
    assert sum(facts.coverage["digit"].samples.values()) == 256
    assert facts.coverage["domain"].unknown == "the calibration data has no column 'domain'"
