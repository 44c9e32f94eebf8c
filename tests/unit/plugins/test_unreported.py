"""A package that is hidden from another is there again afterwards."""

import os
import subprocess
import sys

import pytest

from quantassay.plugins.unreported import import_without


@pytest.fixture
def reporting(tmp_path, monkeypatch):
    """A module that sends reports where it finds a package for them."""
    (tmp_path / "reporter_of_this_test.py").write_text("")
    (tmp_path / "tool_of_this_test.py").write_text(
        "try:\n    import reporter_of_this_test\n    reports = True\n"
        "except ImportError:\n    reports = False\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    yield "tool_of_this_test", "reporter_of_this_test"
    for name in ("tool_of_this_test", "reporter_of_this_test"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize("before", [False, True])
def test_it_is_not_found_and_then_it_is(reporting, before):
    tool, reporter = reporting
    known = __import__(reporter) if before else None
    assert import_without(tool, reporter).reports is False
    assert sys.modules.get(reporter) is known
    assert __import__(reporter).__name__ == reporter


def test_a_failed_import_hides_nothing(reporting):
    _, reporter = reporting
    with pytest.raises(ModuleNotFoundError):
        import_without("no_such_module_of_this_test", reporter)
    assert __import__(reporter).__name__ == reporter


def test_onnxruntime_leaves_nothing_in_the_home(tmp_path):
    code = "from quantassay.plugins.unreported import import_onnxruntime as i; print(i().__name__)"
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    kept = {key: value for key, value in os.environ.items() if key != "ORT_DISABLE_TELEMETRY"}
    done = subprocess.run(
        [sys.executable, "-c", code], env={**kept, **home}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["onnxruntime"]
    assert list(tmp_path.rglob("*")) == []
