from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import quantassay as qa
from quantassay import stats
from quantassay.evidence.strict import UNPROVEN


@pytest.fixture(scope="module")
def sides():
    rng = np.random.default_rng(4)
    n = 3000
    target = rng.integers(0, 3, n)
    answer = np.where(rng.random(n) < 0.9, target, (target + 1) % 3)
    changed = np.where(rng.random(n) < 0.01, rng.integers(0, 3, n), answer)
    frame = pd.DataFrame({"id": [f"s{i}" for i in range(n)], "group": np.arange(n) // 2})
    return (
        frame.assign(target=target, prediction=answer),
        frame.assign(target=target, prediction=changed),
    )


def test_strict_is_wider_and_says_how(sides):
    plain = qa.compare(*sides, margin=0.02).cells[0]
    proven = qa.compare(*sides, margin=0.02, strict=True).cells[0]
    wanted = stats.exact_binary_interval(plain.losses, plain.gains, plain.n, 0.025)
    assert proven.interval == pytest.approx([float(end) for end in wanted])
    assert proven.interval[1] > plain.interval[1]
    assert (proven.method, proven.verdict) == ("exact unconditional paired binary", "pass")
    assert proven.clusters is None


def test_strict_bets_on_clusters(sides):
    plain = qa.compare(*sides, margin=0.02, cluster="group").cells[0]
    proven = qa.compare(*sides, margin=0.02, cluster="group", strict=True).cells[0]
    assert (proven.method, proven.clusters) == ("betting", 1500)
    assert proven.interval[1] > plain.interval[1]


def test_strict_has_no_verdict_where_nothing_is_proven(sides):
    cell = qa.compare(*sides, metric="f1", margin=0.02, strict=True).cells[0]
    assert (cell.verdict, cell.interval, cell.reason) == ("insufficient", None, UNPROVEN)
    assert (cell.method, cell.clusters) == ("no proven bound", None)
