"""The parts of a rubric after loading: one shape each."""

from __future__ import annotations

from pathlib import Path

import pytest

from quantassay.errors import RubricError
from quantassay.rubrics.load import load
from quantassay.rubrics.model import Clusters, Margin, Metric, Preprocessing, Stratum, Variant

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*/assay.yaml"))


def test_shorthand_is_expanded() -> None:
    assert Metric.model_validate("top1") == Metric(name="top1")
    assert Stratum.model_validate("digit") == Stratum(column="digit")
    assert Margin.model_validate(0.1) == Margin(value=0.1, gate=True)
    assert Preprocessing.model_validate("a:b") == Preprocessing(function="a:b")


@pytest.mark.parametrize(
    ("written", "column", "between", "text"),
    [
        ("independent", None, "independent", "independent"),
        ("unknown", None, "unknown", "unknown"),
        ("writer", "writer", "independent", "writer"),
        ({"column": "writer", "between": "unknown"}, "writer", "unknown", "writer (between: unk"),
    ],
)
def test_clusters(written: object, column: str | None, between: str, text: str) -> None:
    clusters = Clusters.model_validate(written)
    assert (clusters.column, clusters.between) == (column, between)
    assert str(clusters).startswith(text)


def test_further_keys_of_a_metric_are_its_options() -> None:
    metric = Metric.model_validate({"name": "f1", "average": "micro", "margin": 0.1})
    assert metric.options == {"average": "micro"}
    assert metric.margin_for(None) == Margin(value=0.1)
    assert metric.margin_for("digit") is None


@pytest.mark.parametrize(
    ("parts", "origin"),
    [
        ({"model": "m.onnx"}, "model"),
        ({"scheme": "s", "of": "a"}, "scheme"),
        ({"predictions": "p.csv"}, "predictions"),
        ({"engine": "python:a:b"}, "python"),
    ],
)
def test_origins(parts: dict[str, str], origin: str) -> None:
    assert Variant(**parts).origin == origin


def test_a_python_engine_names_its_function() -> None:
    assert Variant(engine="python:a.b:c").python == "a.b:c"
    assert Variant(model="m", engine="onnxruntime").python is None


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_the_examples_load(path: Path, words) -> None:
    assert load(path, words).rubric.candidates


def test_a_list_of_proven_strata_takes_one_look(tmp_path: Path, words) -> None:
    text = EXAMPLES[0].read_text() + "\nproven_fine: true\nstopping: {looks: [100], max: 200}\n"
    path = tmp_path / "assay.yaml"
    path.write_text(text)
    with pytest.raises(RubricError, match="single look at the whole test set"):
        load(path, words)
