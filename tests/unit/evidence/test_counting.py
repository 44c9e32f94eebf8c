from __future__ import annotations

import numpy as np

from quantassay.evidence import Auroc, Binary, Mean
from quantassay.evidence.bracketed import Bracketed
from quantassay.evidence.counting import counted
from quantassay.evidence.strict import strict
from quantassay.evidence.unlabelled import Unlabelled

SIDES = np.ones(8), np.ones(8)
PAIRS = np.arange(8) // 2


def test_single_samples_are_counted_as_samples(state):
    assert counted(state(Binary(), *SIDES).evidence()) == ["samples"]
    assert counted(state(Mean(1.0), *SIDES).evidence()) == ["samples"]


def test_clusters_are_counted_only_where_samples_share_one(state, part):
    parts = [part([0] * 4 + [1] * 4, 2)]
    units = [0, 0, 1, 1, 2, 3, 4, 5]
    found = counted(state(Binary(), *SIDES, parts, units).evidence())
    assert found == ["clusters of the largest size (2)", "samples"]


def test_what_wraps_evidence_counts_as_it_does(state):
    clustered = state(Binary(), *SIDES, units=PAIRS).evidence()
    wanted = ["clusters of the largest size (2)"]
    assert counted(strict(clustered)) == wanted
    assert counted(Bracketed(clustered, clustered)) == wanted
    assert counted(Unlabelled(clustered, clustered, np.array([1]), 1.0)) == wanted


def test_a_ranking_counts_its_smaller_class(part):
    rows = np.column_stack([np.arange(8) / 8, np.arange(8) % 2])
    whole = [part(np.zeros(8))]
    for units, wanted in (
        (None, "samples of the smaller class"),
        (PAIRS, "clusters of the largest size"),
    ):
        found = Auroc().accumulate(rows, rows, whole, units, None, True).evidence()
        assert counted(found) == [wanted]
