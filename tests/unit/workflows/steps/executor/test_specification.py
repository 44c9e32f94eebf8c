from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from quantassay import plugins
from quantassay.records.artifacts import VariantFacts
from quantassay.records.executor import EngineUse
from quantassay.rubrics.model import Rubric
from quantassay.workflows.steps.executor.specification import criterion_of, told, used

VARIANT = VariantFacts("int8", "", None, "int8", gate=True)


def rubric(**changes):
    whole = {
        "rubric": "r/1",
        "task": {"name": "t", "data": {"path": "p", "target": "t"}},
        "metrics": [{"name": "top1", "margin": 0.02}],
        "reference": "fp32",
        "variants": {"fp32": {"model": "m"}, "int8": {"model": "n"}},
    }
    return Rubric.model_validate({**whole, **changes})


def test_a_criterion_holds_every_margin_and_the_speedup():
    declared = rubric(
        metrics=[
            {"name": "top1", "margin": 0.02, "by": {"digit": {"value": 0.1, "gate": False}}},
            {"name": "f1", "average": "macro", "margin": 0.03},
            {"name": "ece"},
        ],
        timing={"speedup": 1.5},
        confidence=0.9,
    )
    found = criterion_of(declared, VARIANT)
    assert found.margins == {
        "top1": {"overall": 0.02, "digit (watched)": 0.1},
        "f1(average=macro)": {"overall": 0.03},
    }
    assert (found.confidence, found.speedup, found.gate) == (0.9, 1.5, True)


def test_nothing_is_asked_of_the_reference_nor_a_speedup_where_nothing_is_timed():
    assert criterion_of(rubric(), VariantFacts("fp32", "", None, "fp32", gate=True)) is None
    assert criterion_of(rubric(timing=None), VARIANT).speedup is None


@pytest.mark.parametrize("name", ["no layers", "layers"])
def test_an_engine_from_outside_need_not_tell_of_its_libraries(monkeypatch, name):
    facts = {"driver": {"devices": "none found"}}
    engines = {"no layers": object(), "layers": SimpleNamespace(layers=lambda: facts)}
    monkeypatch.setattr(plugins, "load", lambda kind, name: engines[name])
    assert told(name) == ({} if name == "no layers" else facts)


class Learner:
    """A session that knows what it runs once it ran."""

    learns_from_a_batch = True

    def __init__(self):
        self.ran, self.closed = 0, False

    def run(self, batch):
        self.ran += len(batch["x"])
        return {}

    def use(self):
        return EngineUse("mine", "1", "cpu", self.ran, None)

    def close(self):
        self.closed = True


def test_a_session_that_learns_from_a_batch_is_given_the_first():
    session = Learner()
    exam = SimpleNamespace(
        batches=lambda: iter([(0, {"x": np.zeros(4)}), (4, {"x": np.zeros(4)})]),
        rubric=SimpleNamespace(inference=SimpleNamespace(batch=4)),
    )
    found = used(exam, SimpleNamespace(open=lambda: session))
    assert (found.threads, found.batch, session.closed) == (4, 4, True)
