"""Which samples calibrate in a study: drawn, and checked, before anything runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from quantassay.errors import DataError, RubricError
from quantassay.records.samples import Partition
from quantassay.rubrics.study import CalibrationStudy
from quantassay.schemes.calibration import draw, draw_apart

from .asking import Exam
from .calibrating import CalibrationSets, Pool
from .covering import same_strata

Rows = NDArray[np.intp]
MOST, FEWEST = 20, 8


@dataclass(frozen=True)
class Drawn:
    """The rows of every draw, by size; ``shifted`` by the stratum that they are all of.

    ``lacking`` names strata that too few calibration samples are of.
    """

    declared: CalibrationStudy
    pool: Pool
    draws: Mapping[int, Sequence[Rows]]
    shifted: Mapping[str, Rows] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()


def drawn_study(exam: Exam, sets: CalibrationSets) -> Drawn | None:
    """Draw what a declared study calibrates on; None where none is declared.

    Raises
    ------
    RubricError
        If a draw asks for more samples than there are, or strata cannot be told apart.
    DataError
        If a drawn sample stands in the test set too.
    """
    declared = exam.rubric.calibration_study
    if declared is None:
        return None
    pool = sets.pool(exam.rubric.variants[declared.of].calibration or "")
    draws = _draws(exam, declared, pool)
    found = Drawn(declared, pool, draws, *_shifted(exam, declared, pool))
    rows = [one for each in draws.values() for one in each] + list(found.shifted.values())
    sets.refuse_shared(pool, np.unique(np.concatenate(rows)))
    return found


def _draws(exam: Exam, declared: CalibrationStudy, pool: Pool) -> dict[int, list[Rows]]:
    there = len(pool.samples)
    if max(declared.samples) > there:
        where = exam.loaded.at("calibration_study", "samples")
        msg = (
            f"{where}: {max(declared.samples)} samples asked for in a draw; calibration "
            f"{pool.name!r} has {there}"
        )
        raise RubricError(msg)
    return {
        size: draw_apart(there, size, declared.draws, (exam.rubric.seed, size), pool.codes)
        for size in sorted(declared.samples)
    }


def _shifted(
    exam: Exam, declared: CalibrationStudy, pool: Pool
) -> tuple[dict[str, Rows], tuple[str, ...]]:
    """Draw as many samples of each stratum, and name those that too few are of."""
    key = declared.shifted
    if key is None:
        return {}, ()
    tested = next(part for part in exam.question.partitions if part.key == key)
    rows = _by_stratum(exam, pool, tested)
    enough = {name: own for name, own in rows.items() if len(own) >= FEWEST}
    if not 1 < len(enough) <= MOST:
        where = exam.loaded.at("calibration_study", "shifted")
        msg = (
            f"{where}: {len(enough)} strata of {key!r} have at least {FEWEST} calibration "
            f"samples; wanted 2 to {MOST}"
        )
        raise RubricError(msg)
    size = min(max(declared.samples), *(len(own) for own in enough.values()))
    chosen = {name: own[draw(len(own), size, exam.rubric.seed)] for name, own in enough.items()}
    return chosen, tuple(name for name in rows if name not in enough)


def _by_stratum(exam: Exam, pool: Pool, tested: Partition) -> dict[str, Rows]:
    """Return the calibration samples of every stratum of the test set."""
    stratum = next(each for each in exam.rubric.strata if each.key == tested.key)
    try:
        part = same_strata(pool.samples.table, stratum)
    except DataError as error:
        msg = f"{exam.loaded.at('calibration_study', 'shifted')}: {error}"
        raise RubricError(msg) from error
    own = {}
    if part is not None:
        names = [next(iter(label.values())) for label in part.labels]
        own = {name: np.flatnonzero(part.codes == code) for code, name in enumerate(names)}
    return {name: own.get(name, np.empty(0, np.intp)) for name in tested.sizes()}
