from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from quantassay import stats
from quantassay.verdicts.looks import Sitting
from quantassay.verdicts.schedule import schedule
from quantassay.verdicts.waiting import BEYOND, UNEQUAL, Waiting

MARGIN = 0.05
SIZES = (400, 800, 1200)


@pytest.fixture
def sitting(group, counted):
    """A candidate of several strata of 1200 samples, looked at three times."""

    def make(cells=1, margins=(MARGIN,), role="gate", waiting=None):
        looks = [counted([(0, 0, n)] * cells) for n in SIZES]
        declared = group([(0, 0, 10)] * cells, margins, role).declared
        plan = schedule(looks, declared, 0.025, "obrien-fleming", waiting)
        return Sitting(("int8", "fp32"), [plan], 0.95)

    return make


def test_a_pass_at_the_level_of_its_look_is_final(sitting, group):
    one = sitting()
    first = one.look([group([(0, 0, 400)], [MARGIN])])[0]
    assert first.verdict == "pass"
    assert (first.look.number, first.look.of, first.look.n_max) == (1, 3, 1200)
    assert first.look.final
    level = float(stats.nominal_levels([1 / 3, 2 / 3, 1.0], 0.025)[0])
    assert first.look.level == pytest.approx(level)
    assert first.interval == pytest.approx(stats.binary_interval(0, 0, 400, level))
    # whatever comes later
    assert one.look([group([(200, 0, 800)], [MARGIN])]) == [first]


def test_what_would_pass_at_a_single_look_goes_on(sitting, group):
    cell = sitting().look([group([(11, 0, 400)], [MARGIN])])[0]
    assert stats.paired_binary(11, 0, 400, MARGIN).verdict == "pass"
    assert (cell.verdict, cell.look.final) == ("inconclusive", False)


def test_a_fail_uses_the_p_of_all_looks(sitting, group):
    one = sitting()
    assert one.look([group([(30, 0, 400)], [MARGIN])])[0].verdict == "inconclusive"
    assert stats.paired_binary(30, 0, 400, MARGIN).p_beyond < 0.025
    cell = one.look([group([(80, 0, 800)], [MARGIN])])[0]
    assert cell.verdict == "fail"
    raw = [float(stats.binary_p_beyond(b, 0, n, MARGIN)) for b, n in ((30, 400), (80, 800))]
    wanted = stats.sequential_p(raw, [1 / 3, 2 / 3])
    assert cell.p_beyond_adjusted == pytest.approx(float(wanted), rel=1e-6)


def test_stopping_leaves_the_rest_open_and_says_why(sitting, group):
    one = sitting(3, (MARGIN, MARGIN, 0.0002))
    cells = [(100, 0, 400), (15, 0, 400), (0, 0, 400)]
    one.look([group(cells, (MARGIN, MARGIN, 0.0002))])
    assert [cell.verdict for cell in one.cells] == ["fail", "inconclusive", "insufficient"]
    failed, rest, small = one.stop()
    assert failed.verdict == "fail"
    assert rest.verdict == "inconclusive"
    assert rest.reason == "sampling stopped at look 1 of 3, where top1 @ part=0 failed"
    # 1200 samples could not pass at this margin either
    assert small.verdict == "insufficient"


def test_a_cell_that_more_samples_would_lift_over_its_floor_is_open(sitting, group):
    one = sitting(2, (MARGIN, 0.009))
    one.look([group([(100, 0, 400), (0, 0, 400)], (MARGIN, 0.009))])
    assert [cell.verdict for cell in one.cells] == ["fail", "insufficient"]
    assert one.stop()[1].verdict == "inconclusive"


def test_several_failures_are_counted(sitting, group):
    one = sitting(2, (MARGIN, MARGIN))
    one.look([group([(100, 0, 400), (90, 0, 400)], (MARGIN, MARGIN))])
    assert one.why == "where top1 @ part=0 and 1 more failed"


