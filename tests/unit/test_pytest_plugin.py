"""The pytest plugin as another project's suite meets it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pytest_quantassay import Assayed

pytest_plugins = "pytester"

DIGITS = Path(__file__).parents[2] / "examples" / "digits"
RUBRIC = f"""
rubric: small/1
task:
  name: handwritten-digits
  data:
    path: {DIGITS / "test.parquet"}
    id: image_id
    input: pixels
    target: digit
    where: {{domain: in-domain}}
  preprocess: {{tensor: {{shape: [1, 8, 8], divide: 16}}}}
  outputs: {{kind: logits}}
strata: [digit]
metrics: [{{name: top1, margin: MARGIN}}]
reference: fp32
variants:
  fp32: {{model: {DIGITS / "fp32.onnx"}}}
  int8: {{scheme: onnxruntime-dynamic, of: fp32}}
timing: null
"""
TEST = """
def test_int8(assay):
    found = assay("assay.yaml")
    assert found.result.rubric == "small/1"
    found.must_pass()
    found.must_pass("int8")
"""


@pytest.fixture
def suite(pytester, monkeypatch):
    """Another project: a rubric with a margin, and one test of it."""
    monkeypatch.setenv("QUANTASSAY_CACHE", str(pytester.path / "cache"))

    def run(margin, test=TEST, *words):
        (pytester.path / "assay.yaml").write_text(RUBRIC.replace("MARGIN", margin))
        pytester.makepyfile(test)
        return pytester.runpytest_subprocess("-p", "no:randomly", *words)

    return run


def test_a_pass_passes(suite):
    suite("0.05").assert_outcomes(passed=1)


def test_what_cannot_be_told_fails_with_its_reason(suite):
    done = suite("0.001")
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines([
        "E * AssertionError: small/1: INSUFFICIENT (losses with 95% intervals)",
        "E *   int8: INSUFFICIENT: *",
        "E *     INSUFFICIENT  top1 @ overall: loss *, margin 0.001, n 896: *",
        "E * report: *report.html",
    ])  # fmt: skip
    # the lines of the plugin are no part of the user's traceback
    assert "pytest_quantassay.py" not in done.stdout.str()


def test_nothing_judged_is_no_pass(suite):
    done = suite("null")
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["E *small/1: NO VERDICT: NO MARGIN WAS DECLARED (*"])


def test_a_rubric_that_cannot_be_read_says_why(suite):
    done = suite("often")
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["E *RubricError: *margin*"])


def test_a_rubric_is_looked_up_beside_the_test_then_in_the_root(pytester, suite):
    below = pytester.mkdir("below")
    (below / "test_there.py").write_text(TEST)
    suite("0.05", "").assert_outcomes(passed=1)
    (below / "assay.yaml").write_text("rubric: other/1")
    done = pytester.runpytest_subprocess()
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["E *RubricError: *below/assay.yaml*"])


def test_a_rubric_that_is_nowhere_names_the_folders_searched(pytester):
    below = pytester.mkdir("below")
    (below / "test_there.py").write_text(TEST)
    done = pytester.runpytest_subprocess()
    done.assert_outcomes(failed=1)
    nowhere = f"it is neither in {below} nor {pytester.path}"
    done.stdout.fnmatch_lines([f"E *RubricError: no such rubric: assay.yaml: {nowhere}"])


def test_a_candidate_that_is_not_there_is_named(factory):
    found = Assayed(factory.result())
    with pytest.raises(AssertionError, match="no candidate is called 'int4'; there are: fp16, "):
        found.must_pass("int4")


def test_what_fails_and_what_does_not_gate_are_told_apart(factory):
    with pytest.raises(AssertionError) as caught:
        Assayed(factory.result()).must_pass()
    lines = str(caught.value).splitlines()
    assert lines[0] == "digits-int8/1: FAIL (losses with 95% intervals)"
    assert any(line.startswith("    FAIL  top1 @ digit=8: loss 0.2") for line in lines)
    assert lines[-2].startswith("  int8-poor: FAIL (does not gate): ")
    assert not any(" PASS" in line for line in lines)
    Assayed(factory.passing()).must_pass()


def test_very_many_cells_are_counted(factory):
    found = Assayed(factory.wide(200, margin=0.01))
    with pytest.raises(AssertionError, match=r"and \d+ cells more that do not pass") as caught:
        found.must_pass()
    assert len(str(caught.value).splitlines()) < 30


def test_loading_the_plugin_imports_nothing_of_the_package():
    code = "import pytest, sys, pytest_quantassay; print([m for m in sys.modules if 'assay' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['pytest_quantassay']"


def test_the_plugin_is_registered(pytester):
    done = pytester.runpytest_subprocess("--fixtures", "-q")
    done.stdout.fnmatch_lines(["assay -- *pytest_quantassay.py:*", "*beside the test*"])
