"""Top-k accuracy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from quantassay.errors import DataError
from quantassay.evidence import Binary
from quantassay.records.samples import Predictions, Samples

from .answers import target_column
from .contract import Rows
from .per_sample import PerSample


@dataclass(frozen=True)
class TopK(PerSample):
    """Share of samples whose gold answer is among the k highest scores.

    Parameters
    ----------
    k
        How many answers count, at least 1.
    """

    k: int = 5

    definition: ClassVar[str] = (
        "share of samples whose gold answer is among the k highest scores; "
        "of equal scores the earlier column ranks first"
    )
    source: ClassVar[str] = "Russakovsky et al. 2015, doi:10.1007/s11263-015-0816-y"
    evidence: ClassVar[Binary] = Binary()

    def __post_init__(self) -> None:
        if self.k < 1:
            msg = f"topk: k is {self.k}; it must be 1 or more"
            raise DataError(msg)

    @property
    def name(self) -> str:
        """Return the name with its k, such as ``top5``."""
        return f"top{self.k}"

    def rows(self, samples: Samples, predictions: Predictions) -> Rows:
        """Return 1 where the gold answer ranks within k (n, 1)."""
        column = target_column(samples, predictions, self.name)
        scores = predictions.ranking
        assert scores is not None
        if self.k >= scores.shape[1]:
            msg = (
                f"{self.name}: the model has {scores.shape[1]} classes, so every answer would be "
                "right: choose a smaller k"
            )
            raise DataError(msg)
        own = scores[np.arange(len(scores)), column][:, None]
        earlier = np.arange(scores.shape[1])[None, :] < column[:, None]
        # written so that NaN ranks first: what is not a number never makes an answer right
        rank = (~(scores <= own)).sum(axis=1) + ((scores == own) & earlier).sum(axis=1)
        return np.asarray(rank < self.k, float)[:, None]
