from __future__ import annotations

import numpy as np
import pytest

from quantassay.evidence import Described
from quantassay.records.samples import Partition
from quantassay.verdicts.anytime import anytime_by_cell, held
from quantassay.verdicts.cells import Group, judge


def mean(totals, n):
    return totals[..., 0] / n


def judged(*groups):
    return judge("int8", "fp32", groups, 0.95), anytime_by_cell(groups)


def test_what_is_plain_holds_at_every_look(group):
    cells, p = judged(group([(0, 0, 4000), (900, 0, 4000)], [0.02, 0.02]))
    assert held(cells, p, 0.025, 2) == cells
    assert [cell.verdict for cell in cells] == ["pass", "fail"]


def test_what_a_single_look_barely_decides_does_not(group):
    cells, p = judged(group([(0, 0, 190), (11, 0, 190)], [0.02, 0.02]))
    assert [cell.verdict for cell in cells] == ["pass", "fail"]
    kept = held(cells, p, 0.025, 3)
    assert [cell.verdict for cell in kept] == ["inconclusive", "inconclusive"]
    assert "computed 3 times" in kept[0].reason
    assert "it would pass at a single look" in kept[0].reason


def test_fails_are_adjusted_for_the_family(group):
    one, p_one = judged(group([(22, 0, 400)], [0.02]))
    assert held(one, p_one, 0.025, 2)[0].verdict == "fail"
    many, p_many = judged(group([(22, 0, 400)] + [(0, 0, 400)] * 30, [0.02] * 31))
    assert many[0].verdict == "fail"
    assert held(many, p_many, 0.025, 2)[0].verdict == "inconclusive"


def test_where_no_bound_is_known_nothing_is_decided(group):
    cells, _ = judged(group([(0, 0, 4000)], [0.02]))
    kept = held(cells, {}, 0.025, 2)
    assert kept[0].verdict == "insufficient"
    assert "no bound is known" in kept[0].reason


@pytest.mark.parametrize("verdict", ["inconclusive", "insufficient"])
def test_what_was_open_stays_as_it_was(group, verdict):
    counts = (8, 0, 400) if verdict == "inconclusive" else (0, 0, 10)
    cells, p = judged(group([counts], [0.02]))
    assert cells[0].verdict == verdict
    assert held(cells, p, 0.025, 2) == cells


def test_described_evidence_knows_no_bound(group):
    rows = np.ones((20, 1))
    part = Partition("part", ({},), np.zeros(20, np.intp))
    evidence = Described("why").accumulate(rows, rows, [part], None, mean, True).evidence()
    found = anytime_by_cell([Group("ece", evidence, group([(0, 0, 20)], [None]).declared)])
    assert np.isnan(found["ece", "part=0"]).all()
