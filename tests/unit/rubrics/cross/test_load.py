"""A study file: what it says of each cell, and what is refused before anything runs."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from quantassay.errors import RubricError
from quantassay.records.cross import At
from quantassay.rubrics.cross.load import load_study
from quantassay.rubrics.cross.places import cell_folder, seen_from, slug
from quantassay.rubrics.cross.schema import study_schema
from quantassay.rubrics.cross.written import cell_text
from quantassay.rubrics.digest import digest
from quantassay.rubrics.load import load

RUBRIC = """
rubric: digits/1
task:
  name: "a task: with 'quotes', and # more"
  data: {path: data/test.parquet, input: pixels, target: digit, where: {"no": ["on", 1e-3, "1e3"]}}
  preprocess: own:prepare
  clusters: independent
strata: [{name: "0123", column: digit, bins: [2.5, 5]}]
metrics: [{name: top1, margin: 0.02, by: {"0123": 0.1}}, nll]
reference: fp32
variants:
  fp32: {model: anything.onnx}
  int8: {scheme: onnxruntime-static, of: fp32, calibration: first}
calibrations:
  first: {data: {path: data/train.parquet}, samples: 10}
calibration_study: {of: int8, samples: 10}
selection: {procedure: fixed-sequence, order: [int8]}
contrasts: ["0123=1:2"]
small_strata: watch
strict: true
timing: {warmup: 500ms, duration: 2s}
tendencies: {samples: 8, checkpoints: [early.onnx]}
inference: {batch: 8}
seed: 7
"""
STUDY = """
study: three-axes/1
tasks:
  digits: {rubric: tasks/digits.yaml, models: {plain: {model: plain.onnx, engine: onnxruntime}}}
  more digits: {rubric: tasks/digits.yaml, models: {plain: {model: plain.onnx}, b: {model: b.onnx}}}
schemes:
  fp16: {scheme: onnxruntime-fp16, only: [digits]}
  static:
    scheme: onnxruntime-static
    options: {per_channel: true}
    tasks: {digits: {options: {ops: [MatMul]}, precision: int8}}
  dynamic: {scheme: onnxruntime-dynamic, tasks: {more digits: null}}
reference: before
confidence: 0.9
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    (tmp_path / "tasks" / "data").mkdir(parents=True)
    for name in ("plain.onnx", "b.onnx", "tasks/data/test.parquet", "tasks/data/train.parquet"):
        (tmp_path / name).touch()
    (tmp_path / "tasks" / "digits.yaml").write_text(RUBRIC)
    monkeypatch.chdir(tmp_path)

    def write(old: str = "", new: str = "", rubric: tuple[str, str] = ("", "")) -> Path:
        assert old in STUDY and rubric[0] in RUBRIC
        (tmp_path / "study.yaml").write_text(STUDY.replace(old, new) if old else STUDY)
        text = RUBRIC.replace(*rubric) if rubric[0] else RUBRIC
        (tmp_path / "tasks" / "digits.yaml").write_text(text)
        return Path("study.yaml")

    return write


def test_all_schemes_of_a_model_stand_together(place):
    assert [cell.at for cell in load_study(place()).cells] == [
        At("digits", "plain", "fp16"),
        At("digits", "plain", "static"),
        At("digits", "plain", "dynamic"),
        At("more digits", "plain", "static"),
        At("more digits", "b", "static"),
    ]


def test_the_rubric_of_a_cell_is_an_ordinary_rubric(place, tmp_path):
    for cell in load_study(place()).cells:
        folder = cell_folder(tmp_path / "runs" / "x", cell.at)
        folder.mkdir(parents=True)
        (folder / "assay.yaml").write_text(cell_text(cell, folder))
        loaded = load(folder / "assay.yaml")
        assert loaded.rubric.model_copy(update={"folder": None}) == cell.rubric
        assert loaded.digest == digest(cell.rubric)
        data = loaded.resolve(loaded.rubric.task.data.path)
        assert data == tmp_path / "tasks" / "data" / "test.parquet"
        model = loaded.resolve(loaded.rubric.variants["before"].model)
        assert model.resolve() == tmp_path / f"{cell.at.model}.onnx"


