"""Candidates whose answers and times are made up: what they lose, and how fast they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from quantassay.records.samples import Predictions
from quantassay.rubrics.load import load
from quantassay.timing.contract import Trial
from quantassay.workflows.steps.asking import Exam, read_exam

N, BLOCKS = 1200, 12
Contest = tuple[Exam, dict[str, Predictions], dict[str, list[Trial]]]
#: answers lost in stratum a and in stratum b, of 600 each
LOST = {"int8": (2, 2), "int4": (2, 90)}


def trials_at(ratio: float, seed: int) -> list[Trial]:
    rng = np.random.default_rng(seed)
    spans = np.exp(0.02 * rng.normal(size=BLOCKS)) / ratio
    return [Trial(np.full(4, s / 4), float(s), 100, None, k, 0) for k, s in enumerate(spans)]


@pytest.fixture
def contest(tmp_path: Path) -> Callable[..., Contest]:
    """An exam in two strata, answers, and trials of the reference and candidates so fast."""

    def make(
        ratios: Mapping[str, float],
        lost: Mapping[str, Sequence[int]] | None = None,
        **changes: Any,
    ) -> Contest:
        ids = [f"s{i:04d}" for i in range(N)]
        part = np.where(np.arange(N) < N // 2, "a", "b")
        pq.write_table(
            pa.table({"id": ids, "y": np.zeros(N, int), "part": part}), tmp_path / "test.parquet"
        )
        answers, none = {}, np.zeros(N, bool)
        for name, (a, b) in {"fp32": (0, 0), **(lost or LOST)}.items():
            labels = np.zeros(N, int)
            labels[:a] = labels[N // 2 : N // 2 + b] = 1
            pq.write_table(
                pa.table({"id": ids, "prediction": labels}), tmp_path / f"{name}.parquet"
            )
            answers[name] = Predictions(np.array(ids), failed=none, absent=none, labels=labels)
        rubric = {
            "rubric": "contest/1",
            "task": {
                "name": "zeros",
                "data": {"path": "test.parquet", "id": "id", "target": "y"},
                "composition": "clean",
                "clusters": "independent",
            },
            "strata": ["part"],
            "metrics": [{"name": "top1", "margin": 0.05, "by": {"part": 0.05}}],
            "reference": "fp32",
            "variants": {name: {"predictions": f"{name}.parquet"} for name in answers},
            **changes,
        }
        (tmp_path / "assay.yaml").write_text(yaml.safe_dump(rubric, sort_keys=False))
        exam = read_exam(load(tmp_path / "assay.yaml"))
        trials = {
            name: trials_at(ratio, seed)
            for seed, (name, ratio) in enumerate({"fp32": 1.0, **ratios}.items())
        }
        return exam, answers, trials

    return make
