from __future__ import annotations

from quantassay import stats
from quantassay.evidence.outlook import Prospect, binary_outlook, mean_outlook, no_outlook

CELL = Prospect(size=1500.7, margin=0.02, alpha=0.025, power=0.9)


def test_binary():
    found = binary_outlook(CELL, 0.03)
    assert found.power == stats.binary_power(1500, 0.02, 0.03, 0.0, 0.025)
    assert found.needed >= stats.binary_sample_size(0.02, 0.03, 0.0, 0.9, 0.025)
    assert 0 < found.detectable < 0.02


def test_a_larger_discordance_needs_more():
    assert binary_outlook(CELL, 0.10).needed > binary_outlook(CELL, 0.03).needed
    assert mean_outlook(CELL, 0.10, 1.0).needed > mean_outlook(CELL, 0.03, 1.0).needed


def test_a_mean_without_a_cap_has_none():
    found = mean_outlook(CELL, 0.03, None)
    assert (found.needed, found.power, found.detectable) == (None, None, None)
    assert "no cap" in found.why


def test_what_cannot_be_said_is_none_with_the_reason():
    assert no_outlook(0.1, "nobody knows").why == "nobody knows"
    # an undefined figure is not a number, so it is not shown as one
    assert mean_outlook(Prospect(0.0, 0.02, 0.025, 0.9), 0.03, 1.0).detectable is None
