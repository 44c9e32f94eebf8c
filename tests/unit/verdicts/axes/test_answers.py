from __future__ import annotations

import re
from itertools import product

import pytest

from quantassay.verdicts.axes import AXES, answers, conclusion, contrasts

TASKS, MODELS = ("digits", "texts"), ("plain", "outliers")


def asked(penalties, **headline):
    headline = headline or dict.fromkeys(TASKS, "top1")
    found = contrasts(penalties, headline)
    told = answers(found, penalties, headline)
    assert [one.axes for one in told] == list(AXES)
    return {one.axes: one for one in told}


def cross(penalty, width=0.005, **more):
    """Outliers cost texts 40 pp, and little else; Brier half of it."""
    losses = {("texts", "outliers"): 0.40, ("texts", "plain"): 0.03, ("digits", "outliers"): 0.04}
    return [
        penalty(
            task, model, metric, loss=loss * scale / half,
            ends=((loss - width) * scale / half, (loss + width) * scale / half), largest=scale,
            **more,
        )
        for task, model, (metric, scale, half) in product(
            TASKS, MODELS, (("top1", 1.0, 1), ("brier", 2.0, 2))
        )
        for loss in [losses.get((task, model), 0.01)]
    ]  # fmt: skip


def test_every_sentence_by_hand(penalty):
    told = {axes: one.words for axes, one in asked(cross(penalty)).items()}
    assert told["task",] == (
        "The task moves the penalty: int8 on the model 'outliers' costs texts 35.00 to 37.00 pp "
        "more than digits (top1), 8.78 to 11.6 times as much; 2 of 2 contrasts are settled; none "
        "is larger than 37.00 pp of the largest loss."
    )
    assert told["model",] == (
        "The model moves the penalty: int8 costs the model 'outliers' 36.00 to 38.00 pp more than "
        "'plain' on texts (top1), 11.3 to 16.2 times as much; 4 of 4 contrasts are settled; none "
        "is larger than 38.00 pp of the largest loss."
    )
    assert told["metric",] == (
        "The metric moves the penalty: int8 costs the model 'outliers' 19.25 to 20.75 pp of the "
        "largest loss more by top1 than by brier on texts, 1.95 to 2.05 times as much; 3 of 4 "
        "contrasts are settled; none is larger than 20.75 pp of the largest loss."
    )
    assert told["task", "model"] == (
        "Task and model interact: what int8 costs the model 'outliers' beyond 'plain' is 32.00 to "
        "36.00 pp more on texts than on digits (top1); the one contrast is settled, 1 as a ratio "
        "of penalties; none is larger than 36.00 pp of the largest loss."
    )
    assert told["model", "metric"].startswith(
        "Model and metric interact: what int8 costs the model 'outliers' beyond 'plain' on texts "
        "is 17.00 to 20.00 pp of the largest loss more by top1 than by brier; "
    )
    assert told["task", "metric"].startswith(
        "Task and metric interact: what int8 costs the model 'outliers' by top1 beyond brier is "
        "16.50 to 19.50 pp of the largest loss more on texts than on digits; "
    )


def test_figures_are_those_of_the_contrasts(penalty):
    for one in asked(cross(penalty)).values():
        assert one.largest is not None and one.at_most is not None
        low, high = one.largest.interval
        shown = [f"{100 * value:.2f}" for value in (low, high, one.at_most)]
        assert all(text in one.words for text in shown)
        assert one.settled == sum(
            c.settled for c in contrasts(cross(penalty), dict.fromkeys(TASKS, "top1"))
            if c.axes == one.axes
        )  # fmt: skip


def test_the_clearest_is_the_one_farthest_from_zero(penalty):
    some = [
        penalty("digits", "a", loss=0.0, ends=(0.0, 0.0)),
        penalty("digits", "b", loss=0.30, ends=(0.1, 0.5)),
        penalty("digits", "c", loss=0.25, ends=(0.2, 0.3)),
    ]
    found = asked(some)["model",]
    assert found.largest is not None
    assert found.largest.more[0][0].model == "c"
    assert found.at_most == pytest.approx(0.5)


def test_nothing_settled(penalty):
    told = asked(cross(penalty, width=0.4))
    assert told["task",].words == (
        "Not shown: none of 2 contrasts is settled; none is larger than 116.00 pp of the largest "
        "loss."
    )
    assert told["task", "model"].words.startswith("Not shown: the one contrast is not settled; ")
    assert told["task",].largest is None
    assert conclusion(list(told.values())).startswith(
        "The claim that task, model and metric each move the penalty, and interact, was not shown "
        "in this study: not settled: task, model, "
    )


def test_less_than_any_margin_is_said(penalty):
    some = [
        penalty(model=name, loss=loss, ends=(loss - 1e-4, loss + 1e-4), margin=0.02)
        for name, loss in (("a", 0.001), ("b", 0.002))
    ]
    assert asked(some)["model",].words.endswith(
        "the one contrast is settled; none is larger than 0.12 pp (less than the smallest margin, "
        "2.00)."
    )


