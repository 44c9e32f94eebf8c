"""Numbers that a plan is asked with: where each must lie, and what was probably meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quantassay.errors import InputError
from quantassay.evidence.auroc import Auroc

from .question import Asked


@dataclass(frozen=True)
class Numbers:
    """What is expected and wanted of a plan, checked; every figure is a share.

    ``discordance`` are shares of samples that change, ``loss`` a share of each margin, ``area`` the
    expected AUROC of the reference and the correlation of both sides' placements, ``positives``
    their share where no test set shows it.
    """

    discordance: Sequence[float]
    loss: float
    power: float
    correlation: float | None
    area: tuple[float, float] | None
    positives: float | None
    n: int | None
    confidence: float

    def __post_init__(self) -> None:
        for share in self.discordance:
            _inside("discordance", share, 0.0, least=0.001)
        _inside("power", self.power, 0.0, least=0.5)
        if not 0.7 <= self.confidence < 1:
            meant = _meant(self.confidence, 0.7)
            msg = f"confidence is {self.confidence:g}; it is at least 0.7 and below 1{meant}"
            raise InputError(msg)
        _inside("loss", self.loss, -1.0, least=0.001, what="it is a share of the margin, and must")
        if self.correlation is not None and not 0 <= self.correlation <= 1:
            meant = _meant(self.correlation, 0.0)
            msg = f"correlation is {self.correlation:g}; it must lie in [0, 1]{meant}"
            raise InputError(msg)
        if self.positives is not None:
            _inside("positives", self.positives, 0.0, least=0.001)
        if self.n is not None and self.n < 1:
            msg = f"n is {self.n}; it must be at least 1"
            raise InputError(msg)
        for name, value in zip(("AUROC", "correlation"), self.area or (), strict=False):
            _inside(f"auroc: the {name}", value, 0.0, least=0.01)

    def refuse_unread(self, metrics: Sequence[Asked], data: bool) -> None:
        """Refuse an expected AUROC, or share of positives, that nothing would read.

        Raises
        ------
        InputError
            If no metric is an AUROC, or the share of positives is missing, or given twice.
        """
        ranked = any(map(_ranked, metrics))
        if self.positives is not None and data:
            msg = "the test set holds its own share of positives: leave --positives out"
        elif (self.area or self.positives is not None) and not ranked:
            msg = (
                "--auroc and --positives are read for metrics of kind auroc, and none is asked for"
            )
        elif self.positives is not None and self.area is None:
            msg = "--positives is read together with --auroc, the expected AUROC and correlation"
        elif self.area and self.positives is None and not data:
            msg = "--auroc without a rubric needs the share of positives: --positives 0.3"
        else:
            return
        raise InputError(msg)

    def read_alone(self, metrics: Sequence[Asked]) -> bool:
        """Return whether the expected AUROC is all that these metrics read."""
        return self.area is not None and all(map(_ranked, metrics))


def _ranked(asked: Asked) -> bool:
    return isinstance(asked.metric.evidence, Auroc)


def _inside(name: str, value: float, low: float, least: float, what: str = "it must") -> None:
    if not low < value < 1:
        msg = f"{name} is {value:g}; {what} lie between {low:g} and 1{_meant(value, least)}"
        raise InputError(msg)


def _meant(value: float, least: float) -> str:
    """Suggest the share where a percentage was given."""
    return f"; did you mean {value / 100:g}?" if 1 <= value < 100 and value / 100 >= least else ""
