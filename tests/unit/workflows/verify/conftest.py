"""A small run that took every path, and the means to tamper with a copy of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from tests.models.linear import linear

from quantassay.records.verification import Verification
from quantassay.workflows.run import run
from quantassay.workflows.verify import verify

N, CLASSES = 600, 4
RUBRIC: dict[str, Any] = {
    "rubric": "small/1",
    "task": {
        "name": "argmax",
        "data": {"path": "test.parquet", "id": "id", "input": "x", "target": "target"},
        "outputs": {"kind": "logits"},
        "composition": "in-domain",
        "clusters": "independent",
    },
    "strata": ["part"],
    "metrics": [{"name": "top1", "margin": 0.05, "by": {"part": 0.2}}, {"name": "brier"}],
    "reference": "fp32",
    "variants": {"fp32": {"model": "fp32.onnx"}, "low": {"model": "low.onnx"}},
    "timing": {"blocks": 10, "warmup": "10ms", "duration": "50ms"},
}


def make_assay(folder: Path, changes: Mapping[str, Any] | None = None) -> Path:
    """Write data, two models and a rubric with changes at its top; return the rubric."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(3)
    target = rng.integers(0, CLASSES, N)
    values = (rng.normal(0, 0.3, (N, CLASSES)) + np.eye(CLASSES)[target]).astype(np.float32)
    flat = pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), CLASSES)
    table = {
        "id": [f"s{i:04d}" for i in range(N)],
        "x": flat,
        "target": target,
        "part": np.where(np.arange(N) < N // 3, "a", "b"),
        "who": np.arange(N) // 2,
    }
    pq.write_table(pa.table(table), folder / "test.parquet")
    linear(folder / "fp32.onnx", np.eye(CLASSES))
    linear(folder / "low.onnx", np.eye(CLASSES) + rng.normal(0, 0.02, (CLASSES, CLASSES)))
    linear(folder / "other.onnx", np.eye(CLASSES) * 2)
    path = folder / "assay.yaml"
    path.write_text(yaml.safe_dump({**RUBRIC, **(changes or {})}, sort_keys=False), "utf-8")
    return path


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setenv("QUANTASSAY_CACHE", str(tmp_path_factory.mktemp("cache")))
    patch.setenv("OMP_NUM_THREADS", "1")
    yield
    patch.undo()


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory, cache: None) -> Path:
    """A folder with an assay and its run in ``out``, never to be changed."""
    folder = tmp_path_factory.mktemp("finished")
    run(make_assay(folder), folder / "out")
    return folder


@dataclass
class Folder:
    """A copy of a run folder that may be spoiled."""

    out: Path

    @property
    def claim_path(self) -> Path:
        return self.out / "claim.json"

    @property
    def claim(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.claim_path.read_text("utf-8"))
        return found

    def write(self, value: Any, name: str = "claim.json") -> None:
        text = json.dumps(value, indent=1, ensure_ascii=False)
        (self.out / name).write_text(text, "utf-8")

    def edit(self, change: Callable[[dict[str, Any]], object], name: str = "claim.json") -> None:
        """Change a JSON file of the run."""
        value = json.loads((self.out / name).read_text("utf-8"))
        change(value)
        self.write(value, name)

    def edit_rows(self, name: str, change: Callable[[dict[str, list[Any]]], object]) -> None:
        """Change the columns of a Parquet file of the run."""
        table = pq.read_table(self.out / name)
        columns = table.to_pydict()
        change(columns)
        pq.write_table(pa.table(columns, schema=table.schema), self.out / name)

    def journal(self) -> list[dict[str, Any]]:
        lines = (self.out / "journal.jsonl").read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def rechain(self, change: Callable[[list[dict[str, Any]]], object] = list) -> None:
        """Write the journal anew: whoever can edit files can make it agree with them."""
        entries = self.journal()
        change(entries)
        for entry in entries:
            if entry["event"] == "published":
                files = entry["data"]["files"]
                for name in files:
                    files[name] = f"sha256:{sha256((self.out / name).read_bytes()).hexdigest()}"
            if entry["event"] == "results":
                verdicts = (self.out / "verdicts.json").read_bytes()
                entry["data"]["digest"] = sha256(verdicts).hexdigest()
        previous, lines = "0" * 64, []
        for entry in entries:
            entry["previous"] = previous
            lines.append(json.dumps(entry, sort_keys=True, ensure_ascii=False))
            previous = sha256(lines[-1].encode()).hexdigest()
        (self.out / "journal.jsonl").write_text("\n".join(lines) + "\n", "utf-8")

    def verify(self, **options: Any) -> Verification:
        return verify(self.claim_path, **options)


@pytest.fixture
def folder(finished: Path, tmp_path: Path) -> Folder:
    """A copy of the finished run, without the assay that it was made from."""
    shutil.copytree(finished / "out", tmp_path / "run")
    return Folder(tmp_path / "run")


def differing(found: Verification) -> dict[str, tuple[str, str]]:
    """Return what differs: as claimed, as found."""
    return {c.what: (c.claimed, c.found) for c in found.checks if c.outcome == "differs"}


def unchecked(found: Verification) -> dict[str, str]:
    return {c.what: c.found for c in found.checks if c.outcome == "not checked"}


@pytest.fixture(scope="session", name="differing")
def _differing() -> Callable[[Verification], dict[str, tuple[str, str]]]:
    return differing


@pytest.fixture(scope="session", name="unchecked")
def _unchecked() -> Callable[[Verification], dict[str, str]]:
    return unchecked


@pytest.fixture(scope="session", name="make_assay")
def _make_assay() -> Callable[..., Path]:
    return make_assay
