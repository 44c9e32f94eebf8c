"""The command line as a user meets it, and a small assay that passes until it is spoiled."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from copy import deepcopy
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from numpy.typing import NDArray
from tests.models.linear import linear

from quantassay.__main__ import run_command

CLASSES = 4
SAMPLES = 400


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    stdout: str
    stderr: str

    @property
    def errors(self) -> list[str]:
        """Lines from the first that begins with ``error:`` on."""
        lines = self.stderr.splitlines()
        starts = [i for i, line in enumerate(lines) if line.startswith("error:")]
        return lines[starts[0] :] if starts else []

    @property
    def json(self) -> dict[str, Any]:
        """Standard output, which must be JSON and nothing else."""
        assert self.stdout, self.stderr
        found: dict[str, Any] = json.loads(self.stdout)
        return found

    def refused(self, *words: str) -> str:
        """Check that this is bad input, said in one line that holds some words; return it."""
        assert self.code == 2, (self.code, self.stdout, self.stderr)
        assert len(self.errors) == 1, self.stderr
        assert "Traceback" not in self.stderr
        line = self.errors[0]
        assert self.stderr.splitlines()[-1] == line
        for word in words:
            assert word in line, f"{word!r} is not in: {line}"
        return line

    def verdict(self) -> str | None:
        """Return the verdict of ``--json``."""
        verdict: str | None = self.json["verdict"]
        return verdict


Command = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def command() -> Command:
    """The command line in this process."""

    def call(*arguments: str | Path) -> Outcome:
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run_command([str(each) for each in arguments])
        return Outcome(code, out.getvalue(), err.getvalue())

    return call


@pytest.fixture
def start() -> Callable[..., subprocess.Popen[str]]:
    """The command line as a process of its own, not waited for."""

    def call(*arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "quantassay", *map(str, arguments)],
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | options,
        )

    return call


@pytest.fixture
def process(start: Callable[..., subprocess.Popen[str]]) -> Command:
    """The command line as a process of its own."""

    def call(*arguments: str | Path, timeout: float = 60, **options: Any) -> Outcome:
        with start(*arguments, **options) as running:
            try:
                out, err = running.communicate(timeout=timeout)
            except BaseException:
                running.kill()
                raise
        return Outcome(running.returncode, out or "", err or "")

    return call


def drawn(n: int = SAMPLES, seed: int = 0) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return inputs (n, 4) and targets (n,): mostly the largest value is at the target."""
    rng = np.random.default_rng(seed)
    target = rng.integers(0, CLASSES, n)
    values = rng.normal(0, 0.3, (n, CLASSES)) + np.eye(CLASSES)[target]
    return values.astype(np.float32), target


def table_of(values: NDArray[Any], target: Any, **more: Any) -> pa.Table:
    """Return samples as a table: id, x, target and further columns."""
    flat = pa.array(np.ascontiguousarray(values).ravel())
    columns = {
        "id": pa.array([f"s{i:04d}" for i in range(len(values))]),
        "x": pa.FixedSizeListArray.from_arrays(flat, values.shape[1]),
        "target": pa.array(target),
    }
    return pa.table(columns | {name: pa.array(value) for name, value in more.items()})


GOOD: dict[str, Any] = {
    "rubric": "small/1",
    "task": {
        "name": "argmax",
        "data": {"path": "test.parquet", "id": "id", "input": "x", "target": "target"},
        "outputs": {"kind": "logits"},
        "clusters": "independent",
    },
    "strata": [],
    "metrics": [{"name": "top1", "margin": 0.05}],
    "reference": "fp32",
    "variants": {"fp32": {"model": "fp32.onnx"}, "low": {"model": "low.onnx"}},
    "timing": None,
}


def merged(base: Any, changes: Any) -> Any:
    """Return a copy of nested mappings with changes; a value that is ``...`` is taken out."""
    if not (isinstance(base, dict) and isinstance(changes, dict)):
        return deepcopy(changes)
    out = {key: deepcopy(value) for key, value in base.items() if changes.get(key) is not ...}
    for key, value in changes.items():
        if value is not ...:
            out[key] = merged(out.get(key), value)
    return out


@dataclass
class Assay:
    """A folder with data, two models and a rubric; ``low`` loses nothing that matters."""

    folder: Path
    values: NDArray[np.float32] = field(default_factory=lambda: drawn()[0])
    target: NDArray[Any] = field(default_factory=lambda: drawn()[1])

    def __post_init__(self) -> None:
        self.data()
        self.model("fp32.onnx")
        self.model("low.onnx", np.eye(CLASSES) * 1.01)

    def data(self, values: Any = None, target: Any = None, /, **more: Any) -> Path:
        """Write the test set."""
        path = self.folder / "test.parquet"
        chosen = self.values if values is None else values
        pq.write_table(table_of(chosen, self.target if target is None else target, **more), path)
        return path

    def model(self, name: str, weights: Any = None, output: str = "logits") -> Path:
        """Write a model; by default the reference's weights."""
        return linear(self.folder / name, np.eye(CLASSES) if weights is None else weights, output)

    def module(self, name: str, text: str) -> None:
        """Write a Python module beside the rubric."""
        (self.folder / f"{name}.py").write_text(text, "utf-8")

    def write(self, changes: Mapping[str, Any] | None = None, name: str = "assay.yaml") -> Path:
        """Write the rubric with changes."""
        path = self.folder / name
        text = yaml.safe_dump(merged(GOOD, changes or {}), sort_keys=False, allow_unicode=True)
        path.write_text(text, "utf-8")
        return path

    @property
    def out(self) -> Path:
        """The run folder."""
        return self.folder / "out"

    def left_over(self) -> list[str]:
        """Return files that are half-written, anywhere below."""
        return [str(path) for path in self.folder.rglob("*") if "partial" in path.name]


@pytest.fixture
def assay(tmp_path: Path) -> Assay:
    return Assay(tmp_path)


@pytest.fixture
def run(command: Command, assay: Assay) -> Command:
    """Run the assay with changes to its rubric, in this process; JSON on standard output."""

    def call(changes: Mapping[str, Any] | None = None, *options: str | Path) -> Outcome:
        return command("run", assay.write(changes), "--out", assay.out, "--json", *options)

    return call


@pytest.fixture
def answers(tmp_path: Path) -> Callable[..., Path]:
    """Write recorded answers: 400 samples of 4 classes of which 10 are wrong, with changes."""

    def write(name: str, n: int = SAMPLES, wrong: int = 10, **columns: Any) -> Path:
        target = drawn(n)[1]
        given = np.where(np.arange(n) < wrong, (target + 1) % CLASSES, target)
        plain: dict[str, Any] = {
            "id": [f"s{i:04d}" for i in range(n)], "target": target, "pred": given,
        } | columns  # fmt: skip
        table = pa.table({key: pa.array(v) for key, v in plain.items() if v is not None})
        path = tmp_path / name
        pq.write_table(table, path)
        return path

    return write
