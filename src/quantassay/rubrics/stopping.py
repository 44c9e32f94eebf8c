"""When a run may look at its figures, and stop."""

from __future__ import annotations

from itertools import pairwise
from math import ceil
from typing import Literal

from pydantic import Field, PositiveInt, model_validator

from .fields import Strict

SHARES = (0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95)


class Stopping(Strict):
    """Looks fixed beforehand; a candidate stops at the first that decides its verdict."""

    looks: list[int | float] = Field(
        list(SHARES),
        min_length=1,
        max_length=50,
        description="Where to look before the end, rising: numbers of samples, or shares of 'max' "
        "where every one is below 1.",
    )
    max: PositiveInt | None = Field(
        None, description="Samples at the last look; the whole test set by default."
    )
    spending: Literal["obrien-fleming", "pocock"] = Field(
        "obrien-fleming",
        description="How error is spent over the looks: hardly any early, or about alike at each.",
    )

    @model_validator(mode="after")
    def _looks_rise(self) -> Stopping:
        counts = [isinstance(look, int) and look >= 1 for look in self.looks]
        shares = [0 < look < 1 for look in self.looks]
        if not (all(counts) or all(shares)):
            msg = "'looks' are all numbers of samples, or all shares of 'max' between 0 and 1"
            raise ValueError(msg)
        if any(second <= first for first, second in pairwise(self.looks)):
            msg = "'looks' must rise strictly"
            raise ValueError(msg)
        if self.max is not None and self.looks[-1] >= self.max:
            msg = f"'looks' stand before 'max', which is the last look: {self.looks[-1]} is not"
            raise ValueError(msg)
        return self

    def sizes(self, n: int) -> list[int]:
        """Return how many samples each look takes of a test set of ``n``, the last one included."""
        most = min(self.max or n, n)
        wanted = [look if look >= 1 else ceil(look * most - 1e-9) for look in self.looks]
        return [*dict.fromkeys(int(size) for size in wanted if size < most), most]
