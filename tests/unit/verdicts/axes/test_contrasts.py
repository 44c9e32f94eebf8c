from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantassay.records.cross import At
from quantassay.verdicts.axes import AXES, contrasts
from quantassay.verdicts.axes.shares import share_of

TASKS, MODELS, METRICS = ("digits", "texts"), ("plain", "outliers"), ("top1", "brier")
HEADLINE = dict.fromkeys(TASKS, "top1")
NUMBERS = st.floats(-0.9, 0.9)


def cross(penalty, shares):
    """Eight penalties of one scheme, from (low, loss, high) of each in shares."""
    places = product(TASKS, MODELS, METRICS)
    return [
        penalty(
            task, model, metric, loss=loss * scale, ends=(low * scale, high * scale), largest=scale
        )
        for (task, model, metric), (low, loss, high) in zip(places, shares, strict=True)
        for scale in [2.0 if metric == "brier" else 1.0]
    ]


triples = st.lists(
    st.tuples(NUMBERS, NUMBERS, NUMBERS).map(lambda three: tuple(sorted(three))),
    min_size=8,
    max_size=8,
)


def test_by_hand(penalty):
    found = contrasts(
        [
            penalty("digits", loss=0.01, ends=(0.005, 0.02)),
            penalty("texts", loss=0.38, ends=(0.31, 0.44)),
        ],
        HEADLINE,
    )
    (one,) = found
    assert one.axes == ("task",)
    assert one.more == ((At("texts", "plain", "int8"), "top1"),)
    assert one.less == ((At("digits", "plain", "int8"), "top1"),)
    assert one.estimate == pytest.approx(0.37)
    assert one.interval == pytest.approx((0.29, 0.435))
    assert one.factor == pytest.approx((15.5, 88.0))
    assert one.settled


def test_an_interaction_by_hand(penalty):
    losses = {
        ("digits", "plain"): 0.01,
        ("digits", "outliers"): 0.03,
        ("texts", "plain"): 0.02,
        ("texts", "outliers"): 0.40,
    }
    given_ = [
        penalty(task, model, loss=loss, ends=(loss - 0.005, loss + 0.005))
        for (task, model), loss in losses.items()
    ]
    (one,) = (one for one in contrasts(given_, HEADLINE) if one.axes == ("task", "model"))
    names = [(at.task, at.model) for at, _ in (*one.more, *one.less)]
    assert names == [
        ("texts", "outliers"), ("digits", "outliers"), ("texts", "plain"), ("digits", "plain"),
    ]  # fmt: skip
    assert one.estimate == pytest.approx(0.38 - 0.02)
    assert one.interval == pytest.approx((0.36 - 0.02, 0.36 + 0.02))
    assert one.factor is not None
    assert one.factor[0] == pytest.approx((0.395 / 0.025) / (0.035 / 0.005))


def test_every_pair_along_every_axis_once(penalty):
    found = contrasts(cross(penalty, [(0.0, 0.1, 0.2)] * 8), HEADLINE)
    counts = [sum(one.axes == axes for one in found) for axes in AXES]
    # tasks by their first metric alone: two models; models and metrics: four each
    assert counts == [2, 4, 4, 1, 2, 2]


def test_schemes_are_never_compared(penalty):
    one = penalty(loss=0.1, ends=(0.0, 0.2))
    other = penalty(loss=0.1, ends=(0.0, 0.2), scheme="int4")
    assert contrasts([one, other], HEADLINE) == ()


def test_tasks_are_compared_by_their_first_metrics(penalty):
    some = [
        penalty("digits", metric="top1", loss=0.1, ends=(0.0, 0.2)),
        penalty("texts", metric="recall", loss=0.3, ends=(0.2, 0.4)),
        penalty("texts", metric="top1", loss=0.3, ends=(0.2, 0.4)),
    ]
    found = contrasts(some, {"digits": "top1", "texts": "recall"})
    (one,) = (one for one in found if one.axes == ("task",))
    assert (one.more[0][1], one.less[0][1]) == ("recall", "top1")


def test_what_is_missing_is_left_out(penalty):
    some = [
        penalty("digits", loss=0.1, ends=(0.0, 0.2)),
        penalty("texts", loss=0.1, ends=None),
        penalty("sums", loss=0.1, ends=(0.0, 0.2), largest=None),
        penalty("sums", loss=0.1, ends=(0.0, 0.2), stratum={"steps": "3"}),
    ]
    assert contrasts(some, {**HEADLINE, "sums": "top1"}) == ()


@given(triples)
def test_no_estimate_is_negative(penalty, shares):
    for one in contrasts(cross(penalty, shares), HEADLINE):
        assert one.estimate is not None and one.estimate >= 0


@given(triples)
def test_the_order_of_penalties_does_not_matter(penalty, shares):
    given_ = cross(penalty, shares)

    def intervals(some):
        found = contrasts(some, HEADLINE)
        return sorted((one.axes, round(one.interval[0], 9)) for one in found)

    # a difference of exactly nothing may be told either way round
    if all(one.estimate for one in contrasts(given_, HEADLINE)):
        assert intervals(given_) == intervals(given_[::-1])


@given(triples)
def test_the_same_penalties_everywhere_are_never_told_apart(penalty, shares):
    same = cross(penalty, [shares[0]] * 8)
    assert not any(one.settled for one in contrasts(same, HEADLINE))


@given(triples, st.lists(st.floats(0, 1), min_size=8, max_size=8))
def test_every_statement_is_true_where_the_intervals_are(penalty, shares, parts):
    given_ = cross(penalty, shares)
    own = [share_of(one) for one in given_]
    truths = {
        (one.at, one.metric): share.low + part * (share.high - share.low)
        for one, share, part in zip(given_, own, parts, strict=True)
    }
    for one in contrasts(given_, HEADLINE):
        gaps = [truths[a] - truths[b] for a, b in zip(one.more, one.less, strict=True)]
        truth = gaps[0] - (gaps[1] if len(gaps) > 1 else 0.0)
        assert one.interval[0] - 1e-9 <= truth <= one.interval[1] + 1e-9
        if one.factor is not None and len(gaps) == 1:
            low, high = one.factor
            assert truths[one.more[0]] >= low * truths[one.less[0]] - 1e-9
            assert high is None or truths[one.more[0]] <= high * truths[one.less[0]] + 1e-9
