from __future__ import annotations

import pandas as pd
import pytest

from quantassay.errors import PairingError
from quantassay.workflows.steps.gold import gold_of
from quantassay.workflows.steps.tables import Columns, read


def tables(*targets, **more):
    return [
        read(
            pd.DataFrame({"id": [*"abc"], "prediction": [0, 1, 2], "target": one, **more}),
            Columns(),
        )
        for one in targets
    ]


def gold(recorded, labels=None):
    return gold_of(recorded, [f"t{i}" for i in range(len(recorded))], labels, Columns())


def test_all_targets_are_targets():
    target, labels = gold(tables([0, 1, 2], [None, 1, None]))
    assert (target.tolist(), labels) == ([0, 1, 2], None)


def test_what_one_table_lacks_another_may_have():
    target, labels = gold(tables([0, None, None], [None, 1, None]))
    assert target is None
    assert labels.known.tolist() == [True, True, False]
    assert labels.target[:2].tolist() == [0, 1]


def test_labels_fill_the_rest():
    rest = pd.DataFrame({"id": ["c", "b"], "target": [2, 1]})
    target, labels = gold(tables([0, None, None]), rest)
    assert (target.tolist(), labels) == ([0, 1, 2], None)


def test_numbers_and_text_are_one_name():
    rest = pd.DataFrame({"id": ["b", "c"], "target": ["1", "none"]})
    target, _ = gold(tables([0, None, None]), rest)
    assert target.tolist() == ["0", "1", "none"]


def test_nothing_at_all_is_known():
    target, labels = gold(tables([None] * 3))
    assert target is None
    assert not labels.known.any()


def test_correctness_takes_the_place_of_targets():
    assert gold(tables([0, None, None], correct=[1, 1, 0])) == (None, None)


def test_contradictions_are_refused():
    with pytest.raises(PairingError, match="t0 and t1 disagree"):
        gold(tables([0, None, 2], [0, None, 1]))
    with pytest.raises(PairingError, match="labels disagree"):
        gold(tables([0, None, 2]), pd.DataFrame({"id": ["a"], "target": [9]}))