def test_what_a_cell_keeps_of_its_task_and_what_it_leaves(place):
    study = load_study(place())
    task, cell = study.tasks["digits"].rubric, study.cells[1].rubric
    kept = [
        "task",
        "strata",
        "metrics",
        "contrasts",
        "small_strata",
        "strict",
        "timing",
        "inference",
        "seed",
    ]
    assert all(getattr(cell, key) == getattr(task, key) for key in kept)
    assert (cell.selection, cell.calibration_study) == (None, None)
    assert (cell.tendencies.samples, cell.tendencies.checkpoints) == (8, [])
    assert cell.confidence == 0.9
    assert cell.rubric == "three-axes/1--digits--plain--static"
    assert cell.references == ("before",)
    assert list(cell.variants) == ["before", "static"]
    assert cell.variants["before"].engine == "onnxruntime"


def test_a_task_may_change_a_scheme_and_its_only_calibration_is_taken(place):
    cells = {cell.at: cell.rubric for cell in load_study(place()).cells}
    changed = cells[At("digits", "plain", "static")].variants["static"]
    same = cells[At("more digits", "plain", "static")].variants["static"]
    assert (changed.options, changed.precision) == ({"ops": ["MatMul"]}, "int8")
    assert (same.options, same.precision) == ({"per_channel": True}, None)
    assert changed.calibration == same.calibration == "first"
    assert list(cells[At("digits", "plain", "fp16")].calibrations) == []


def test_the_digest_is_of_the_rubrics_too(place):
    first = load_study(place()).digest
    assert load_study(place()).digest == first
    assert load_study(place(rubric=("margin: 0.02", "margin: 0.03"))).digest != first
    assert load_study(place("confidence: 0.9", "confidence: 0.8")).digest != first


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("only:", "onlyy:", "schemes.fp16.onlyy: unknown key (did you mean 'only'?)"),
        ("[digits]", "[digit]", "no task is called 'digit' (did you mean 'digits'?)"),
        ("{more digits: null}", "{more: null}", "no task is called 'more'"),
        ("{ops: [MatMul]}", "{opps: [MatMul]}", "schemes.static.tasks.digits.options.opps"),
        ("per_channel", "per_chanel", "schemes.static.options.per_chanel"),
        ("engine: onnxruntime", "engine: onnxrt", "tasks.digits.models.plain.engine: no engine"),
        ("reference: before", "reference: static", "is the name of the reference"),
        ("reference: before", "reference: a/b", "reference: must not contain '/'"),
        ("b: {model: b.onnx}", "PLAIN: {model: b.onnx}", "would be one folder"),
        ("b: {model: b.onnx}", "../..: {model: b.onnx}", "'../..' names no folder"),
        ("b: {model: b.onnx}", '"\\u202e": {model: b.onnx}', "names no folder"),
        ("study: three-axes/1", "study: ..", "'..' names no folder"),
        ("b: {model: b.onnx}", f"{'b' * 41}: {{model: b.onnx}}", "at most 40"),
        ("confidence: 0.9", "confidence: 90", "did you mean 0.9"),
        ("model: b.onnx", "model: c.onnx", "no such file: c.onnx (did you mean 'b.onnx'?)"),
        ("only: [digits]", "tasks: {digits: null, more digits: null}", "applies to no task"),
        ("onnxruntime-fp16", "onnxruntime-fp61", "did you mean 'onnxruntime-fp16'?"),
        (
            "precision: int8",
            "calibration: frist",
            "schemes.static.tasks.digits.calibration: no calibration is called 'frist' in "
            "tasks/digits.yaml (did you mean 'first'?)",
        ),
        ("study: three-axes/1", "study: 3", "write '3' in quotes"),
    ],
)
def test_what_is_wrong_is_one_line_with_its_place(place, old, new, told):
    with pytest.raises(RubricError) as refused:
        load_study(place(old, new))
    text = str(refused.value)
    assert told in text and text.startswith("study.yaml:")
    assert len(text.splitlines()) == 1
    assert not Path("runs").exists()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("seed: 7", "stopping: {looks: [0.5]}", "remove 'stopping'"),
        ("data/test", "data/tset", "no such file: tasks/data/tset.parquet (did you mean 'test"),
        ("data/train", "data/trian", "calibrations.first.data.path: no such file"),
        ("name: top1", "name: topp1", "tasks/digits.yaml:9: metrics[0].name"),
        (
            "samples: 10}\ncal",
            "samples: 10}\n  second: {data: {path: data/train.parquet}}\ncal",
            "declares first, second: name a 'calibration'",
        ),
    ],
)
def test_what_is_wrong_with_a_task_is_told_where_it_is(place, old, new, told):
    study = place(rubric=(old, new))
    if "stopping" in new:
        study = place(rubric=("calibration_study: {of: int8, samples: 10}", new))
    with pytest.raises(RubricError) as refused:
        load_study(study)
    assert told in str(refused.value)


