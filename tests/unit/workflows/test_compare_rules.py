from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import quantassay as qa
from quantassay import stats
from quantassay.errors import InputError
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


def test_a_comparison_says_whether_it_is_strict(sides):
    assert not qa.compare(*sides, margin=0.02).strict
    assert qa.compare(*sides, margin=0.02, strict=True).strict


def test_strict_bets_on_clusters(sides):
    plain = qa.compare(*sides, margin=0.02, cluster="group").cells[0]
    proven = qa.compare(*sides, margin=0.02, cluster="group", strict=True).cells[0]
    assert (proven.method, proven.clusters) == ("betting", 1500)
    assert proven.interval[1] > plain.interval[1]


def test_strict_has_no_verdict_where_nothing_is_proven(sides):
    cell = qa.compare(*sides, metric="f1", margin=0.02, strict=True).cells[0]
    assert (cell.verdict, cell.interval, cell.reason) == ("insufficient", None, UNPROVEN)
    assert (cell.method, cell.clusters) == ("no proven bound", None)


def test_samples_without_a_stratum_are_counted(sides):
    known = np.arange(3000) >= 50
    named = [side.assign(part=np.where(known, "x", None)) for side in sides]
    found = qa.compare(*named, margin=0.02, strata="part")
    assert "50 of 3,000 samples have no 'part': no stratum of it holds them" in found.findings


def test_less_to_lose_than_the_margin_is_no_pass_whatever_the_direction():
    n = 3000
    target = np.zeros(n, int)
    # a reference that is nearly as wrong as the clipped log-likelihood can say
    frames = [
        pd.DataFrame({"id": np.arange(n).astype(str), "target": target, "p_0": p, "p_1": 1 - p})
        for p in (np.full(n, np.exp(-1.96)), np.full(n, np.exp(-3.0)))
    ]
    cell = qa.compare(*frames, metric="nll(clip=2)", margin=0.2).cells[0]
    assert cell.verdict == "insufficient"
    assert "all that it has to lose, 0.04, would be within the margin" in cell.reason


def test_strict_needs_every_target(sides):
    some = [side.assign(target=side["target"].where(side.index > 3)) for side in sides]
    with pytest.raises(InputError, match="only where every sample has a target; 4 have none"):
        qa.compare(*some, margin=0.02, strict=True)
