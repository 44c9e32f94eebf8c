from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats
from quantassay.evidence import Described, Mean
from quantassay.records.samples import Partition
from quantassay.verdicts.cells import Declared, Group, judge
from quantassay.verdicts.decision import Adjusted, _unshown


def verdicts(*groups, confidence=0.95):
    return [cell.verdict for cell in judge("int8", "fp32", groups, confidence)]


def test_each_verdict(group):
    cells = [(0, 0, 400), (60, 0, 400), (10, 4, 400), (0, 0, 10)]
    found = judge("int8", "fp32", [group(cells, [0.02, 0.02, 0.02, 0.02])], 0.95)
    assert [cell.verdict for cell in found] == ["pass", "fail", "inconclusive", "insufficient"]
    assert "ends below the margin" in found[0].reason
    assert "adjusted p" in found[1].reason
    assert "holds the margin" in found[2].reason
    assert found[3].reason == (
        "too few samples to pass at this margin even without any loss: 10 there, 183 needed"
    )


def test_a_cell_holds_its_figures(group):
    cell = judge("int8", "fp32", [group([(10, 4, 400)], [0.02])], 0.95)[0]
    wanted = stats.paired_binary(10, 4, 400, 0.02)
    assert (cell.candidate, cell.reference, cell.metric) == ("int8", "fp32", "top1")
    assert (cell.stratum, cell.role, cell.n) == ({"part": "0"}, "gate", 400)
    assert (cell.losses, cell.gains, cell.loss) == (10, 4, 0.015)
    assert cell.delta == pytest.approx(-0.015)
    assert cell.reference_value == 0.99
    assert cell.candidate_value == 0.975
    assert cell.interval == pytest.approx(wanted.interval)
    assert cell.p_within == pytest.approx(wanted.p_within)
    assert cell.p_beyond_adjusted == pytest.approx(wanted.p_beyond)
    assert (cell.margin, cell.floor_n) == (0.02, 183)
    assert cell.needed_n > 400
    assert 0 < cell.smallest_detectable < 0.1
    assert cell.clusters is None


def test_fail_comes_first_at_any_n(group):
    # 6 of 6 lost: far below the floor of 183, and beyond any doubt
    assert verdicts(group([(6, 0, 6)], [0.02])) == ["fail"]


def test_described_cells_have_no_verdict_and_say_why(group):
    cell = judge("int8", "fp32", [group([(0, 0, 400)], [None])], 0.95)[0]
    assert (cell.verdict, cell.role) == (None, "described")
    assert cell.reason == "no margin was declared"
    assert (cell.p_within, cell.p_beyond_adjusted, cell.needed_n, cell.floor_n) == (None,) * 4
    assert cell.interval is not None


def test_needed_n_is_said_only_where_it_would_settle_something(group):
    found = judge("int8", "fp32", [group([(0, 0, 400), (60, 0, 400)], [0.02, 0.02])], 0.95)
    assert [cell.needed_n for cell in found] == [None, None]


def test_an_empty_cell_is_insufficient(group):
    cell = judge("int8", "fp32", [group([(0, 0, 0), (0, 0, 400)], [0.02, 0.02])], 0.95)[0]
    assert (cell.verdict, cell.reason) == ("insufficient", "no samples")
    assert (cell.loss, cell.interval, cell.delta) == (None, None, None)


def test_holm_counts_the_gates_of_the_candidate(group):
    # alone the loss is beyond the margin; beside others it is not proven
    losing, fine = (14, 0, 200), (0, 0, 200)
    alone = judge("int8", "fp32", [group([losing], [0.03])], 0.95)[0]
    assert alone.verdict == "fail"
    among = judge("int8", "fp32", [group([losing] + [fine] * 9, [0.03] * 10)], 0.95)[0]
    assert among.p_beyond_adjusted == pytest.approx(10 * alone.p_beyond_adjusted)
    assert among.verdict == "inconclusive"
    assert among.reason.startswith(
        "the interval lies beyond the margin, but not after Holm's adjustment over 10 cells (p 0.0"
    )


def test_too_few_with_an_interval_beyond_the_margin_says_why_it_is_no_fail(group):
    losing, fine = (5, 0, 20), (0, 0, 200)
    alone, *_ = judge("int8", "fp32", [group([losing], [0.03])], 0.95)
    assert alone.interval[0] > 0.03 and alone.verdict == "fail"
    among, *_ = judge("int8", "fp32", [group([losing] + [fine] * 9, [0.03] * 10)], 0.95)
    assert among.verdict == "insufficient"
    assert "too few samples" in among.reason
    assert "beyond the margin, but not after Holm's adjustment over 10 cells" in among.reason


