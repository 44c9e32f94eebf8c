"""What a study found: a cross of tasks, models, schemes and metrics, one run a triple."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .cells import Verdict
from .executor import Machine
from .triple import Triple

Axis = Literal["task", "model", "metric"]
Ends = tuple[float, float]


@dataclass(frozen=True, slots=True, order=True)
class At:
    """Where a triple stands in the cross, by the names that the study gives."""

    task: str
    model: str
    scheme: str


@dataclass(frozen=True, slots=True)
class Penalty:
    """The loss of one triple by one metric in one stratum, ``{}`` for the whole test set.

    ``loss`` is in the metric's ``unit``, ``interval`` the nominal one that the verdict rests on.
    ``at_once`` is an interval of the loss that holds together with those of all other whole-set
    penalties of the study; it is there where the metric has a ``largest`` loss and the stratum is
    the whole test set, and lets losses by different metrics be compared as shares of it. What is
    None has its ``reason``.
    """

    at: At
    metric: str
    stratum: Mapping[str, str]
    n: int
    clusters: int | None
    reference_value: float | None
    loss: float | None
    interval: Ends | None
    at_once: Ends | None
    largest: float | None
    unit: str
    method: str
    margin: float | None
    verdict: Verdict | None
    reason: str = ""


@dataclass(frozen=True)
class CrossCell:
    """One triple: where its run folder lies, what it was found to be, and whether it is true.

    ``triple`` is None where nothing was run, with the ``reason``. ``truth`` says in words whether
    the scheme changed what its name says; ``true`` is None where that is not known. ``speed`` is
    the throughput over that of the reference, with its interval, where the task is timed. ``again``
    is the digest of all that the cell depends on; ``anew`` counts how often its run folder was
    deleted once it had run.
    """

    at: At
    folder: str
    precision: str
    triple: Triple | None
    verdict: Verdict | None
    truth: str
    true: bool | None
    speed: float | None = None
    speed_interval: Ends | None = None
    looks: int = 1
    amendments: int = 0
    findings: tuple[str, ...] = ()
    reason: str = ""
    again: str = ""
    anew: int = 0


@dataclass(frozen=True, slots=True)
class CrossContrast:
    """A difference of penalties along one axis, or how such a difference changes along another.

    ``more`` and ``less`` are the places compared, each a triple and a metric; an interaction has
    two of each: it is (more[0] - less[0]) - (more[1] - less[1]). ``estimate`` and ``interval`` are
    in shares of the largest loss (0.01 is a percentage point for right-or-wrong metrics); intervals
    of all contrasts of a study hold at once. ``factor`` says how many times the penalty of ``less``
    goes into that of ``more``: its low and high end, None where that end is open. Of an interaction
    it is the first such ratio over the second, which no scale of a metric moves. None with
    ``reason`` where it is undefined.
    """

    axes: tuple[Axis, ...]
    more: tuple[tuple[At, str], ...]
    less: tuple[tuple[At, str], ...]
    estimate: float | None
    interval: Ends | None
    factor: tuple[float | None, float | None] | None = None
    reason: str = ""

    @property
    def beyond_zero(self) -> float:
        """How far from zero the interval begins; 0 or negative where it holds zero."""
        low, high = self.interval or (0.0, 0.0)
        return max(low, -high)

    @property
    def settled(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.beyond_zero > 0


@dataclass(frozen=True)
class AxisAnswer:
    """Whether an axis, or two together, moves the penalty: what the contrasts along it say.

    ``settled`` of ``contrasts`` intervals leave zero out; ``largest`` is the settled contrast whose
    interval is farthest from zero, None where none is settled; ``at_most`` the end farthest from
    zero of all: no contrast is larger than that. ``by_factor`` counts the interactions whose factor
    leaves one out; None of an axis alone. ``reason`` says why it cannot be asked, or what was left
    out.
    """

    axes: tuple[Axis, ...]
    contrasts: int
    settled: int
    largest: CrossContrast | None
    at_most: float | None
    words: str
    reason: str = ""
    by_factor: int | None = None


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """How many triples of one task, model or scheme are robust, fragile or undetermined.

    ``by`` is "task", "model" or "scheme", ``name`` which one; ``not_run`` counts those without
    measurement.
    """

    by: str
    name: str
    robust: int
    fragile: int
    undetermined: int
    not_run: int


@dataclass(frozen=True)
class Cross:
    """A study as it was found.

    ``level`` is the one-sided level of each ``at_once`` interval, None where there is none.
    ``headline`` names for each task the metric along which tasks and models are compared.
    ``fragile_at_once`` are the triples that stay fragile with Holm over all triples.
    ``conclusion`` is the founding claim held against ``answers``, in one sentence; ``outcomes``
    count the triples of each outcome by task, model and scheme.
    """

    study: str
    digest: str
    made: str
    quantassay: str
    confidence: float
    level: float | None
    headline: Mapping[str, str]
    cells: tuple[CrossCell, ...]
    penalties: tuple[Penalty, ...]
    contrasts: tuple[CrossContrast, ...]
    answers: tuple[AxisAnswer, ...]
    fragile_at_once: tuple[At, ...]
    machine: Machine | None = None
    software: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[str, ...] = ()
    reproduce: str = ""
    folder: str = ""
    conclusion: str = ""
    outcomes: tuple[OutcomeCount, ...] = ()
