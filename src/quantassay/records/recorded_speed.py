"""How fast another program says a model ran: half a claim, until an accuracy is joined to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Unit = Literal["samples", "queries", "requests", "tokens"]
Protocol = Literal["offline", "single-stream", "multi-stream", "server"]


def _none() -> NDArray[Any]:
    return np.empty(0)


@dataclass(frozen=True)
class RecordedSpeed:
    """One measurement that another program made, and all that it tells of model and executor.

    Attributes
    ----------
    program, file : str
        What measured, with its version where it tells; the file's name.
    name : str
        Which measurement of the file, such as ``tg128``; '' where it holds one only.
    protocol : str
        How queries were issued, in the words of the rubric's ``timing``.
    unit : str
        What is counted. How many samples a query holds, and whether a request is a sample, is not
        recorded: whoever joins an accuracy to this must say it.
    throughput : float
        Units per second.
    queries : int
        How many were timed.
    per_query : int, optional
        Units in a query; None where that is not told, or differs.
    span : float, optional
        Seconds that the throughput is of; None where not told.
    latencies, compute : ndarray of float, (queries,)
        Seconds of each query, with transfers and on the device alone; empty where not recorded.
    percentiles : mapping of float to float
        Latency in seconds by share of queries, as the program says; a file with single latencies
        need not repeat them.
    repeats : tuple of float
        Throughput of each repetition; empty where there are none.
    rate : float, optional
        Queries per second that arrived; None where they were issued as fast as answered.
    runtime, model, processor, device : str
        What computed, the model's name, and what it ran on, as the program says; '' where not told.
    model_bytes : int, optional
        Bytes of the weights.
    threads : int, optional
        Threads that computed.
    load_seconds, peak_memory : optional
        To load the model; in bytes.
    layers : mapping of str to int
        Layers by the precision of what they read, such as ``int8``, and ``reformat`` for those
        that only convert; empty where not recorded.
    layer_seconds : mapping of str to float
        Seconds by the same, in all profiled iterations; empty where not recorded.
    facts : mapping of str to str
        Whatever else it tells, by the program's own names.
    notes : tuple of str
        What a reader of the figure must know.
    files : tuple of Path
        The files that it was read from, where they are not the one that was named.
    """

    program: str
    file: str
    protocol: Protocol
    unit: Unit
    throughput: float
    queries: int
    name: str = ""
    per_query: int | None = None
    span: float | None = None
    latencies: NDArray[Any] = field(default_factory=_none)
    compute: NDArray[Any] = field(default_factory=_none)
    percentiles: Mapping[float, float] = field(default_factory=dict)
    repeats: tuple[float, ...] = ()
    rate: float | None = None
    runtime: str = ""
    model: str = ""
    processor: str = ""
    device: str = ""
    model_bytes: int | None = None
    threads: int | None = None
    load_seconds: float | None = None
    peak_memory: int | None = None
    layers: Mapping[str, int] = field(default_factory=dict)
    layer_seconds: Mapping[str, float] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()

    @property
    def source(self) -> str:
        """Program and file, in words."""
        return f"{self.program}, {self.file}"
