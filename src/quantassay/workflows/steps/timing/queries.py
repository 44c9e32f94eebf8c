"""What a throughput protocol asks of the variants: samples of the exam, so many in a query."""

from __future__ import annotations

from quantassay.engines.contract import Session
from quantassay.errors import RubricError
from quantassay.rubrics.model import Timing
from quantassay.timing.contract import Workload
from quantassay.timing.workload import workload

from ..asking import Exam


def asked_of(exam: Exam, timing: Timing, n: int) -> Workload:
    """Return the first ``n`` samples of the exam, as far as memory allows, cut into queries."""
    batches = ((first, feeds) for first, feeds in exam.batches(0, n) if first < n)
    return workload(batches, exam.rubric.inference.batch, samples_of_a_query(timing))


def samples_of_a_query(timing: Timing) -> int | None:
    """Return how many samples a query holds; None: as many as a batch of the accuracy pass."""
    return {"offline": None, "multi-stream": timing.streams}.get(timing.protocol, 1)


def refuse_fixed(exam: Exam, timing: Timing, name: str, session: Session) -> None:
    """Refuse a model that cannot be asked so many samples at a time.

    Raises
    ------
    RubricError
        If the only batch size that it takes is another one.
    """
    asked, fixed = samples_of_a_query(timing), session.fixed_batch
    if asked is None or fixed in (None, asked):
        return
    count = "one sample" if asked == 1 else f"{asked} samples"
    msg = (
        f"{exam.loaded.at('timing', 'protocol')}: {timing.protocol} asks {count} at a time, and "
        f"{name} takes batches of exactly {fixed}; export it with a free batch axis, or set "
        "'protocol: offline'"
    )
    raise RubricError(msg)
