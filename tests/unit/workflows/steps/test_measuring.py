from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest

from quantassay.errors import UserCodeError
from quantassay.metrics.classes.top1 import Top1
from quantassay.pairing.strata import whole
from quantassay.records.samples import Partition
from quantassay.rubrics.model import Margin
from quantassay.testing import random_pair
from quantassay.workflows.steps.measuring import arranged, measure
from quantassay.workflows.steps.question import Asked, Question


@dataclass(frozen=True)
class Broken(Top1):
    """A metric of somebody else that cannot read what it is given."""

    def rows(self, samples, predictions):
        return float("not a number")


@dataclass(frozen=True)
class Skilled(Top1):
    """Half is what guessing gets."""

    no_skill = 0.5


def measured(metric, pair):
    question = Question([Asked(metric, None, {})], [], None, 0.95)
    names = ("ref", "cand")
    return measure(metric, pair.samples, pair.reference, pair.candidate, names, question)


def test_what_a_strangers_metric_raises_is_an_error_of_its_package():
    with pytest.raises(UserCodeError, match=r"metric 'top1' of .*test_measuring raised ValueError"):
        measured(Broken(), random_pair(0, 20))


def test_a_reference_has_no_more_to_lose_than_it_has_above_guessing():
    pair = random_pair(1, 200)
    parts = [whole(200)]
    plain = measured(Top1(), pair).headroom(parts)
    assert measured(Skilled(), pair).headroom(parts) == pytest.approx(plain - 0.5)


def test_measurements_are_not_called_right_or_wrong():
    from quantassay.workflows.compare import compare

    random = np.random.default_rng(0)
    target = random.normal(size=60)
    sides = [
        pd.DataFrame({"id": np.arange(60).astype(str), "target": target, "prediction": target + e})
        for e in (0.1, 0.2)
    ]
    found = compare(*sides, metric="mae:cap=1")
    assert not any("is right on" in text for text in found.findings)


@pytest.mark.parametrize("rule", ["block", "watch", "pool"])
def test_a_stricter_level_takes_no_stratum_out_of_the_gate(rule):
    # 200 samples are enough at .025 (183), and too few at a tenth of it (297)
    pair, margin = random_pair(2, 400), Margin(value=0.02)
    part = Partition("half", [{"half": "a"}, {"half": "b"}], np.repeat([0, 1], 200))
    question = Question(
        [Asked(Top1(), margin, {"half": margin})], [part], None, 0.995,
        small_strata=rule, declared_alpha=0.025,
    )  # fmt: skip
    asked = question.metrics[0]
    names = ("ref", "cand")
    found = measure(Top1(), pair.samples, pair.reference, pair.candidate, names, question)
    made = arranged(question, asked, [whole(400), part], lambda parts: found.evidence(parts, None))
    assert [one.role for one in made.declared] == ["gate"] * 3
    alone = arranged(
        replace(question, declared_alpha=None), asked, [whole(400), part],
        lambda parts: found.evidence(parts, None),
    )  # fmt: skip
    assert ([one.role for one in alone.declared] == ["gate"] * 3) == (rule == "block")
