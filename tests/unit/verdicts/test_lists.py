from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats
from quantassay.verdicts.cells import judge
from quantassay.verdicts.lists import proven_fine, suspects

ALPHA = 0.025


def test_proven_fine_is_holms_list_of_strata_that_pass(group):
    # alone each passes at .025; both at once only if the better one passes at .0125
    cells = judge(
        "int8", "fp32", [group([(0, 0, 380), (0, 0, 900), (9, 0, 900)], [0.01] * 3)], 0.95
    )
    found = proven_fine(cells, ALPHA)
    assert [cell.verdict for cell in cells] == ["pass", "pass", "inconclusive"]
    assert [one.stratum for one in found] == [{"part": "1"}]
    assert found[0].p == pytest.approx(3 * cells[1].p_within)
    assert (found[0].n, found[0].loss, found[0].margin) == (900, 0.0, 0.01)


def test_each_candidate_has_a_family_of_its_own(group):
    one = judge("int8", "fp32", [group([(0, 0, 400)], [0.01])], 0.95)
    other = judge("int4", "fp32", [group([(0, 0, 400)], [0.01])], 0.95)
    assert [x.candidate for x in proven_fine([*one, *other], ALPHA)] == ["int8", "int4"]


def test_what_is_watched_or_undefined_is_no_part_of_it(group):
    cells = judge(
        "a", "b", [group([(0, 0, 900)], [0.01], "watch"), group([(0, 0, 0)], [0.01])], 0.95
    )
    assert proven_fine(cells, ALPHA) == ()


def test_a_small_p_is_no_proof_where_the_verdict_is_withheld(group):
    cells = judge("a", "b", [group([(0, 0, 900)], [0.01], blind="nothing could be seen")], 0.95)
    assert cells[0].verdict == "insufficient"
    assert proven_fine(cells, ALPHA) == ()


def test_suspects_are_strata_without_a_margin_at_a_false_discovery_rate(group):
    tables = [(12, 0, 300), (8, 1, 300), (3, 2, 300), (0, 9, 300)]
    groups = [group(tables, [None] * 4), group([(60, 0, 300)], [0.05])]
    cells = judge("int8", "fp32", groups, 0.95)
    found = suspects(cells, groups)
    assert [one.stratum["part"] for one in found] == ["0", "1"]
    b, c, n = np.array(tables).T
    p = stats.binary_p_beyond(b, c, n, np.zeros(4))
    assert [one.p for one in found] == pytest.approx(stats.benjamini_hochberg(p)[:2].tolist())
    assert all(one.margin is None for one in found)


def test_without_such_strata_there_are_no_suspects(group):
    groups = [group([(60, 0, 300)], [0.05])]
    assert suspects(judge("a", "b", groups, 0.95), groups) == ()
