"""Intervals that hold at once, of evidence made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from quantassay import stats
from quantassay.evidence import Binary, Described, Mean
from quantassay.pairing.strata import whole as whole_set
from quantassay.records.cells import Cell
from quantassay.records.cross import At
from quantassay.workflows.steps.cross.finished import Finished, Whole
from quantassay.workflows.steps.cross.penalties import UNSCALED, penalties

AT = At("digits", "plain", "int8")


def value(totals, n):
    return totals[..., 0] / n


def evidence(kind, losses, n, gains=0, units=None):
    first, second = np.zeros((2, n, 1))
    first[:losses] = 1.0
    second[losses : losses + gains] = 1.0
    return kind.accumulate(first, second, [whole_set(n)], units, value, True).evidence()


def finished(found, largest=1.0, why="", withheld=""):
    cell = Cell(
        "int8", "fp32", "top1", {}, "gate", int(found.n[0]), 0.9, 0.9, 0.0, 0.0, None, "", None,
        None, 0.02, 0.5, 0.5, "inconclusive", "",
    )  # fmt: skip
    return Finished(AT, (cell,), {"top1": Whole(found, largest, "fraction", why)}, withheld)


def at_once(run):
    level, (one,) = penalties([run], 0.95)
    return level, one.at_once, one.reason


def test_the_bounds_of_one_penalty_are_nominal():
    level, ends, reason = at_once(finished(evidence(Binary(), 30, 300)))
    assert level == pytest.approx(0.025)
    assert ends == pytest.approx(tuple(map(float, stats.binary_interval(30, 0, 300, 0.025))))
    assert reason == ""


def test_no_loss_is_shown_to_be_less_than_a_pass_could_show():
    _, ends, _ = at_once(finished(evidence(Mean(1.0), 0, 100)))
    least = ends[1]
    assert stats.mean_floor(1.0, least, 0.025) <= 100 < stats.mean_floor(1.0, least * 0.99, 0.025)
    assert ends[0] == pytest.approx(-least)


def test_a_settled_loss_or_gain_needs_no_floor():
    _, lost, _ = at_once(finished(evidence(Mean(1.0), 90, 100)))
    _, gained, _ = at_once(finished(evidence(Mean(1.0), 0, 100, gains=90)))
    bounds = evidence(Mean(1.0), 90, 100).bounds(0.025)
    assert lost == pytest.approx((float(bounds[0][0]), float(bounds[1][0])))
    assert gained == pytest.approx((-lost[1], -lost[0]))


def test_few_clusters_bound_nothing():
    units = np.arange(100) // 10
    _, ends, reason = at_once(finished(evidence(Binary(), 10, 100, units=units)))
    assert ends is None
    assert "too few samples, or clusters" in reason
    _, ends, _ = at_once(finished(evidence(Binary(), 10, 1000, units=np.arange(1000) // 10)))
    assert ends is not None


def test_a_single_sample_bounds_nothing():
    _, ends, reason = at_once(finished(evidence(Mean(1.0), 0, 1)))
    assert ends is None
    assert "too few samples, or clusters" in reason


def test_bounds_that_are_undefined_are_no_interval():
    _, ends, reason = at_once(finished(evidence(Described("no interval holds"), 3, 300), 1.0))
    assert ends is None
    assert "no interval is defined for so few samples at the level 0.025" in reason


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"why": "seen early"}, "seen early"),
        ({"withheld": "the same outputs"}, "the same outputs"),
    ],
)
def test_what_is_not_trusted_counts_and_has_no_interval(changes, why):
    good = finished(evidence(Binary(), 3, 300))
    level, found = penalties([good, finished(evidence(Binary(), 3, 300), **changes)], 0.95)
    assert level == pytest.approx(0.0125)
    assert [one.at_once is None for one in found] == [False, True]
    assert found[1].reason == why


def test_what_has_no_largest_loss_does_not_count():
    described = finished(evidence(Described("no interval holds"), 3, 300), None)
    assert at_once(described) == (None, None, UNSCALED)
    level, _ = penalties([described, finished(evidence(Binary(), 3, 300))], 0.95)
    assert level == pytest.approx(0.025)


def test_a_withheld_run_is_in_no_list_of_fragile_triples():
    good = finished(evidence(Binary(), 3, 300))
    assert good.least_p == 0.5
    assert replace(good, withheld="the same outputs").least_p is None
