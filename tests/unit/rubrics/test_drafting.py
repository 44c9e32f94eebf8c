"""Whatever was seen, the draft loads, validates and judges nothing."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quantassay.rubrics.columns import Column, Sighting
from quantassay.rubrics.declarations import declarations
from quantassay.rubrics.drafting import Seen, draft_text
from quantassay.rubrics.guesses import Guess
from quantassay.rubrics.load import load
from quantassay.rubrics.margins import margin_costs
from quantassay.rubrics.schema import rubric_schema
from quantassay.rubrics.signature import Signature, Tensor
from quantassay.rubrics.trial import Trial

COUNTS = {0: 450, 1: 449}
SEEN = Seen(
    title="digits",
    path="data/test.parquet",
    data=Sighting(
        899,
        True,
        (
            Column("image_id", "text", "string", distinct=899),
            Column("pixels", "vector", "float32", (64,)),
            Column("digit", "integer", "int64", distinct=2, counts=COUNTS),
            Column("writer", "text", "string", distinct=13),
        ),
    ),
    guess=Guess("image_id", "pixels", "digit", ("writer",)),
    model="fp32.onnx",
    signature=Signature(
        (Tensor("image", "float32", (None, 1, 8, 8)),), (Tensor("p", "float32", (None, 2)),)
    ),
    trial=Trial("probabilities", 64, 2, 60),
    costs=tuple(margin_costs(899, [450, 449], 0.025)),
)
BARE = Seen(
    "d",
    "d.csv",
    Sighting(5, False, (Column("a", "number", "float64"),)),
    Guess(None, None, None),
    None,
    None,
    Trial(why="no model was given"),
    tuple(margin_costs(5, [], 0.025)),
)


VALIDATOR = jsonschema.Draft202012Validator(rubric_schema())


def loaded(seen: Seen, folder: Path, words):
    path = folder / "assay.yaml"
    text = draft_text(seen)
    path.write_text(text, encoding="utf-8")
    VALIDATOR.validate(yaml.safe_load(text))
    return load(path, words)


def test_a_draft_says_what_was_seen(tmp_path: Path, words) -> None:
    found = loaded(SEEN, tmp_path, words)
    rubric = found.rubric
    assert rubric.task.data.path == "data/test.parquet"
    assert (rubric.task.data.id, rubric.task.data.target) == ("image_id", "digit")
    assert rubric.task.outputs.kind == "probabilities"
    assert rubric.task.preprocess.tensor.shape == [1, 8, 8]
    assert rubric.reference == ["fp32"]
    assert rubric.candidates == ("int8-dynamic",)
    assert [metric.name for metric in rubric.metrics] == ["top1", "brier"]
    assert [stratum.key for stratum in rubric.strata] == ["digit"]


def test_nothing_is_judged_until_a_margin_is_declared(tmp_path: Path, words) -> None:
    found = loaded(SEEN, tmp_path, words)
    assert not any(metric.margin or metric.by for metric in found.rubric.metrics)
    assert any("no margin is declared" in note for note in found.warnings)


def test_uncommenting_the_margins_declares_them(tmp_path: Path, words) -> None:
    path = tmp_path / "assay.yaml"
    path.write_text(draft_text(SEEN).replace("# margin:", "margin:").replace("# by:", "by:"))
    top1, brier = load(path, words).rubric.metrics
    assert (top1.margin.value, top1.by["digit"].value, brier.margin.value) == (0.02, 0.1, 0.01)


def test_uncommenting_the_static_scheme_declares_it(tmp_path: Path, words) -> None:
    text = draft_text(SEEN)
    for key in ("int8-static:", "calibrations:", "  train:"):
        text = text.replace(f"# {key}", key)
    path = tmp_path / "assay.yaml"
    path.write_text(text)
    variant = load(path, words).rubric.variants["int8-static"]
    assert variant.calibration == "train"


def test_editors_find_the_schema() -> None:
    assert draft_text(SEEN).startswith("# yaml-language-server: $schema=rubric.schema.json\n")


def test_the_least_that_can_be_seen_loads_too(tmp_path: Path, words) -> None:
    rubric = loaded(BARE, tmp_path, words).rubric
    assert rubric.variants["fp32"].model == "model.onnx"
    assert (rubric.task.data.input, rubric.task.data.target) == (None, None)
    text = draft_text(BARE)
    assert "# DECLARE the column that feeds the model, or a list of columns" in text
    assert "over 5 rows" in text


def test_class_names_are_written_in_the_guessed_order(tmp_path: Path, words) -> None:
    trial = Trial("scores", 64, 3, 60, ("no", "ant: x", "3"))
    rubric = loaded(dataclasses.replace(SEEN, trial=trial), tmp_path, words).rubric
    assert rubric.task.outputs.classes == ["no", "ant: x", "3"]


def test_class_names_that_cannot_be_guessed_are_asked_for(tmp_path: Path, words) -> None:
    seen = dataclasses.replace(SEEN, trial=Trial("scores", 64, 214, None, None, True))
    loaded(seen, tmp_path, words)
    assert "# classes: []  # DECLARE what the model's 214 outputs stand for" in draft_text(seen)
    assert "  classes: what the model's 214 outputs stand for" in "\n".join(declarations(seen, "a"))


def test_a_fixed_batch_is_kept(tmp_path: Path, words) -> None:
    signature = Signature((Tensor("x", "float32", (1, 64)),), SEEN.signature.outputs)
    rubric = loaded(dataclasses.replace(SEEN, signature=signature), tmp_path, words).rubric
    assert rubric.inference.batch == 1


def test_a_quantized_model_is_questioned(tmp_path: Path, words) -> None:
    signature = dataclasses.replace(SEEN.signature, quantized=("QLinearConv",))
    seen = dataclasses.replace(SEEN, signature=signature)
    loaded(seen, tmp_path, words)
    assert "quantized already (QLinearConv); is it the reference?" in draft_text(seen)
    assert any(line.startswith("  reference: ") for line in declarations(seen, "a"))


def test_too_many_classes_make_no_strata(tmp_path: Path, words) -> None:
    column = Column("digit", "integer", "int64", counts={i: 1 for i in range(300)})
    data = dataclasses.replace(SEEN.data, columns=(*SEEN.data.columns[:2], column))
    assert loaded(dataclasses.replace(SEEN, data=data), tmp_path, words).rubric.strata == []


names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)


@given(names, names, names, names, names)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
def test_any_names_survive(
    tmp_path: Path, words, id: str, input: str, target: str, value: str, path: str
) -> None:
    if len({id, input, target}) < 3 or target in ("overall",) or not target.isprintable():
        return
    columns = (
        Column(id, "text", "string", distinct=899),
        Column(input, "vector", "float32", (64,)),
        Column(target, "text", "string", distinct=2, counts={value: 450, "other": 449}),
    )
    seen = dataclasses.replace(
        SEEN, path=path, data=Sighting(899, True, columns), guess=Guess(id, input, target)
    )
    source = loaded(seen, tmp_path, words).rubric.task.data
    assert (source.path, source.id, source.input, source.target) == (path, id, input, target)


def test_the_console_lists_what_a_person_declares() -> None:
    lines = list(declarations(SEEN, "assay.yaml"))
    declared = [line.strip().split(":")[0] for line in lines if line.startswith("  ")]
    assert declared[:5] == [
        "margin",
        "composition",
        "clusters",
        "critical strata",
        "calibration",
    ]
    assert "may be 'writer'" in "\n".join(lines)
    assert any("can pass; 2 of 2 strata can" in line for line in lines)


@pytest.mark.parametrize(
    ("trial", "said"),
    [
        (
            Trial("probabilities", 64, 2, 60),
            "outputs: probabilities, from 64 samples; 60 are right",
        ),
        (Trial("scores", 64, 2, 6), "only 6 are right: check preprocess, classes and target"),
        (Trial("scores", 64, 2), "whether they are right could not be told"),
        (Trial(why="no model was given"), "outputs: not seen (no model was given)"),
    ],
)
def test_the_console_says_what_the_trial_showed(trial: Trial, said: str) -> None:
    assert said in "\n".join(declarations(dataclasses.replace(SEEN, trial=trial), "a"))


def test_what_was_not_seen_is_asked_for() -> None:
    asked = [line.strip().split(":")[0] for line in declarations(BARE, "a")]
    assert {"target", "input", "model"} <= set(asked)


def test_repeated_inputs_are_said() -> None:
    pixels = dataclasses.replace(SEEN.data.columns[1], repeated=12)
    data = dataclasses.replace(SEEN.data, columns=(SEEN.data.columns[0], pixels))
    text = "\n".join(declarations(dataclasses.replace(SEEN, data=data), "a"))
    assert "repeated: 12 inputs occur more than once, so samples are not independent" in text


def test_a_long_list_of_columns_is_written_over_lines(tmp_path: Path, words) -> None:
    names = [f"pixel {at}" for at in range(784)]
    columns = tuple(Column(name, "number", "float64") for name in names)
    data = Sighting(899, True, (*columns, Column("digit", "integer", "int64", counts=COUNTS)))
    seen = dataclasses.replace(SEEN, data=data, guess=Guess(None, names, "digit"))
    assert loaded(seen, tmp_path, words).rubric.task.data.input == names
    assert "# 784 numeric columns, in the file's order" in draft_text(seen)