def test_confidence_must_be_one(place):
    study = place("confidence: 0.9\n", "")
    other = RUBRIC + "confidence: 0.8\n"
    Path("tasks/other.yaml").write_text(other)
    text = study.read_text().replace(
        "more digits: {rubric: tasks/digits", "more digits: {rubric: tasks/other"
    )
    study.write_text(text)
    with pytest.raises(RubricError, match="differ in 'confidence'"):
        load_study(study)


def test_absurdly_many_cells_are_refused_at_once(place):
    schemes = "".join(f"  s{i}: {{scheme: onnxruntime-fp16}}\n" for i in range(600))
    with pytest.raises(RubricError, match=r"1,80\d cells, and a run for each: at most 1,000"):
        load_study(place("schemes:\n", f"schemes:\n{schemes}"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the study is empty"),
        ("[]", "must be a mapping"),
        (RUBRIC, "this is a rubric, not a study: `quantassay run` takes it"),
        ("a: &a [" + "1, " * 99 + "]\n" + "".join(
            f"{chr(98 + i)}: &{chr(98 + i)} [" + f"*{chr(97 + i)}, " * 9 + "]\n" for i in range(6)
        ), "aliases nested"),
        ("a: &a [*a]", "an alias contains itself"),
        ("[" * 10_000, "nested more than"),
        ("study: !!python/name:os.system ls", "not allowed"),
        ("x" * 1_000_001, "over 1 MB"),
    ],
)  # fmt: skip
def test_hostile_files_end_in_one_line(place, text, told):
    path = place()
    path.write_text(text)
    with pytest.raises(RubricError) as refused:
        load_study(path)
    assert told in str(refused.value)


def test_a_link_to_nothing_is_called_so(place):
    path = place("model: b.onnx", "model: link.onnx")
    Path("link.onnx").symlink_to("gone.onnx")
    with pytest.raises(RubricError, match=r"link\.onnx is a link to gone\.onnx, which"):
        load_study(path)


def test_a_study_is_no_rubric(place):
    with pytest.raises(RubricError, match="this is a study, not a rubric: `quantassay study`"):
        load(place())


def test_links_do_not_lead_astray(tmp_path):
    (tmp_path / "real" / "deep").mkdir(parents=True)
    (tmp_path / "real" / "model.onnx").touch()
    (tmp_path / "link").symlink_to(tmp_path / "real" / "deep")
    cell = tmp_path / "link" / "cells"
    cell.mkdir()
    told = seen_from(cell, tmp_path / "real" / "model.onnx")
    assert told == "../../model.onnx"
    assert (cell / told).exists()
    # the name of a file is kept where it is itself a link: its ending tells what it is
    (tmp_path / "named.onnx").symlink_to(tmp_path / "real" / "model.onnx")
    assert seen_from(tmp_path / "real", tmp_path / "named.onnx") == "../named.onnx"


@given(st.text(max_size=40))
def test_a_slug_stays_within_its_folder(name):
    found = slug(name)
    assert "/" not in found and "\\" not in found and "\0" not in found
    assert found not in (".", "..") and not found.startswith(".")


def test_the_schema_takes_what_loads_and_explains_every_key(place):
    schema = study_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    place()
    validator.validate(yaml.safe_load(STUDY))
    assert not validator.is_valid({**yaml.safe_load(STUDY), "extra": 1})
    for part in (schema, *schema["$defs"].values()):
        assert all("description" in one for one in part["properties"].values())
    assert "``" not in json.dumps(schema)