def test_a_small_figure_keeps_its_first_digit(penalty):
    some = [
        penalty(model=name, loss=loss, ends=(loss - 1e-6, loss + 1e-6))
        for name, loss in (("a", 0.0), ("b", 2e-5))
    ]
    assert "0.002 pp more" in asked(some)["model",].words


def test_an_open_factor_is_said_as_a_least_one(penalty):
    some = [
        penalty(model="a", loss=0.0, ends=(-0.01, 0.01)),
        penalty(model="b", loss=0.3, ends=(0.2, 0.4)),
    ]
    assert ", at least 20.0 times as much; " in asked(some)["model",].words


def test_a_large_factor_is_written_out(penalty):
    some = [
        penalty(model="a", loss=1e-4, ends=(-1e-4, 1e-4)),
        penalty(model="b", loss=0.3, ends=(0.2, 0.4)),
    ]
    assert ", at least 2,000 times as much; " in asked(some)["model",].words


def test_an_interaction_of_differences_alone_says_so(penalty):
    some = [
        penalty(task, model, loss=loss, ends=(loss * 0.9, loss * 1.1))
        for (task, model), loss in zip(product(TASKS, MODELS), (0.01, 0.02, 0.2, 0.4), strict=True)
    ]
    found = asked(some)["task", "model"]
    assert (found.settled, found.by_factor) == (1, 0)
    assert "the one contrast is settled, none as a ratio of penalties;" in found.words


def test_other_names_of_metrics_are_both_named(penalty):
    some = [
        penalty("digits", loss=0.01, ends=(0.0, 0.02)),
        penalty("texts", metric="recall@1", loss=0.4, ends=(0.3, 0.5)),
    ]
    words = asked(some, digits="top1", texts="recall@1")["task",].words
    assert "more than digits (recall@1 against top1), at least 15.0 times" in words


def test_interactions_by_ratio_are_counted(penalty):
    some = [
        penalty(task, model, loss=loss, ends=(loss * 0.9, loss * 1.1))
        for (task, model), loss in zip(
            product(TASKS, MODELS), (0.01, 0.02, 0.01, 0.2), strict=True
        )
    ]  # fmt: skip
    found = asked(some)["task", "model"]
    assert (found.settled, found.by_factor) == (1, 1)
    assert "the one contrast is settled, 1 as a ratio of penalties;" in found.words
    assert asked(some)["task",].by_factor is None


@pytest.mark.parametrize(
    ("names", "axes", "why"),
    [
        ([("digits", "plain", "top1")], ("task",), "one task only"),
        ([("digits", "plain", "top1")], ("task", "model"), "one task only; one model only"),
        (
            [("digits", "plain", "top1"), ("texts", "outliers", "top1")],
            ("task",),
            "no two tasks share a model",
        ),
        (
            [("digits", "plain", "top1"), ("texts", "outliers", "brier")],
            ("model", "metric"),
            "no two penalties differ in model and metric alone",
        ),
    ],
)
def test_what_cannot_be_asked_says_why(penalty, names, axes, why):
    told = asked([penalty(*one, loss=0.1, ends=(0.0, 0.2)) for one in names])
    assert told[axes].words.startswith("Cannot be asked: ")
    assert why in told[axes].reason
    assert told[axes].contrasts == 0


def test_a_study_of_nothing_says_so(penalty):
    told = asked([])
    assert told["task",].reason == "nothing was measured"
    unmeasured = asked([penalty(loss=None, ends=None)])
    assert "no penalty has an interval" in unmeasured["task",].reason
    assert conclusion(list(told.values())) == (
        "This study cannot say that task, model and metric each move the penalty, and interact: "
        "nothing in it can be compared."
    )


def test_what_is_left_out_is_said(penalty):
    more = [
        penalty("digits", metric="perplexity", loss=0.1, largest=None),
        penalty("digits", "other", loss=None, ends=None),
    ]
    told = asked([*cross(penalty), *more])
    assert told["task",].reason == (
        "not compared, since no largest loss is known: perplexity; "
        "not compared, since they have no interval: 1 of 10 penalties"
    )


def test_the_claim_held_in_part(penalty):
    told = asked([one for one in cross(penalty) if one.metric == "top1"])
    assert conclusion(list(told.values())) == (
        "The claim that task, model and metric each move the penalty, and interact, held in part "
        "in this study: settled, by so many pp of the largest loss or more: task (35.00), model "
        "(36.00), task x model (32.00); not asked: metric, model x metric, task x metric."
    )


def test_the_claim_held(penalty):
    words = conclusion(list(asked(cross(penalty)).values()))
    assert "held in this study: settled" in words
    assert not re.search("not settled|not asked", words)
