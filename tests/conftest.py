from __future__ import annotations

import json
import os
import sys
from collections.abc import Generator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

RAN = "combination"


def _load(file: str) -> ModuleType:
    name = f"quantassay_report_{file}"
    if name not in sys.modules:
        path = Path(__file__).parent / "golden" / f"{file}.py"
        spec = spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None
        sys.modules[name] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@pytest.fixture(scope="session")
def factory() -> ModuleType:
    """The module that makes up results for reports."""
    return _load("factory")


@pytest.fixture(scope="session")
def studies() -> ModuleType:
    """The module that makes up a study and tendencies for reports."""
    return _load("studies")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, Any]:
    """Send along which scheme ran in which engine."""
    report = yield
    mark = item.get_closest_marker("combination")
    if mark is not None and report.when == "call" and report.passed:
        test = item.nodeid.partition("[")[0]
        report.user_properties.append((RAN, {**mark.kwargs, "test": test, "by": _target(item)}))
    return report


def _target(item: pytest.Item) -> str:
    """Return the make target that runs a test in this environment."""
    main = "make test-all" if item.get_closest_marker("long") else "make test"
    return os.environ.get("QUANTASSAY_TESTED_BY", main)


_ran: list[dict[str, Any]] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note what passed, whichever process it ran in."""
    _ran.extend(value for name, value in report.user_properties if name == RAN)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Add what passed to the table of schemes and engines, where goldens are being written."""
    worker = hasattr(session.config, "workerinput")
    if worker or not _ran or os.environ.get("QUANTASSAY_UPDATE_GOLDEN") != "1":
        return
    path = Path(__file__).parent / "combinations" / "ran.json"
    known = json.loads(path.read_text()) if path.exists() else []
    again = {(one["test"], one["by"]) for one in _ran}
    rows = [one for one in known if (one["test"], one["by"]) not in again] + _ran
    unique = {json.dumps(row, sort_keys=True): row for row in rows}
    path.write_text(json.dumps([unique[key] for key in sorted(unique)], indent=1) + "\n")
