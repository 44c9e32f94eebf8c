from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from quantassay.records.plain import plain


@dataclass(frozen=True)
class Thing:
    name: str
    size: np.int64


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (Thing("a", np.int64(3)), {"name": "a", "size": 3}),
        ({1: (np.float32(0.5), None)}, {"1": [0.5, None]}),
        (np.array([[1, 2]]), [[1, 2]]),
        (Path("a") / "b", "a/b"),
        (np.bool_(True), True),
        (np.str_("x"), "x"),
        ({"a"}, ["a"]),
        (0.0, 0.0),
    ],
)
def test_records_become_plain(value, found):
    assert plain(value) == found


@pytest.mark.parametrize("value", [float("nan"), np.float64("inf"), [1.0, np.nan], {"a": np.inf}])
def test_what_is_no_figure_is_refused(value):
    with pytest.raises(ValueError, match="say None and why"):
        plain(value)
