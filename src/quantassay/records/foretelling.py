"""What many measured triples say of how well tendencies foretell a loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .tendencies import Definition


@dataclass(frozen=True, slots=True)
class Observed:
    """One triple: the loss that was measured, and the tendencies of the whole model seen in it.

    ``model`` is the digest of the reference's file, so that two names of one file are one model.
    ``scheme`` is '' where none is known. ``interval`` of the loss is at the confidence of its run.
    ``partial`` says that figures of a part of the layers were left out: the time was over.
    """

    folder: str
    task: str
    model: str
    candidate: str
    scheme: str
    metric: str
    loss: float
    interval: tuple[float, float] | None
    tendencies: Mapping[str, float]
    partial: bool = False

    @property
    def clear(self) -> bool:
        """Whether the interval of the loss leaves zero out."""
        return self.interval is not None and not self.interval[0] <= 0 <= self.interval[1]


@dataclass(frozen=True, slots=True)
class Foretold:
    """How well one tendency went with the measured loss, over many triples.

    ``correlation`` is Spearman's, positive where it went as ``said``; ``interval`` two-sided at
    ``confidence``, over models taken whole; None with ``reason`` where there are too few models or
    nothing varies. ``models`` counts the models, ``triples`` the pairs of figures. ``p`` is
    two-sided, of no correlation; ``p_adjusted`` the same by Holm over every tendency of the table.
    """

    name: str
    said: str
    triples: int
    models: int
    correlation: float | None
    interval: tuple[float, float] | None
    confidence: float
    method: str
    reason: str = ""
    p: float | None = None
    p_adjusted: float | None = None

    @property
    def settled(self) -> bool:
        """Whether there is a correlation, whichever of the table is looked at."""
        return self.p_adjusted is not None and self.p_adjusted <= 1 - self.confidence


@dataclass(frozen=True, slots=True)
class PassedOver:
    """What was named and tells nothing, and why."""

    what: str
    reason: str


@dataclass(frozen=True)
class Foretelling:
    """How well each tendency went with the measured loss, over the triples of many runs.

    ``scheme`` is the one that all triples have, '' where those of all are pooled. ``definitions``
    are those of the tendencies in ``foretold``.
    """

    scheme: str
    confidence: float
    foretold: tuple[Foretold, ...]
    triples: tuple[Observed, ...]
    passed_over: tuple[PassedOver, ...]
    definitions: tuple[Definition, ...]
    made: str
    quantassay: str
    reproduce: str
    findings: tuple[str, ...] = ()

    def names(self, field: str) -> tuple[str, ...]:
        """Return what the triples have as their model, scheme, task or metric, each once."""
        return tuple(dict.fromkeys(getattr(one, field) for one in self.triples))

    @property
    def clear(self) -> int:
        """How many triples have a loss whose interval leaves zero out."""
        return sum(one.clear for one in self.triples)
