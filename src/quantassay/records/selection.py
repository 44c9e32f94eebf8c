"""Which candidate was chosen, how, and what was tried on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .cells import Comparison, Verdict
from .executor import EngineUse, Machine
from .looks import Stop
from .result import Amendment
from .speed import Conditions, Speed


@dataclass(frozen=True)
class Attempt:
    """One candidate that gates, in the order tried.

    ``verdict`` is that of its gate cells and its declared speed-up together, None where it was not
    tried, with the ``reason``; ``left_out``: it never could have been. ``samples`` is how many it
    answered, ``stop`` at which declared look it ended. ``gates`` counts its gate cells. ``speed``
    stands beside its accuracy alone: None of a candidate that answered nothing, or was not timed.
    """

    candidate: str
    verdict: Verdict | None
    reason: str
    samples: int = 0
    stop: Stop | None = None
    gates: int = 0
    speed: Speed | None = None
    left_out: bool = False


@dataclass(frozen=True)
class Selection:
    """The fastest candidate that passes, by a procedure that was fixed beforehand.

    Attributes
    ----------
    rubric, rubric_digest, rubric_locked, task
        What was declared, and when it was written down.
    procedure
        ``fastest-first`` or ``fixed-sequence``.
    alpha, level
        One-sided: of the choice as a whole, and that at which each candidate is judged.
    candidates
        How many gate, tried or not.
    reference
        What loss and throughput are measured against.
    chosen
        The candidate; None with the ``reason`` where there is none.
    verdict
        ``pass`` where one was chosen, ``fail`` where every candidate failed.
    guarantee
        How seldom the choice is wrong, in words.
    after_choice
        What the figures of the chosen one are worth, since it was chosen by them.
    attempts
        Every candidate that gates: those tried in their order, then the others.
    comparison
        The cells of all that were tried, at ``level``; None where none was.
    samples_run, samples_full
        Samples answered, those of the reference included, and those of every variant on all.
    test_set
        How many samples there are.
    conditions
        Under which all of them were timed; None where nothing was.
    looks
        How many different results were seen under this rubric in this folder.
    """

    rubric: str
    rubric_digest: str
    rubric_locked: str
    task: str
    made: str
    quantassay: str
    procedure: str
    alpha: float
    level: float
    candidates: int
    reference: str
    chosen: str | None
    verdict: Verdict
    reason: str
    guarantee: str
    after_choice: str
    attempts: tuple[Attempt, ...]
    comparison: Comparison | None
    samples_run: int
    samples_full: int
    test_set: int
    conditions: Conditions | None
    machine: Machine | None
    engines: Mapping[str, EngineUse]
    looks: int = 1
    amendments: tuple[Amendment, ...] = ()
    findings: tuple[str, ...] = ()
    reproduce: str = ""
    folder: str = ""
