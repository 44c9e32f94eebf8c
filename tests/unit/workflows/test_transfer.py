"""A claim of a real run beside deployments."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pandas as pd
import pytest

from quantassay.__main__ import run_command
from quantassay.claims.transfer.schema import transfer_document, transfer_schema
from quantassay.errors import InputError
from quantassay.records.transfer import Transfer
from quantassay.workflows.run import run
from quantassay.workflows.transfer import transfer

RUBRIC = """
rubric: places/1
task:
  name: doors
  data: {path: test.csv, id: id, target: target}
  composition: in-domain
  clusters: independent
strata: [place, light]
metrics:
  - {name: top1, margin: 0.02, by: {place: 0.05}}
  - {name: f1, average: macro}
reference: fp32
variants:
  fp32: {predictions: fp32.csv, precision: fp32}
  int8: {predictions: int8.csv, precision: int8, calibration: 64 samples}
timing: null
"""
DAY, NIGHT = 800, 400
SAID = """
deployment: gate/1
task: {name: doors, composition: in-domain}
model: {candidate: int8}
metric: {name: top1, margin: 0.02}
calibration: 64 samples
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on 800 samples by day, 2 of them lost, and 400 by night, 8 lost; half in each light."""
    made = tmp_path_factory.mktemp("places")
    n = DAY + NIGHT
    target = np.arange(n) % 2
    place = np.repeat(["day", "night"], [DAY, NIGHT])
    rng = np.random.default_rng(0)
    size = rng.normal(size=n) + (place == "night")
    ids = [f"s{i}" for i in range(n)]
    answers = target.copy()
    answers[[*range(2), *range(DAY, DAY + 8)]] ^= 1
    light = np.where(np.arange(n) % 4 < 2, "on", "off")
    frame = pd.DataFrame({"id": ids, "target": target, "place": place, "light": light})
    frame.assign(size=size).to_csv(made / "test.csv", index=False)
    for name, prediction in (("fp32", target), ("int8", answers)):
        pd.DataFrame({"id": ids, "prediction": prediction}).to_csv(
            made / f"{name}.csv", index=False
        )
    (made / "assay.yaml").write_text(RUBRIC)
    run(made / "assay.yaml", made / "run")
    night = rng.random(600) < 0.05
    traffic = pd.DataFrame(
        {"place": np.where(night, "night", "day"), "size": rng.normal(size=600) + night}
    )
    traffic.to_csv(made / "traffic.csv", index=False)
    traffic.assign(size=traffic["size"] + 1.0).to_csv(made / "larger.csv", index=False)
    return made


@pytest.fixture
def to(folder: Path) -> Callable[[str], Transfer]:
    """Put the claim beside a deployment."""

    def made(text: str) -> Transfer:
        path = folder / "deployment.yaml"
        path.write_text(SAID + text)
        found = transfer(folder / "run" / "claim.json", path)
        document = transfer_document(found)
        json.dumps(document, allow_nan=False)
        jsonschema.validate(document, transfer_schema())
        return found

    return made


def reading(found: Transfer) -> Any:
    (one,) = found.reweighted
    return one


def test_few_nights_pass_and_many_do_not(to) -> None:
    few = reading(to("mix: {place: {day: 0.95, night: 0.05}}"))
    assert (few.verdict, few.loss) == ("pass", pytest.approx(0.95 * 2 / 800 + 0.05 * 8 / 400))
    assert few.shift.moves[0].to == "night"
    many = to("mix: {place: {day: 0.2, night: 0.8}}")
    assert reading(many).verdict == "inconclusive"
    assert (many.weakest, many.measurement.axis) == ("strata mix", "strata mix")
    assert many.measurement.n > 1200
    assert not many.travels


def test_recorded_predictions_have_no_executor_and_do_not_travel(to) -> None:
    found = to("mix: {place: {day: 0.95, night: 0.05}}")
    assert (found.verdict, found.travels) == ("pass", False)
    status = {axis.name: axis.status for axis in found.axes}
    assert status["task"] == "same"
    assert status["executor: engine"] == "implicit"
    assert status["quantized model"] == "implicit"


def test_what_was_not_measured_has_no_figure(to) -> None:
    found = to("mix: {place: {day: 0.9, dawn: 0.1}}")
    assert (found.verdict, reading(found).loss) == ("insufficient", None)
    assert "place=dawn" in found.measurement.words
    assert found.measurement.command.startswith("quantassay plan --metric top1 --margin 0.02")


def test_the_number_is_what_the_command_prints(to, capsys: pytest.CaptureFixture[str]) -> None:
    found = to("mix: {place: {day: 0.9, dawn: 0.1}}")
    assert run_command([*found.measurement.command.split()[1:], "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["cells"][0]["outlooks"][0]["needed"] == found.measurement.n


def test_two_dimensions_at_once_are_refused(to) -> None:
    found = to("mix: {place: {day: 1.0}, light: {on: 1.0}}")
    assert found.verdict == "insufficient"
    assert "a joint mix" in reading(found).reason
    assert reading(found).loss is None


def test_a_metric_that_is_no_mean_is_refused(folder: Path) -> None:
    path = folder / "f1.yaml"
    path.write_text(
        "deployment: x\nmetric: {name: f1-macro, margin: 0.5}\nmix: {place: {day: 1.0}}\n"
    )
    found = transfer(folder / "run" / "claim.json", path)
    assert found.verdict == "insufficient"
    assert "is no mean over samples" in reading(found).reason


def test_without_a_mix_nothing_is_judged_and_the_count_that_settles_it_is_named(to) -> None:
    found = to("")
    assert (found.verdict, found.travels) == (None, False)
    assert {one.dimension for one in found.reweighted} == {"place", "light"}
    assert not any(one.declared for one in found.reweighted)
    mix = next(axis for axis in found.axes if axis.name == "strata mix")
    assert mix.status == "implicit"


def test_a_critical_stratum_that_degrades_decides(to) -> None:
    mix = "mix: {place: {day: 0.95, night: 0.05}}\n"
    assert to(mix + "critical: [{stratum: {place: night}, margin: 0.05}]").verdict == "pass"
    failed = to(mix + "critical: [{stratum: {place: night}, margin: 0.001}]")
    assert (failed.verdict, failed.travels) == ("fail", False)
    assert failed.critical[0].verdict == "fail"


def test_the_margin_that_was_declared_holds_in_a_critical_stratum(to) -> None:
    one = to("critical: [place=night]").critical[0]
    # the claim accepts .05 by place, the deployment .02 of the metric
    assert (one.margin, one.margin_of, one.verdict) == (0.02, "deployment", "inconclusive")


def test_an_unknown_metric_hides_nothing_else(folder: Path) -> None:
    path, claim = folder / "acc.yaml", folder / "run" / "claim.json"
    text = (
        "deployment: x\nmetric: acc\nmix: {place: {day: 0.9, nigth: 0.1}}\ncritical: [place=dusk]"
    )
    path.write_text(text)
    with pytest.raises(InputError, match=r"acc.yaml:3: mix.place.nigth: .*did you mean 'night'"):
        transfer(claim, path)
    path.write_text(text.replace("nigth", "night"))
    found = transfer(claim, path)
    axes = {axis.name: axis for axis in found.axes}
    assert (found.verdict, found.travels) == ("insufficient", False)
    assert axes["metric"].status == "differs"
    assert (axes["strata mix"].status, axes["strata mix"].gates) == ("implicit", True)
    assert "place=dusk was not measured" in axes["critical strata"].why


def test_the_mix_is_counted_from_production_and_the_rest_compared(to) -> None:
    source = "production: {path: traffic.csv}\ntest: {path: test.csv, id: id, target: target}\n"
    found = to(source)
    one = reading(found)
    assert (one.counted, one.verdict) == (600, "pass")
    (mix,) = found.production.mixes
    assert mix.dimension == "place"
    assert mix.p < 0.001
    (test,) = found.production.tests
    # at the mix of production, sizes are those of the test set
    assert (test.matched, test.differs) == ("place", False)
    assert "production" not in [axis.name for axis in found.axes if axis.gates]


def test_traffic_that_is_larger_is_told_by_its_column(to) -> None:
    source = "production: {path: larger.csv}\ntest: {path: test.csv, id: id, target: target}\n"
    found = to(source)
    (test,) = found.production.tests
    assert test.differs
    assert test.columns[0].column == "size"
    assert next(axis for axis in found.axes if axis.name == "production").gates
    assert not found.travels


def test_outputs_of_the_reference_are_compared_too(to, folder: Path) -> None:
    rng = np.random.default_rng(1)
    ids = [f"t{i}" for i in range(600)]
    pd.DataFrame({"id": ids, "prediction": (rng.random(600) < 0.9).astype(int)}).to_csv(
        folder / "answers.csv", index=False
    )
    found = to(
        "production: {path: traffic.csv, input: size, outputs: answers.csv}\n"
        "test: {path: test.csv, id: id, target: target, input: size, outputs: fp32.csv}\n"
    )
    inputs, outputs = found.production.tests
    assert (inputs.what, inputs.differs) == ("inputs", False)
    assert (outputs.differs, outputs.matched) == (True, "place")
    assert outputs.columns[0].column == "prediction"
    # half of the reference's answers are 1 in the test set
    assert outputs.columns[0].effect == pytest.approx(0.4, abs=0.06)


def test_two_columns_of_strata_in_production_are_a_joint_mix_unless_one_is_named(
    to, folder: Path
) -> None:
    traffic = pd.read_csv(folder / "traffic.csv")
    traffic.assign(light="on").to_csv(folder / "lit.csv", index=False)
    assert "production.strata" in reading(to("production: {path: lit.csv}")).reason
    one = reading(to("production: {path: lit.csv, strata: {place: place}}"))
    assert (one.dimension, one.verdict) == ("place", "pass")


def test_traffic_without_a_stratum_is_no_pass(to, folder: Path) -> None:
    traffic = pd.read_csv(folder / "traffic.csv")
    traffic.loc[:5, "place"] = None
    traffic.to_csv(folder / "gaps.csv", index=False)
    one = reading(to("production: {path: gaps.csv}"))
    assert one.verdict == "insufficient"
    assert "(in no stratum): was not measured" in one.reason


def test_large_tables_are_drawn_from(to, folder: Path) -> None:
    rng = np.random.default_rng(2)
    pd.DataFrame({"size": rng.normal(size=7000)}).to_csv(folder / "large.csv", index=False)
    found = to("production: {path: large.csv}\ntest: {path: test.csv, id: id, target: target}\n")
    (test,) = found.production.tests
    assert (test.n[0], test.rows[0]) == (7000, 5000)


def test_the_executor_may_be_that_of_another_claim(to) -> None:
    found = to("executor: {claim: run/claim.json, candidate: int8, threads: 4}")
    said = {axis.name: axis.deployment for axis in found.axes}
    assert said["executor: threads"] == "4"
    assert said["executor: processor"]


def test_the_executors_of_both_claims_are_compared_layer_by_layer(to, folder: Path) -> None:
    same = to("executor: {claim: run/claim.json}")
    assert not any("executors of both claims" in note for note in same.notes)
    other = json.loads((folder / "run" / "claim.json").read_text())
    del other["executor_specification"]
    other["executor"]["processor"] = "Other CPU"
    (folder / "other.json").write_text(json.dumps(other))
    found = to("executor: {claim: other.json}")
    (note,) = [note for note in found.notes if "executors of both claims" in note]
    assert note.startswith("the executors of both claims differ: processor (model ")
    assert note.endswith(" against Other CPU)")


def test_a_declared_mix_that_is_not_that_of_the_traffic_is_noted(to) -> None:
    found = to("mix: {place: {day: 0.5, night: 0.5}}\nproduction: {path: traffic.csv}\n")
    assert any("is not that of the production sample" in note for note in found.notes)
    assert reading(found).counted is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("production: {path: trafic.csv}", "no such file"),
        ("production: {path: traffic.csv, strata: {place: plase}}", "did you mean 'place'?"),
        (
            "mix: {place: {day: 0.9, nigth: 0.1}}",
            "deployment.yaml:7: mix.place.nigth: the claim has",
        ),
        ("critical: [place=nigth]", "deployment.yaml:7: critical[0]: the claim has no stratum"),
        ("executor: {claim: none.json}", "cannot be read"),
        ("executor: {claim: run/claim.json, candidate: int3}", "has no candidate 'int3'"),
    ],
)
def test_wrong_input_is_one_line(to, text: str, words: str) -> None:
    with pytest.raises(InputError) as error:
        to(text)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_a_model_file_is_hashed_and_a_missing_or_other_one_refused(folder: Path) -> None:
    path, claim = folder / "model.yaml", folder / "run" / "claim.json"
    (folder / "model.bin").write_bytes(b"weights")
    path.write_text("deployment: x\nmodel: {quantized: model.bin}\n")
    found = transfer(claim, path)
    assert next(axis for axis in found.axes if axis.name == "quantized model").status == "implicit"
    for said, words in (
        ("{quantized: gone.bin}", "model.yaml:2: model.quantized.path: no such model file"),
        (f"{{quantized: {{path: model.bin, digest: {'0' * 64}}}}}", "has the digest sha256:"),
    ):
        path.write_text(f"deployment: x\nmodel: {said}\n")
        with pytest.raises(InputError, match=words):
            transfer(claim, path)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("mix: {place: {day: 0.95, night: 0.05}}", 3),
        ("critical: [{stratum: {place: night}, margin: 0.001}]", 1),
        ("mix: {plaze: {day: 1}}", 2),
        ("mix: {country: {fr: 1}}", 3),
        ("mix: {place: {day: 2.5}}", 2),
    ],
)
def test_exit_codes(folder: Path, text: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "code.yaml"
    path.write_text(SAID + text)
    arguments = ["transfer", str(folder / "run" / "claim.json"), str(path)]
    assert run_command([*arguments, "--json"]) == code
    said = capsys.readouterr()
    assert (code == 2) == bool(said.err)
    if code != 2:
        assert json.loads(said.out)["schema"] == "quantassay/transfer/1"
    assert run_command(arguments) == code
    for kind, head in (("md", "## "), ("html", "<!doctype html>")):
        out = folder / f"report.{kind}"
        assert run_command([*arguments, "--out", str(out)]) == code
        assert (f"wrote {out}" in capsys.readouterr().err) == (code != 2)
        assert code == 2 or out.read_text().startswith(head)
    assert run_command([*arguments, "--out", "report.txt"]) == 2
