"""All that the statements of quantization-flips-small-llms are checked against."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from quantassay.records.cells import Comparison

from .answers import BENCHMARKS, MODELS, WIDTHS, answers, items
from .comparing import compared
from .transitions import Transitions, of, transitions


@dataclass(frozen=True)
class Evidence:
    """Tables of answers by model and width, and the product's comparison of each model."""

    tables: dict[str, dict[str, pa.Table]]
    comparisons: dict[str, Comparison]

    def counts(self, model: str, width: str, **where: str) -> Transitions:
        """Count how answers moved from fp16, of all questions or those with a value."""
        sides = [self.tables[model][one] for one in (WIDTHS[0], width)]
        for column, value in where.items():
            sides = [of(side, column, value) for side in sides]
        return transitions(*sides)

    def confirmed(self) -> tuple[int, int]:
        """Return how many of the product's cells have the counts of the tables, of how many."""
        same = []
        for model, comparison in self.comparisons.items():
            changes = {
                (one.candidate, *one.stratum.items()): one.value
                for one in comparison.agreements
                if one.name == "answer_changes"
            }
            for cell in comparison.cells:
                found = self.counts(model, cell.candidate, **cell.stratum)
                theirs = changes[(cell.candidate, *cell.stratum.items())]
                same.append(
                    (cell.n, cell.losses, cell.gains) == (found.n, found.lost, found.gained)
                    and theirs == found.all_flips / found.n
                )
        return sum(same), len(same)


def evidence(folder: Path) -> Evidence:
    """Read all answers of a folder and judge them."""
    asked = items(folder)
    tables = {
        model: {width: answers(folder, model, width, asked) for width in WIDTHS} for model in MODELS
    }
    return Evidence(tables, {model: compared(found) for model, found in tables.items()})


def short(model: str) -> str:
    """Drop the owner's name and what every one of them ends with."""
    return model.rpartition("/")[2].removesuffix("-Instruct").removesuffix("-instruct")


LABELS = tuple(BENCHMARKS.values())
