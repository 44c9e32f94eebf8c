"""The published schema accepts what loads, and explains every key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
import yaml

from quantassay.rubrics.schema import DIALECT, ID, rubric_schema

# The example of the design.
EXAMPLE = """
rubric: digits-int8/1
task:
  name: handwritten-digits
  data: {reader: table, path: test.parquet, id: image_id, input: pixels, target: digit}
  preprocess: my_package.vision:prepare
  composition: in-domain
  production: {reader: table, path: traffic.parquet}
  clusters: independent
strata:
  - digit
  - {name: rare, where: {digit: [8, 9]}, critical: true}
metrics:
  - {name: top1, margin: 0.02, by: {digit: 0.10, rare: 0.05}}
  - {name: brier, margin: 0.01}
  - {name: ece}
reference: fp32
variants:
  fp32:   {model: model.onnx, engine: onnxruntime}
  int8:   {scheme: onnxruntime-static, of: fp32, calibration: train-256}
  poor:   {scheme: onnxruntime-static, of: fp32, calibration: ones-only, gate: false}
  mine:   {engine: "python:my_package.serving:predict"}
  theirs: {predictions: vendor-int8.parquet, precision: int8, calibration: undisclosed}
calibrations:
  train-256: {data: {reader: table, path: train.parquet}, samples: 256, method: entropy}
  ones-only: {data: {reader: table, path: train.parquet, where: {digit: 1}}, samples: 64}
confidence: 0.95
inference: {batch: 64, order: data}
timing: {protocol: offline, warmup: 2s, duration: 10s, speedup: 1.2}
seed: 2026
"""


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = rubric_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_it_says_what_it_is() -> None:
    assert (rubric_schema()["$schema"], rubric_schema()["$id"]) == (DIALECT, ID)


def test_the_example_validates_and_loads(validator, rubrics) -> None:
    validator.validate(yaml.safe_load(EXAMPLE))
    rubric = rubrics.load(text=EXAMPLE).rubric
    assert rubric.candidates == ("int8", "poor", "mine", "theirs")
    assert rubric.timing.warmup == 2.0
    assert rubric.variants["mine"].python == "my_package.serving:predict"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("confidence: 0.95", "confidence: 95"),
        ("margin: 0.01", "margin: 0"),
        ("seed: 2026", "sede: 2026"),
        ("warmup: 2s", "warmup: soon"),
        ("reference: fp32", "reference: []"),
        ("method: entropy", "method: entropi"),
        ("path: test.parquet, ", ""),
    ],
)
def test_what_does_not_load_does_not_validate(validator, old: str, new: str) -> None:
    assert old in EXAMPLE
    assert not validator.is_valid(yaml.safe_load(EXAMPLE.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("margin: 0.01", "margin: {value: 0.01, gate: false}"),
        ("- {name: ece}", "- ece"),
        ("- digit", "- {column: digit, bins: [3, 6]}"),
        ("reference: fp32", "reference: [fp32, int8]"),
        ("clusters: independent", "clusters: {column: writer, between: unknown}"),
        ("preprocess: my_package.vision:prepare", "preprocess: {tensor: {shape: [1, 8, 8]}}"),
        ("preprocess: my_package.vision:prepare", "preprocess: {image: {size: [8, 8]}}"),
        ("input: pixels", "input: {image: pixels}"),
        ("warmup: 2s", "warmup: 0.5"),
        ("timing: {protocol: offline, warmup: 2s, duration: 10s, speedup: 1.2}", "timing: null"),
    ],
)
def test_every_form_that_loads_validates(validator, rubrics, old: str, new: str) -> None:
    validator.validate(yaml.safe_load(EXAMPLE.replace(old, new)))
    rubrics.load((old, new), text=EXAMPLE)


def _undescribed(part: Any, at: str = "") -> Iterator[str]:
    if isinstance(part, dict):
        for name, key in part.get("properties", {}).items():
            if not key.get("description"):
                yield f"{at}.{name}"
        for name, inner in part.items():
            yield from _undescribed(inner, f"{at}/{name}")
    elif isinstance(part, list):
        for inner in part:
            yield from _undescribed(inner, at)


def test_every_key_is_explained() -> None:
    assert list(_undescribed(rubric_schema())) == []
