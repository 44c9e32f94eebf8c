"""One measured error rate, and the table of a family of them."""

from __future__ import annotations

import argparse
import csv
import math
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

FOLDER = Path(__file__).parent / "figures"


@dataclass(frozen=True)
class Figure:
    """How often one method errs under one truth.

    Attributes
    ----------
    method
        The function judged, as `quantassay.stats` names it, with what sets it apart.
    law
        The truth drawn from, in words: "two points, at the cap with probability p".
    n, margin
        Samples (of the cell, or of each stratum) and the margin, in the metric's unit.
    side
        "false PASS", "false FAIL", "interval misses" (either end), "power".
    alpha
        One-sided level asked for; for "power" the power that was planned.
    rate
        What was found.
    bound
        The largest rate that counts as right (least, for "power").
    draws
        Simulated data sets; 0: enumerated exactly.
    discordance
        Share of samples that change, where the law has one.
    clusters
        Cluster structure in words.
    strata
        How many strata were judged together.
    answer
        "judged"; "insufficient" where the product gives no verdict there; "diagnostic",
        "described" or "shown only" where no verdict ever rests on it.
    """

    method: str
    law: str
    n: int
    margin: float
    side: str
    alpha: float
    rate: float
    bound: float
    draws: int = 0
    discordance: float = math.nan
    clusters: str = "independent"
    strata: int = 1
    answer: str = "judged"

    @property
    def error(self) -> float:
        """Standard error of the rate; 0 where it was enumerated."""
        rate = min(max(self.rate, 1 / max(self.draws, 1)), 1.0)
        return math.sqrt(rate * (1 - rate) / self.draws) if self.draws else 0.0

    @property
    def holds(self) -> bool:
        """Whether the rate is within its bound, three standard errors allowed."""
        if self.side == "power":
            return self.rate >= self.bound - 3 * self.error
        return self.rate <= self.bound + 3 * self.error


def path(family: str) -> Path:
    """Return the table of a family."""
    return FOLDER / f"{family}.csv"


def write(family: str, figures: Iterable[Figure]) -> None:
    """Write the table of a family."""
    FOLDER.mkdir(exist_ok=True)
    with path(family).open("w", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(file, [field.name for field in fields(Figure)], lineterminator="\n")
        rows.writeheader()
        for figure in figures:
            shown = {k: _text(v) for k, v in asdict(figure).items()}
            rows.writerow(shown)


def read(family: str) -> list[Figure]:
    """Read the table of a family."""
    whole, real = ("n", "draws", "strata"), ("margin", "alpha", "rate", "bound", "discordance")
    with path(family).open(newline="", encoding="utf-8") as file:
        return [
            Figure(
                **{
                    **row,
                    **{name: int(row[name]) for name in whole},
                    **{name: float(row[name] or "nan") for name in real},
                }
            )
            for row in csv.DictReader(file)
        ]


def families() -> list[str]:
    """Return every family that has a table."""
    return sorted(file.stem for file in FOLDER.glob("*.csv"))


def main(family: str, measure: Callable[[bool], Iterable[Figure]]) -> None:
    """Measure a family and write its table; with ``--quick`` a part of it, printed only."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="a part of it, printed only")
    quick = parser.parse_args().quick
    start, found = time.perf_counter(), []
    for figure in measure(quick):
        found.append(figure)
        print(_line(figure), flush=True)
    if not quick:
        write(family, found)
    missed = sum(not figure.holds for figure in found)
    print(f"{len(found)} figures, {missed} beyond their bound, {time.perf_counter() - start:.0f} s")


def _text(value: object) -> object:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.6g}"
    return value


def _line(figure: Figure) -> str:
    mark = "" if figure.holds else "  BEYOND ITS BOUND"
    how = f"{figure.draws} draws" if figure.draws else "enumerated"
    return (
        f"{figure.method}; {figure.law}; n {figure.n}, margin {figure.margin:g}, "
        f"{figure.clusters}, {figure.strata} strata: {figure.side} {figure.rate:.5f} "
        f"at {figure.alpha:g} (bound {figure.bound:g}, {how}){mark}"
    )
