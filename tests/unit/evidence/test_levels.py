"""Each cell may have a level of its own."""

from __future__ import annotations

import numpy as np
import pytest

from quantassay.evidence import Binary, Described, Mean
from quantassay.evidence.bracketed import Bracketed

LEVELS = np.array([0.025, 0.0004])
MARGIN = np.array([0.05, 0.05])
RNG = np.random.default_rng(6)
FIRST = np.ones(400)
SECOND = (RNG.random(400) > 0.05).astype(float)
CODES = np.arange(400) % 2


@pytest.fixture(params=["binary", "mean", "clusters", "described", "bracketed"])
def evidence(request, state, part):
    parts, units = [part(CODES, 2)], np.arange(400) // 4
    if request.param == "described":
        return state(Described("why"), FIRST, SECOND, parts).evidence()
    if request.param == "bracketed":
        sides = [state(Binary(), FIRST, s, parts).evidence() for s in (SECOND, FIRST)]
        return Bracketed(*sides)
    kind = Mean(cap=1.0) if request.param == "mean" else Binary()
    return state(
        kind, FIRST, SECOND, parts, units if request.param == "clusters" else None
    ).evidence()


def test_figures_are_those_of_each_level(evidence):
    for figure in (
        lambda level: np.stack(evidence.bounds(level)),
        lambda level: evidence.floor(MARGIN, level),
        lambda level: evidence.needed(MARGIN, level, 0.9),
        lambda level: evidence.detectable(level, 0.9),
    ):
        both = figure(LEVELS)
        alone = [figure(float(level)) for level in LEVELS]
        for cell in range(2):
            np.testing.assert_allclose(both[..., cell], alone[cell][..., cell], rtol=1e-6)
