"""Penalties of a study, from their shares and the ends of their intervals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from quantassay.records.cross import At, Penalty

Made = Callable[..., Penalty]


@pytest.fixture(scope="session")
def penalty() -> Made:
    """A penalty of a whole test set, in the metric's unit; ``ends`` hold at once."""

    def make(
        task: str = "digits",
        model: str = "plain",
        metric: str = "top1",
        loss: float | None = 0.0,
        ends: tuple[float, float] | None = None,
        *,
        scheme: str = "int8",
        largest: float | None = 1.0,
        **more: Any,
    ) -> Penalty:
        fields: dict[str, Any] = {
            "stratum": {}, "n": 500, "clusters": None, "reference_value": 0.9,
            "interval": ends, "unit": "fraction", "method": "by hand", "margin": None,
            "verdict": None,
        }  # fmt: skip
        return Penalty(
            At(task, model, scheme), metric, loss=loss, at_once=ends, largest=largest,
            **{**fields, **more},
        )  # fmt: skip

    return make
