from __future__ import annotations

import numpy as np

from quantassay.evidence import Binary
from quantassay.evidence.bracketed import Bracketed
from quantassay.evidence.dependence import dependence
from quantassay.evidence.strict import strict

RIGHT = np.ones(40)
ANSWER = np.r_[np.zeros(8), np.ones(32)]
PAIRS = np.repeat(np.arange(20), 2)


def test_clusters_that_fall_together_say_so_through_every_reading(state):
    plain = state(Binary(), RIGHT, ANSWER, units=PAIRS).evidence()
    effect, correlation = dependence(plain)
    assert effect[0] > 1.5
    # whole pairs are lost together
    assert correlation[0] > 0.9
    for other in (Bracketed(plain, plain), strict(plain), strict(Bracketed(plain, plain))):
        assert dependence(other) == (effect, correlation)


def test_independent_samples_have_none(state):
    effect, correlation = dependence(state(Binary(), RIGHT, ANSWER).evidence())
    assert np.isnan(effect).all()
    assert np.isnan(correlation).all()
