"""How fast another program says a model ran: half a claim, until an accuracy is joined to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray


@dataclass(frozen=True)
class RecordedSpeed:
    """Queries that another program timed, and what its layers computed in.

    Attributes
    ----------
    source : str
        The program and file, in words.
    latencies, compute : ndarray of float, (queries,)
        Seconds of each query: with transfers, and on the device alone.
    span : float
        Seconds from the start of the first query to the end of the last.
    layers : mapping of str to int
        Layers by the precision of what they read, such as ``int8``, and ``reformat`` for those
        that only convert; empty where not recorded.
    layer_seconds : mapping of str to float
        Seconds by the same, in all profiled iterations; empty where not recorded.

    Notes
    -----
    How many samples a query holds is not recorded: whoever joins an accuracy to this must say it.
    """

    source: str
    latencies: NDArray[Any]
    compute: NDArray[Any]
    span: float
    layers: Mapping[str, int] = field(default_factory=dict)
    layer_seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def queries(self) -> int:
        """How many were timed."""
        return len(self.latencies)
