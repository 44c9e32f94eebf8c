"""Every registered agreement obeys every law, ours and strangers'."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantassay import plugins
from quantassay.testing.laws import (
    AGREEMENT_LAWS,
    a_variant_agrees_with_itself,
    agreement_is_declared,
)

# what full agreement reads, and options that an agreement cannot do without; every one is here
AGREEMENTS = {
    "answer_changes": (0.0, {}),
    "cosine": (1.0, {}),
    "crossings": (0.0, {"threshold": 0.5}),
    "document_cosine": (1.0, {}),
    "flips": (0.0, {}),
    "kl": (0.0, {}),
    "kl_quantile": (0.0, {}),
    "overlap_at_k": (1.0, {"k": 2}),
    "retrieval_crossings": (0.0, {"threshold": 2.0}),
    "same_top": (1.0, {}),
    "topk_overlap": (1.0, {}),
}
SEEDS = st.integers(0, 2**32 - 1)

every_agreement = pytest.mark.parametrize("name", sorted(AGREEMENTS))


def test_no_agreement_is_left_out():
    assert sorted(AGREEMENTS) == plugins.names("agreements")


def measure(name):
    return plugins.configured("agreements", name, AGREEMENTS[name][1])


@every_agreement
def test_an_agreement_is_declared(name):
    agreement_is_declared(measure(name))


@every_agreement
@given(data=st.data())
def test_a_variant_agrees_with_itself(name, pairs, data):
    a_variant_agrees_with_itself(measure(name), data.draw(pairs()), AGREEMENTS[name][0])


@pytest.mark.parametrize("law", [pytest.param(law, id=law.name) for law in AGREEMENT_LAWS])
@every_agreement
@given(data=st.data())
def test_an_agreement_obeys(name, law, pairs, data):
    pair = data.draw(pairs(law.most, law.failing, law.clustered))
    law.check(measure(name), pair, np.random.default_rng(data.draw(SEEDS)))
