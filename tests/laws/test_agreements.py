"""Every registered agreement obeys these, ours and strangers'."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantassay import plugins
from quantassay.pairing.agreement import agreements

# what full agreement reads
NEUTRAL = {"answer_changes": 0.0, "flips": 0.0, "kl": 0.0, "topk_overlap": 1.0}

every_agreement = pytest.mark.parametrize("name", sorted(NEUTRAL))


def test_no_agreement_is_left_out():
    assert sorted(NEUTRAL) == plugins.names("agreements")


def found(name, pair, first, second):
    measure = plugins.load("agreements", name)()
    return agreements(measure, pair.samples, first, second, "c", pair.parts, pair.units, 0.025)


@every_agreement
@given(data=st.data())
def test_a_variant_agrees_with_itself(name, pairs, data):
    pair = data.draw(pairs())
    cells = found(name, pair, pair.reference, pair.reference)
    assert len(cells) == 4
    for cell in cells:
        assert cell.value is None if cell.n == 0 else cell.value == NEUTRAL[name]


@every_agreement
@given(data=st.data())
def test_the_order_of_samples_does_not_matter(name, pairs, data):
    pair = data.draw(pairs())
    moved = pair.taken(np.array(data.draw(st.permutations(range(len(pair.samples))))))
    first = found(name, pair, pair.reference, pair.candidate)
    assert first == found(name, moved, moved.reference, moved.candidate)


@every_agreement
@given(data=st.data())
def test_what_failed_is_left_out_and_counted(name, pairs, data):
    pair = data.draw(pairs())
    whole = found(name, pair, pair.reference, pair.candidate)[0]
    assert whole.n == (~(pair.reference.failed | pair.candidate.failed)).sum()


@every_agreement
@given(data=st.data())
def test_an_interval_holds_its_value(name, pairs, data):
    pair = data.draw(pairs())
    for cell in found(name, pair, pair.reference, pair.candidate):
        if cell.interval is not None:
            assert cell.interval[0] - 1e-9 <= cell.value <= cell.interval[1] + 1e-9