def test_watched_cells_are_open_where_every_gate_passed(sitting, group):
    one = sitting(2, (MARGIN, MARGIN))
    both = group([(0, 0, 400), (15, 0, 400)], (MARGIN, MARGIN))
    watched = replace(both.declared[1], role="watch")
    one.look([replace(both, declared=[both.declared[0], watched])])
    passed, other = one.stop()
    assert (passed.verdict, other.verdict) == ("pass", "inconclusive")
    assert other.reason.endswith("where every gate cell had passed")


def test_described_cells_keep_the_level_of_one_look(sitting, group):
    cell = sitting(1, (None,)).look([group([(3, 1, 400)], [None])])[0]
    assert cell.look.level == pytest.approx(0.025)
    assert cell.interval == pytest.approx(stats.binary_interval(3, 1, 400, 0.025))
    assert cell.verdict is None


def test_the_last_look_is_judged_like_any_other(sitting, group):
    one = sitting()
    for n in SIZES:
        one.look([group([(n // 20, 0, n)], [MARGIN])])
    assert one.last
    cell = one.stop()[0]
    assert (cell.verdict, cell.reason) == ("inconclusive", "the loss interval holds the margin")
    assert one.why == "the last one"


def test_a_verdict_withheld_on_the_way_is_not_final(sitting, group):
    one = sitting()
    kept = [group([(0, 0, 400)], [MARGIN])]
    one.look(kept, lambda cells: [replace(c, verdict="insufficient") for c in cells])
    assert not one.cells[0].look.final
    assert one.look([group([(0, 0, 800)], [MARGIN])])[0].verdict == "pass"


@pytest.mark.parametrize(("lost", "verdict"), [(0, "pass"), (300, "fail")])
def test_a_cell_that_waits_is_judged_at_the_last_look_alone(sitting, group, lost, verdict):
    one = sitting(waiting=Waiting((UNEQUAL,), np.zeros(1, bool)))
    for n in SIZES[:-1]:
        [cell] = one.look([group([(lost, 0, n)], [MARGIN])])
        assert (cell.verdict, cell.reason) == ("inconclusive", UNEQUAL)
    [cell] = one.look([group([(lost, 0, SIZES[-1])], [MARGIN])])
    assert (cell.verdict, cell.look.number) == (verdict, 3)
    assert cell.look.level == pytest.approx(0.025)


def test_a_cell_that_waited_says_so_where_sampling_stopped(sitting, group):
    one = sitting(2, (MARGIN, MARGIN), waiting=Waiting(("", UNEQUAL), np.zeros(2, bool)))
    one.look([group([(100, 0, 400), (0, 0, 400)], (MARGIN, MARGIN))])
    assert one.stop()[1].reason == (
        f"sampling stopped at look 1 of 3, where top1 @ part=0 failed; {UNEQUAL}"
    )


def test_a_cell_that_the_last_look_leaves_open_has_no_verdict(sitting, group):
    one = sitting(waiting=Waiting((BEYOND,), np.ones(1, bool)))
    for lost, n in zip((0, 0, 600), SIZES, strict=True):
        [cell] = one.look([group([(lost, 0, n)], [MARGIN])])
        assert (cell.verdict, cell.reason) == ("insufficient", BEYOND)
    assert one.stop() == [cell]


def test_described_cells_wait_for_nothing(sitting, group):
    one = sitting(1, (None,), waiting=Waiting((UNEQUAL,), np.zeros(1, bool)))
    assert one.look([group([(3, 1, 400)], [None])])[0].reason == "no margin was declared"


def test_what_cannot_pass_at_the_last_look_passes_at_none(sitting, group):
    one = sitting()
    one.schedules = [replace(one.schedules[0], reachable=np.zeros(1, bool))]
    [cell] = one.look([group([(0, 0, 400)], [MARGIN])])
    assert cell.verdict == "insufficient"
    assert "out of reach at the last look" in cell.reason
