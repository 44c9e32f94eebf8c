from __future__ import annotations

from dataclasses import replace

import pytest

from quantassay import stats
from quantassay.verdicts.cells import judge
from quantassay.verdicts.shrunk import with_shrunk
from quantassay.verdicts.small_strata import POOLED

TABLES = [(2, 1, 200), (3, 2, 200), (1, 2, 200), (14, 1, 200), (2, 2, 100)]


@pytest.fixture
def cells(group):
    return judge("int8", "fp32", [group(TABLES, [None] * 5)], 0.95)


def test_the_worst_stratum_is_drawn_towards_the_others(cells):
    found = with_shrunk(cells)
    b, c, n = ([t[i] for t in TABLES] for i in range(3))
    shrunk = stats.shrink([cell.loss for cell in cells], stats.pooled_variance(b, c, n))
    assert [cell.shrunk for cell in found] == pytest.approx(shrunk.loss.tolist())
    assert found[0].loss < found[3].shrunk < found[3].loss
    assert [replace(cell, shrunk=None) for cell in found] == cells


def test_three_strata_are_too_few(cells):
    assert [cell.shrunk for cell in with_shrunk(cells[:3])] == [None] * 3


def test_what_has_no_counts_or_shares_clusters_is_left_alone(cells):
    for change in (
        {"losses": None}, {"n": 0}, {"clusters": 3}, {"stratum": {}}, {"stratum": {"part": POOLED}}
    ):  # fmt: skip
        found = with_shrunk([*cells[:4], replace(cells[4], **change)])
        assert found[4].shrunk is None
        assert found[3].shrunk is not None


def test_each_key_and_metric_is_a_family(cells):
    others = [replace(cell, metric="top5") for cell in cells[:3]]
    assert [cell.shrunk is None for cell in with_shrunk([*cells, *others])] == [False] * 5 + [
        True
    ] * 3
