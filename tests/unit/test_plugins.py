from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from quantassay import plugins
from quantassay.errors import PluginError, UserCodeError
from quantassay.metrics.classes.top1 import Top1


@pytest.mark.parametrize(
    ("kind", "some"),
    [
        ("metrics", {"top1", "topk", "brier", "nll", "ece", "f1", "exact_match"}),
        ("agreements", {"flips", "answer_changes", "kl", "topk_overlap"}),
        ("engines", {"onnxruntime", "python"}),
        ("readers", {"table"}),
        ("exports", {"json", "csv", "cyclonedx", "junit", "mlflow"}),
    ],
)
def test_ours_are_registered_as_a_strangers_would_be(kind, some):
    found = plugins.names(kind)
    assert some <= set(found)
    assert found == sorted(found)


def test_a_name_is_its_object():
    assert plugins.load("metrics", "top1") is Top1


def test_a_name_that_is_nothing_names_the_nearest_and_all():
    with pytest.raises(PluginError, match=r"no metric is called 'tpo1' \(did you mean 'top1'\?\)"):
        plugins.load("metrics", "tpo1")
    with pytest.raises(
        PluginError, match="there are: csv, cyclonedx, every-eval-ever, hf-eval-results, json"
    ):
        plugins.load("exports", "parquet")


def install(folder, package, points):
    """Lay out an installed distribution that registers entry points."""
    info = folder / f"{package}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(points)


def ask(folder, code):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True, text=True, env={"PYTHONPATH": str(folder)}, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


def test_a_strangers_metric_is_found(tmp_path):
    install(tmp_path, "theirs", "[quantassay.metrics]\nmine = their_metric:Mine\n")
    (tmp_path / "their_metric.py").write_text("class Mine: name = 'mine'\n")
    code = "from quantassay import plugins; print(plugins.load('metrics', 'mine').name)"
    assert ask(tmp_path, code) == "mine\n"


def test_two_packages_with_one_name_are_refused(tmp_path):
    install(tmp_path, "theirs", "[quantassay.metrics]\ntop1 = their_metric:Top1\n")
    found = ask(tmp_path, "from quantassay import plugins; plugins.load('metrics', 'top1')")
    assert "two packages register metric 'top1'" in found


def test_what_a_plugin_needs_is_named(tmp_path):
    install(tmp_path, "theirs", "[quantassay.engines]\nspecial = their_engine:Special\n")
    (tmp_path / "their_engine.py").write_text("import no_such_runtime\n")
    found = ask(tmp_path, "from quantassay import plugins; plugins.load('engines', 'special')")
    assert "engine 'special' needs the package 'no_such_runtime', which is not installed" in found


@pytest.fixture
def module(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "serving_of_mine.py").write_text("def predict(batch): return batch\nvalue = 3\n")
    (tmp_path / "broken_of_mine.py").write_text("raise ValueError('on import')\n")
    yield tmp_path
    sys.modules.pop("serving_of_mine", None)


def test_the_users_function_is_looked_up_beside_the_rubric(module):
    assert plugins.load_function("serving_of_mine:predict", module)(3) == 3


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("serving_of_mine", "not of the form 'module:function'"),
        (":predict", "not of the form 'module:function'"),
        ("serving_of_mine:", "not of the form 'module:function'"),
        ("serving_of_mine:predct", "did you mean 'predict'"),
        ("serving_of_mine:value", "has no function 'value'"),
        ("broken_of_mine:predict", "raised ValueError: on import"),
        ("not_there_of_mine:predict", "raised ModuleNotFoundError"),
    ],
)
def test_a_function_that_cannot_be_had(module, spec, message):
    with pytest.raises(UserCodeError, match=message):
        plugins.load_function(spec, module)


def test_the_source_of_a_function_has_a_digest(module):
    function = plugins.load_function("serving_of_mine:predict", module)
    first = plugins.source_digest(function)
    source = Path(module) / "serving_of_mine.py"
    source.write_text(source.read_text() + "# changed\n")
    assert plugins.source_digest(function) != first
    assert len(plugins.source_digest(len)) == 64
