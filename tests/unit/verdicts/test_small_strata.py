from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from quantassay.records.samples import Partition
from quantassay.verdicts.cells import Declared
from quantassay.verdicts.small_strata import POOLED, apply_rule, pooled, small

CODES = np.array([0] * 200 + [1] * 5 + [2] * 7 + [-1] * 3)
PART = Partition("digit", ({"digit": "0"}, {"digit": "1"}, {"digit": "2"}), CODES)


@pytest.fixture
def declared():
    return [Declared(label, 0.02, "gate") for label in PART.labels]


def test_small_is_below_its_floor(counted, declared):
    evidence = counted([(50, 0, 200), (0, 0, 5), (0, 5, 7)])
    assert small(evidence, declared, 0.025).tolist() == [False, True, True]


def test_scores_do_not_matter(counted, declared):
    quiet = counted([(0, 0, 200), (0, 0, 5), (0, 0, 7)])
    noisy = counted([(200, 0, 200), (5, 0, 5), (0, 7, 7)])
    assert small(quiet, declared, 0.025).tolist() == small(noisy, declared, 0.025).tolist()


def test_only_gates_of_a_stratum_can_be_small(counted, declared):
    evidence = counted([(0, 0, 5)] * 3)
    declared[0] = replace(declared[0], role="watch")
    declared[1] = Declared(PART.labels[1])
    assert small(evidence, declared, 0.025).tolist() == [False, False, True]
    whole = [Declared({}, 0.02, "gate")]
    assert small(counted([(0, 0, 5)]), whole, 0.025).tolist() == [False]


BELOW = np.array([False, True, True])


def test_block_leaves_them_in_the_gate(declared):
    assert apply_rule(declared, BELOW, "block") == declared


@pytest.mark.parametrize(("rule", "word"), [("pool", "pooled"), ("watch", "watched")])
def test_the_others_move_them_out_and_say_why(declared, rule, word):
    found = apply_rule(declared, BELOW, rule)
    assert [one.role for one in found] == ["gate", "watch", "watch"]
    assert word in found[1].why
    assert found[0].why == ""


def test_a_critical_stratum_always_gates(declared):
    declared[1] = replace(declared[1], critical=True)
    assert [one.role for one in apply_rule(declared, BELOW, "watch")] == ["gate", "gate", "watch"]


def test_pooled_holds_the_small_ones_alone():
    found = pooled(PART, BELOW)
    assert found.labels == ({"digit": POOLED},)
    assert (found.codes == 0).sum() == 12
    assert (found.codes[:200] == -1).all()
    assert (found.codes[-3:] == -1).all()


def test_nothing_to_pool():
    assert pooled(PART, np.zeros(3, bool)) is None
    assert pooled(replace(PART, critical=True), BELOW) is None
