from __future__ import annotations

import pytest

from quantassay.records.planned import PlannedCell


@pytest.mark.parametrize(
    ("size", "floor", "possible"),
    [(36, 36, True), (35.9, 36, False), (1e9, None, False), (None, 36, True)],
)
def test_a_cell_can_pass_from_its_floor_on(size, floor, possible):
    assert PlannedCell("top1", {}, "gate", 0.1, 40, size, floor, ()).can_pass is possible
