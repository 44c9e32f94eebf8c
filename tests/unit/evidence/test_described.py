from __future__ import annotations

import numpy as np

from quantassay.evidence import Described

WHY = "no interval is known"


def test_two_values_and_no_inference(state, part):
    parts = [part([0, 0, 0]), part([0, 0, 1], strata=3)]
    found = state(Described(WHY), [1, 2, 3], [1, 1, 1], parts).evidence()
    assert found.n.tolist() == [3, 2, 1, 0]
    assert found.reference[:3].tolist() == [2.0, 1.5, 3.0]
    assert found.loss[:3].tolist() == [1.0, 0.5, 2.0]
    assert found.undefined == [WHY, WHY, WHY, "no samples"]
    margin = np.full(4, 0.1)
    for figure in (
        *found.bounds(0.025),
        found.p_within(margin),
        found.p_beyond(margin),
        found.needed(margin, 0.025, 0.9),
        found.detectable(0.025, 0.9),
    ):
        assert np.isnan(figure).all()
    assert np.isinf(found.floor(margin, 0.025)).all()
    assert found.size().tolist() == [3, 2, 1, 0]


def test_lower_is_better_turns_the_sign(state):
    assert state(Described(WHY), [1], [3], higher=False).evidence().loss.tolist() == [2.0]


def test_shards_add_to_the_last_bit(state):
    first, second = np.random.default_rng(0).random((2, 50))
    whole = state(Described(WHY), first, second).evidence()
    parts = [state(Described(WHY), first[i::3], second[i::3]) for i in range(3)]
    added = (parts[2] + parts[0] + parts[1]).evidence()
    assert added.loss.tolist() == whole.loss.tolist()
