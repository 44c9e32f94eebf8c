"""A user's own function that raises, is not there, or returns the wrong thing."""

from __future__ import annotations

import json
import sys

import pytest

MINE = {"variants": {"low": {"model": ..., "engine": "python:serving:predict"}}}
GOOD = "import numpy as np\ndef predict(x):\n    return x * 1.01\n"


@pytest.fixture(autouse=True)
def _imported_anew(monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield
    for name in ("serving", "ready"):
        sys.modules.pop(name, None)


@pytest.fixture
def assess(command, assay):
    """Run the assay with a module of one's own."""

    def call(text, *options, changes=MINE, module="serving"):
        assay.module(module, text)
        return command(*options, "run", assay.write(changes), "--out", assay.out, "--json")

    return call


def test_a_function_that_works(assess):
    outcome = assess(GOOD)
    assert (outcome.code, outcome.verdict()) == (0, "pass")


RAISES = "def predict(x):\n    raise KeyError('weights\\nof layer 3')\n"


def test_a_function_that_raises_is_named_in_one_line(assess, assay):
    assess(RAISES).refused("serving:predict", "batch 0 (64 rows)", "KeyError", "of layer 3")
    assert not (assay.out / "verdicts.json").exists()
    assert assay.left_over() == []


@pytest.mark.parametrize("place", ["before", "after"])
def test_its_own_traceback_is_shown_where_asked_for(assess, command, assay, place):
    assert assess(RAISES).code == 2
    words = ["run", assay.folder / "assay.yaml", "--out", assay.out]
    outcome = command(*(["--verbose", *words] if place == "before" else [*words, "--verbose"]))
    assert outcome.code == 2
    assert "Traceback" in outcome.stderr and 'serving.py", line 2, in predict' in outcome.stderr
    assert outcome.stderr.splitlines()[-1].startswith("error: ")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("x[:3]", ("(3, 4)", "64 rows")),
        ("x.sum()", ("a single value", "64 rows")),
        ("None", ("NoneType", "expected numbers")),
        ("{}", ("empty mapping",)),
        ("[[1, 2], [3]]", ("unequal length",)),
        ("x[:, :0]", ("(400, 0)",)),
        ("x[:, :, None, None] * [[1, 2]]", ("(400, 4, 1, 2)",)),
        ("x[:, 0]", ("ranks no classes", "labels")),
        ("x.astype(complex)", ("complex128",)),
        ("[object()] * len(x)", ("dtype object",)),
        ("x if len(x) == 64 else x[:, :3]", ("(16, 3)", "every batch")),
        ("x if len(x) == 64 else x.astype(str)", ("samples 384 to 399", "every batch")),
    ],
)
def test_what_it_returns_is_wrong(assess, body, words):
    changes = {**MINE, "task": {"outputs": {"kind": "scores"}}}
    assess(f"def predict(x):\n    return {body}\n", changes=changes).refused(*words)


def test_numbers_of_another_width_are_taken(assess):
    text = "def predict(x):\n    return x.astype('float64' if len(x) == 64 else 'float16')\n"
    assert assess(text).code == 0


def test_a_buffer_that_is_used_again_does_no_harm(assess):
    text = """\
import numpy as np
kept = np.zeros((64, 4), np.float32)
def predict(x):
    kept[:len(x)] = 2 * x
    return kept[:len(x)]
"""
    outcome = assess(text)
    assert (outcome.code, outcome.json["cells"][0]["losses"]) == (0, 0)


def test_a_function_that_writes_to_its_input_spoils_nobody_elses(assess):
    text = "def predict(x):\n    x[:] = 0\n    return x\n"
    outcome = assess(text)
    assert outcome.code == 1
    assert outcome.json["cells"][0]["reference_value"] > 0.9


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, ("importing 'serving'", "ModuleNotFoundError")),
        ("import torhc\n", ("'torhc'",)),
        ("def predict(x:\n", ("SyntaxError",)),
        ("1 / 0\n", ("ZeroDivisionError",)),
        ("def predcit(x): ...\n", ("no function 'predict'", "did you mean 'predcit'?")),
        ("predict = 3\n", ("no function 'predict'",)),
        ("import sys\nsys.exit(0)\n", ("SystemExit",)),
        ("import sys\ndef predict(x):\n    sys.exit(0)\n", ("SystemExit",)),
    ],
)
def test_a_module_that_cannot_be_used(assess, run, text, words):
    outcome = run(MINE) if text is None else assess(text)
    outcome.refused("serving", *words)


def test_a_spec_that_is_none(run):
    run({"variants": {"low": {"model": ..., "engine": "python:serving"}}}).refused(
        "variants.low.engine", "python:module:function"
    )


PREPARE = {"task": {"preprocess": "ready:prepare"}}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("raise ValueError('no such pixel')", ("ValueError", "no such pixel", "rows 0 to 63")),
        ("return [[1.0] * 4]", ("(1, 4)", "64 rows")),
        ("return None", ("object", "64 rows")),
        ("return {}", ("empty mapping",)),
        ("return rows", ("64 rows",)),
        ("return rows.column('y')", ("KeyError", '"y"')),
        ("import sys; sys.exit(0)", ("SystemExit",)),
    ],
)
def test_preprocessing_that_goes_wrong(assess, body, words):
    text = f"def prepare(rows):\n    {body}\n"
    outcome = assess(text, changes=PREPARE, module="ready")
    outcome.refused("ready:prepare", *words)


def test_progress_of_a_function_does_not_reach_stdout(assess):
    outcome = assess("def predict(x):\n    print('loading')\n    return 2 * x\n")
    assert outcome.code == 0
    assert json.loads(outcome.stdout)["verdict"] == "pass"
