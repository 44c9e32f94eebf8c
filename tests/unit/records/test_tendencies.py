"""Tendencies read from JSON that anyone may have written."""

import json

import pytest

from quantassay.errors import DataError
from quantassay.records.plain import plain
from quantassay.records.tendencies import (
    Definition,
    Tendencies,
    Tendency,
    tendencies_from_plain,
    tendency_from_plain,
)

FOUND = Tendencies(
    rubric="block/1",
    rubric_digest="sha256:0",
    task="blocks",
    reference="fp32",
    candidates=("int8",),
    samples=24,
    seed=3,
    budget=1.0,
    made="2026-01-01T00:00:00+00:00",
    quantassay="0.1.0",
    found=(
        Tendency("layer-noise", "int8", 31.5, "dB", 640, "values", "up", "fp32"),
        Tendency("layer-noise", "int8", None, "dB", 0, "values", "", "fp32", "no difference"),
    ),
    left_out=("layers of x: no model",),
    findings=("a finding",),
    definitions=(Definition("layer-noise", "what it is", "dB", "someone", "lower", True),),
    models={"fp32": "sha256:1", "int8": "sha256:2"},
)
REMOVED = object()


def changed(place, value):
    found = json.loads(json.dumps(plain(FOUND)))
    at = found
    for key in place[:-1]:
        at = at[key]
    if value is REMOVED:
        del at[place[-1]]
    else:
        at[place[-1]] = value
    return found


def test_what_was_written_is_read_again():
    written = {"schema": "quantassay/tendencies/1", **plain(FOUND)}
    assert tendencies_from_plain(json.loads(json.dumps(written)), "t.json") == FOUND


def test_a_file_that_does_not_tell_its_models_is_read():
    assert tendencies_from_plain(changed(["models"], REMOVED), "t").models == {}


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (["models"], ["sha256:1"], "t.json: 'models' is no object of digests by variant"),
        (["models", "int8"], 7, "t.json: models: 'int8' is not what it should be: '7'"),
        (["rubric"], REMOVED, "t.json: 'rubric' is missing"),
        (["rubric"], 7, "t.json: 'rubric' is not what it should be: '7'"),
        (["rubric"], "x" * 5000, "t.json: 'rubric' is longer than 4,000 characters"),
        (["samples"], True, "t.json: 'samples' is not what it should be: 'True'"),
        (["samples"], -1, "t.json: 'samples' is not a count: -1"),
        (["seed"], 10**30, "'seed' is not a count"),
        (["budget"], float("nan"), "'budget' is not a finite number"),
        (["budget"], float("inf"), "'budget' is not a finite number"),
        (["budget"], 10**400, "'budget' is not a finite number"),
        (["found"], {}, "'found' is not what it should be"),
        (["found"], [None] * 100_001, "'found' has more than 100,000 items"),
        (["found", 1], [], "t.json: found[1]: an object is expected, not list"),
        (["found", 1, "reason"], "", "found[1]: 'value' is null, and 'reason' does not say why"),
        (["found", 0, "value"], "31.5", "found[0]: 'value' is not what it should be"),
        (["found", 0, "n"], 1.5, "found[0]: 'n' is not what it should be"),
        (["left_out", 0], 5, "t.json: left_out[0]: 'text' is not what it should be"),
        (["definitions", 0, "said"], "both", "'said' is one of higher, lower"),
        (["definitions", 0, "pair"], "yes", "'pair' is not what it should be"),
    ],
)
def test_what_no_one_wrote_is_refused_in_one_line(place, value, said):
    with pytest.raises(DataError) as refused:
        tendencies_from_plain(changed(place, value), "t.json")
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("value", [None, 3, "text", [1]])
def test_only_an_object_is_read(value):
    for read in (tendencies_from_plain, tendency_from_plain):
        with pytest.raises(DataError, match="an object is expected"):
            read(value, "t.json")