def test_a_floor_of_clusters_says_what_it_counts(counted):
    evidence = counted([(0, 0, 400)], units=np.arange(400) // 4)
    cell = judge("a", "b", [Group("top1", evidence, [Declared({}, 0.01, "gate")])], 0.95)[0]
    assert cell.reason == (
        "too few clusters of the largest size (4) to pass at this margin even without any loss: "
        "100 there, 476 needed, in about 1,904 samples like these"
    )


def test_no_holm_over_one_cell_is_called_cells():
    assert "over 1 cell (" in _unshown(Adjusted(0.03, 0.025, 1))


def test_holm_spans_metrics(group):
    losing = (14, 0, 200)
    groups = [group([losing], [0.03]), group([(0, 0, 200)] * 9, [0.03] * 9)]
    assert judge("int8", "fp32", groups, 0.95)[0].verdict == "inconclusive"


def test_watched_cells_do_not_weaken_a_gate(group):
    losing = (14, 0, 200)
    groups = [group([losing], [0.03]), group([(0, 0, 200)] * 9, [0.03] * 9, role="watch")]
    found = judge("int8", "fp32", groups, 0.95)
    assert found[0].verdict == "fail"
    assert found[1].role == "watch"
    assert found[1].verdict == "pass"


def test_an_undefined_cell_is_no_member_of_the_family(group):
    losing, empty = (14, 0, 200), (0, 0, 0)
    assert verdicts(group([losing] + [empty] * 9, [0.03] * 10))[0] == "fail"


def test_a_blind_group_never_passes(group):
    cell = judge("int8", "fp32", [group([(0, 0, 400)], [0.02], blind="cannot see")], 0.95)[0]
    assert (cell.verdict, cell.reason) == ("insufficient", "cannot see")


def test_confidence_decides(group):
    one = group([(0, 0, 250)], [0.02])
    assert verdicts(one, confidence=0.8) == ["pass"]
    assert verdicts(one, confidence=0.99) == ["insufficient"]


def test_what_is_only_described_cannot_gate():
    part = Partition("all", ({},), np.zeros(500, np.intp))
    rows = np.zeros((500, 1)), np.zeros((500, 1))

    def value(totals, n):
        return np.asarray(totals[..., 0] / n)

    evidence = Described("biased").accumulate(*rows, [part], None, value, True).evidence()
    cell = judge("a", "b", [Group("ece", evidence, [Declared({}, 0.1, "gate")])], 0.95)[0]
    assert (cell.verdict, cell.reason) == ("insufficient", "biased")


def test_one_sample_of_a_mean_has_no_verdict_but_insufficient():
    part = Partition("all", ({},), np.zeros(1, np.intp))
    rows = np.zeros((1, 1)), np.zeros((1, 1))

    def value(totals, n):
        return np.asarray(totals[..., 0] / n)

    evidence = Mean(1.0).accumulate(*rows, [part], None, value, True).evidence()
    cell = judge("a", "b", [Group("m", evidence, [Declared({}, 0.1, "gate")])], 0.95)[0]
    assert cell.verdict == "insufficient"


class Undecided:
    """Evidence of somebody else's metric, with an interval and no p."""

    n = np.array([500])
    reference = candidate = np.array([0.9])
    loss = np.array([0.0])
    losses = gains = clusters = None
    method = ("mine",)
    undefined = ("",)

    def bounds(self, alpha):
        return np.array([-0.01]), np.array([0.01])

    def nothing(self, *_):
        return np.array([np.nan])

    p_within = p_beyond = needed = detectable = nothing

    def floor(self, margin, alpha):
        return np.array([1.0])

    def size(self):
        return np.array([500.0])


def test_without_a_p_of_failing_there_is_no_pass():
    cell = judge("a", "b", [Group("mine", Undecided(), [Declared({}, 0.1, "gate")])], 0.95)[0]
    assert cell.verdict == "insufficient"


@pytest.mark.parametrize("margin", [0.0, -0.1, np.inf, np.nan])
def test_a_margin_is_positive_and_finite(margin):
    with pytest.raises(ValueError, match="positive and finite"):
        Declared({}, margin, "gate")


@pytest.mark.parametrize(("margin", "role"), [(None, "gate"), (None, "watch"), (0.1, "described")])
def test_a_role_goes_with_its_margin(margin, role):
    with pytest.raises(ValueError, match="where a margin stands"):
        Declared({}, margin, role)


def test_every_measured_cell_is_declared(counted):
    with pytest.raises(ValueError, match="1 cells are declared, 2 measured"):
        Group("top1", counted([(0, 0, 10), (0, 0, 10)]), [Declared({})])


def test_a_reserved_hypothesis_weighs_as_one_cell_more(group):
    counts, margins = [(0, 0, 900), (40, 0, 900)], [0.02, 0.02]
    plain = judge("a", "b", [group(counts, margins)], 0.95)
    kept = judge("a", "b", [group(counts, margins)], 0.95, reserved=1)
    assert kept[1].p_beyond_adjusted == pytest.approx(1.5 * plain[1].p_beyond_adjusted)
    assert judge("a", "b", [group(counts, margins)], 0.95, reserved=0) == plain


def test_watched_cells_share_nothing_with_what_is_reserved(group):
    watched = [group([(40, 0, 900)], [0.02], role="watch")]
    assert judge("a", "b", watched, 0.95, reserved=1) == judge("a", "b", watched, 0.95)
