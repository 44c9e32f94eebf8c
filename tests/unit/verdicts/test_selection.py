from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy import stats as scipy_stats

from quantassay import stats
from quantassay.verdicts.cells import judge
from quantassay.verdicts.selection import Rule, after_choice, chosen, guarantee, outcome, tried

ALPHA, MARGIN, N = 0.025, 0.05, 206
FAST, SEQUENCE = "fastest-first", "fixed-sequence"
VERDICTS = ("pass", "fail", "inconclusive", "insufficient", None)


def choose(rule, verdicts):
    """Choose among candidates whose verdicts are known; return who was asked, and the choice."""
    found = list(tried(rule, [str(i) for i in range(len(verdicts))], lambda n: verdicts[int(n)]))
    return [name for name, _ in found], chosen(found)


@pytest.mark.parametrize(
    ("procedure", "verdicts", "asked", "choice"),
    [
        (FAST, ["fail", "pass", "pass"], 2, "1"),
        (FAST, ["pass", "fail"], 1, "0"),
        (FAST, ["inconclusive", "insufficient", None], 3, None),
        (SEQUENCE, ["pass", "pass", "fail", "pass"], 3, "1"),
        (SEQUENCE, ["pass", "pass"], 2, "1"),
        (SEQUENCE, ["inconclusive", "pass"], 1, None),
        (SEQUENCE, ["insufficient", "pass"], 1, None),
        (FAST, [], 0, None),
    ],
)
def test_who_is_tried_and_who_is_chosen(procedure, verdicts, asked, choice):
    names, found = choose(Rule(procedure, ALPHA, max(len(verdicts), 1)), verdicts)
    assert (len(names), found) == (asked, choice)


def test_alpha_is_shared_among_all_that_were_declared():
    assert Rule(FAST, ALPHA, 5).level == pytest.approx(0.005)
    assert Rule(FAST, ALPHA, 5).confidence == pytest.approx(0.99)
    assert Rule(SEQUENCE, ALPHA, 5).level == ALPHA


@pytest.mark.parametrize("procedure", [FAST, SEQUENCE])
def test_it_is_the_rule_of_the_library(procedure):
    rule, random = Rule(procedure, ALPHA, 4), np.random.default_rng(3)
    library = {FAST: stats.fastest_first, SEQUENCE: stats.fixed_sequence}[procedure]
    for p in random.beta(0.3, 6, (300, 4)) * 0.2:
        verdicts = ["pass" if one <= rule.level else "inconclusive" for one in p]
        place = library(p, ALPHA)
        assert choose(rule, verdicts)[1] == (None if place is None else str(place))


def passing(group, level):
    """Return the chance of a PASS at one level where the loss is the margin and all are losses."""
    losses = np.arange(20)
    cells = judge("c", "r", [group([(int(b), 0, N) for b in losses], [MARGIN] * 20)], 1 - 2 * level)
    passed = np.array([cell.verdict == "pass" for cell in cells])
    assert passed[0] and not passed[-1]
    return float(scipy_stats.binom.pmf(losses, N, MARGIN)[passed].sum())


@pytest.mark.parametrize("k", [2, 5])
def test_the_choice_errs_no_more_than_it_says(group, k):
    """All candidates lose the margin: every choice is wrong. Exact, over all verdicts."""
    rates = {}
    for name, rule in {
        FAST: Rule(FAST, ALPHA, k),
        SEQUENCE: Rule(SEQUENCE, ALPHA, k),
        "naive": Rule(FAST, ALPHA * k, k),
    }.items():
        p, wrong = passing(group, rule.level), 0.0
        for pattern in product([True, False], repeat=k):
            verdicts = ["pass" if one else "inconclusive" for one in pattern]
            if choose(rule, verdicts)[1] is not None:
                wrong += float(np.prod([p if one else 1 - p for one in pattern]))
        rates[name] = wrong
    assert 0 < rates[FAST] <= ALPHA
    assert 0 < rates[SEQUENCE] <= ALPHA
    # the first pass at the whole alpha, whatever the number of candidates
    assert rates["naive"] == pytest.approx(1 - (1 - rates[SEQUENCE]) ** k)
    assert rates["naive"] > ALPHA


def test_a_sequence_errs_only_where_its_first_wrong_candidate_passes(group):
    """The first two lose nothing and pass; of the wrong ones after them the first decides."""
    p, wrong = passing(group, ALPHA), 0.0
    for pattern in product([True, False], repeat=3):
        verdicts = ["pass", "pass", *("pass" if one else "fail" for one in pattern)]
        if choose(Rule(SEQUENCE, ALPHA, 5), verdicts)[1] not in ("0", "1"):
            wrong += float(np.prod([p if one else 1 - p for one in pattern]))
    assert wrong == pytest.approx(p)


@pytest.mark.parametrize(
    ("choice", "verdicts", "came_to"),
    [
        ("a", ["fail", "pass"], "pass"),
        (None, ["fail", "fail"], "fail"),
        (None, ["fail", "inconclusive"], "inconclusive"),
        (None, ["fail", None], "inconclusive"),
        (None, ["fail", "insufficient"], "insufficient"),
        (None, ["insufficient", None], "inconclusive"),
    ],
)
def test_what_a_selection_came_to(choice, verdicts, came_to):
    assert outcome(choice, verdicts) == came_to


def test_the_guarantee_in_words():
    said = guarantee(Rule(FAST, ALPHA, 3), None)
    assert said.startswith("the probability of choosing a candidate at or beyond a margin is at ")
    assert "at most .025 (Bonferroni over 3 declared candidates, tried or not" in said
    assert "judged at .025/3 = .00833)" in said
    assert "or no faster than the declared 1.5×" in guarantee(Rule(FAST, ALPHA, 3), 1.5)
    assert "each is judged at .025 in the declared order" in guarantee(
        Rule(SEQUENCE, ALPHA, 3), None
    )
    assert "(one candidate, judged at .025)" in guarantee(Rule(FAST, ALPHA, 1), None)


def test_what_is_left_of_the_figures_after_the_choice():
    assert "(.00833 each side) hold all the same" in after_choice(Rule(FAST, ALPHA, 3))
    assert "its margins hold at .025" in after_choice(Rule(SEQUENCE, ALPHA, 3))
    assert "no choice" in after_choice(Rule(SEQUENCE, ALPHA, 1))
