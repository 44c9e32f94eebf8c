from __future__ import annotations

import numpy as np
import pytest
from scipy import stats as scipy_stats

from quantassay.records.foretelling import Observed
from quantassay.stats import holm
from quantassay.tendencies.definitions import definitions_of
from quantassay.tendencies.foretelling import foretold, unknown


def triple(model, loss, scheme="int8", **tendencies):
    named = {name.replace("_", "-"): value for name, value in tendencies.items()}
    return Observed("runs/a", "digits", model, scheme, scheme, "top1", loss, None, named)


@pytest.fixture
def triples():
    """Two schemes of 20 models; the noise of a layer foretells, the kurtosis does not."""
    rng = np.random.default_rng(0)
    found = []
    for model in range(20):
        kurtosis = rng.exponential()
        for scheme in ("int8", "int4"):
            noise = rng.normal(30, 5)
            loss = -0.01 * noise + rng.normal(0, 0.01)
            found.append(
                triple(str(model), loss, scheme, layer_noise=noise, activation_kurtosis=kurtosis)
            )
    return found


def test_positive_is_as_said(triples):
    """A low signal to noise is said to go with a larger loss, and does: the sign is turned."""
    strongest = foretold(triples)[0]
    noise = [one.tendencies["layer-noise"] for one in triples]
    plain = scipy_stats.spearmanr(noise, [one.loss for one in triples]).statistic
    assert plain < 0
    assert (strongest.name, strongest.said) == ("layer-noise", "lower")
    assert strongest.correlation == pytest.approx(-plain)
    assert strongest.settled
    assert (strongest.triples, strongest.models) == (40, 20)


def test_settled_is_holm_over_the_table(triples):
    found = foretold(triples)
    p = [one.p for one in found]
    assert [one.p_adjusted for one in found] == pytest.approx(holm(p).tolist())
    assert not found[1].settled
    low, high = found[1].interval
    assert low < 0 < high


def test_below_ten_models_described_only(triples):
    few = [one for one in triples if int(one.model) < 9]
    for one in foretold(few):
        assert one.correlation is not None
        assert (one.interval, one.p, one.p_adjusted, one.settled) == (None, None, None, False)
        assert one.reason == "fewer than 10 models: described only"


def test_a_tendency_counts_the_triples_that_have_it(triples):
    some = [
        triple(one.model, one.loss, layer_noise=one.tendencies["layer-noise"])
        if int(one.model) < 12
        else triple(one.model, one.loss, activation_kurtosis=1.0)
        for one in triples
    ]
    found = {one.name: one for one in foretold(some)}
    assert (found["layer-noise"].triples, found["layer-noise"].models) == (24, 12)
    kurtosis = found["activation-kurtosis"]
    assert kurtosis.correlation is None
    assert kurtosis.reason == "it is the same in every triple"


@pytest.mark.parametrize(
    ("x", "y", "why"),
    [
        (lambda _: 3.0, float, "it is the same in every triple"),
        (float, lambda _: 0.0, "the loss is the same in every triple"),
        (float, lambda at: float(at == 3), "it rests on one model"),
    ],
)
def test_why_there_is_no_interval(x, y, why):
    found = foretold([triple(str(at), y(at), weight_outliers=x(at)) for at in range(12)])[0]
    assert (found.interval, found.reason) == (None, why)


def test_names_that_nothing_defines_are_told_and_not_tabulated(triples):
    odd = [triple(one.model, one.loss, moon_phase=1.0) for one in triples]
    assert foretold(odd) == ()
    assert unknown(odd) == ("moon-phase",)
    assert unknown(triples) == ()


def test_definitions_of_what_is_tabulated(triples):
    def tabulated(those):
        return [one.name for one in definitions_of(one.name for one in foretold(those))]

    shares = [triple(one.model, one.loss, **{"pruning-loss-0.3": one.loss}) for one in triples]
    assert tabulated(shares) == ["pruning-loss"]
    assert tabulated(triples) == ["activation-kurtosis", "layer-noise"]


def test_no_triples_no_table():
    assert foretold([]) == ()
