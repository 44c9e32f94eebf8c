"""The verdict on a declared speed-up, and what it makes of the candidate's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from quantassay import stats
from quantassay.records.cells import CandidateVerdict, Cell, Verdict
from quantassay.records.speed import SpeedVerdict

from .overall import worst

SPEEDUP = "speed-up"
FEWEST_BLOCKS = 10
POWER = 0.9
ALONE = "no cell was judged: a speed-up alone is no pass"
NO_SPREAD = "every block gave the same ratio: what was timed has no spread, and no interval"


@dataclass(frozen=True)
class Family:
    """The gate cells that a speed-up shares Holm's rule with: how many, and how many failed."""

    members: int = 0
    failed: int = 0

    @property
    def factor(self) -> int:
        """By how much p of the speed-up is multiplied, taken after the cells that failed."""
        return self.members + 1 - self.failed


@dataclass(frozen=True)
class Timing:
    """What was timed of one candidate beside the reference.

    Attributes
    ----------
    log_ratios
        Log of its throughput over the reference's (K,), one for each block.
    seconds
        That all variants together took in these blocks.
    times
        How often it was timed beside this reference, this time too.
    """

    log_ratios: NDArray[np.float64]
    seconds: float
    times: int = 1


def family(cells: Iterable[Cell]) -> Family:
    """Return the family of one candidate's cells."""
    gates = [cell for cell in cells if cell.role == "gate" and cell.p_beyond_adjusted is not None]
    return Family(len(gates), sum(cell.verdict == "fail" for cell in gates))


def level_of(times: int, alpha: float) -> float:
    """Return the one-sided level of the first timing, or of one that is made again.

    The first is judged at ``alpha``, and the k-th at ``alpha / (k (k - 1))``: all that follow the
    first are wrong with probability ``alpha`` at most, however many there are, so that timing again
    until it passes gains no more than that.
    """
    return alpha if times < 2 else alpha / (times * (times - 1))


def speed_verdict(
    timing: Timing, declared: float, alpha: float, cells: Family = Family()
) -> SpeedVerdict:
    """Decide whether a candidate is faster than declared: FAIL first.

    Parameters
    ----------
    timing
        What was timed.
    declared
        The least throughput as a multiple of the reference's.
    alpha
        One-sided level of a first timing.
    cells
        The family that p of FAIL is adjusted in.

    Notes
    -----
    P(PASS where the ratio is the declared one or less) is at most ``alpha`` at the first timing,
    and P(any FAIL of cells or speed-up where all are within) too: Holm's rule over the gate cells
    and one hypothesis more.
    """
    logs = timing.log_ratios
    if len(logs) < FEWEST_BLOCKS:
        few = f"timed in {len(logs)} blocks: {FEWEST_BLOCKS} at least tell how far a ratio is off"
        return _undecided(declared, few)
    within, beyond = stats.speed_p_within(logs, declared), stats.speed_p_beyond(logs, declared)
    if np.isnan(within):
        return _undecided(declared, NO_SPREAD)
    adjusted = min(1.0, beyond * cells.factor)
    verdict, reason = _decided(timing, declared, alpha, adjusted, cells)
    needed = _needed(timing, declared, alpha, cells) if verdict == "inconclusive" else None
    return SpeedVerdict(declared, verdict, reason, within, adjusted, needed)


def untimed(declared: float, why: str) -> SpeedVerdict:
    """Return the verdict on a declared speed-up of what could not be timed."""
    return _undecided(declared, f"nothing was timed: {why}")


def with_speed(candidate: CandidateVerdict, speed: SpeedVerdict) -> CandidateVerdict:
    """Return the worse of both verdicts; one that was withheld stays withheld."""
    if candidate.verdict == "insufficient" and not candidate.deciding:
        return candidate
    own = candidate.verdict or "inconclusive"
    verdict = worst([own, speed.verdict])
    told = f"{SPEEDUP}: {speed.reason}"
    if own == speed.verdict and candidate.deciding:
        reason, deciding = f"{candidate.reason}; {told}", (*candidate.deciding, SPEEDUP)
    elif speed.verdict == verdict:
        reason, deciding = told, (SPEEDUP,)
    else:
        reason = candidate.reason if candidate.verdict else ALONE
        deciding = candidate.deciding
    return replace(candidate, verdict=verdict, reason=reason, deciding=deciding)


def withheld_speed(speed: SpeedVerdict, why: str) -> SpeedVerdict:
    """Turn whatever was decided into ``insufficient``."""
    return replace(speed, verdict="insufficient", reason=why, needed_seconds=None)


def _undecided(declared: float, why: str) -> SpeedVerdict:
    return SpeedVerdict(declared, "insufficient", why, None, None)


def _decided(
    timing: Timing, declared: float, alpha: float, adjusted: float, cells: Family
) -> tuple[Verdict, str]:
    level = level_of(timing.times, alpha)
    again = "" if timing.times < 2 else f", timed {timing.times} times"
    if adjusted <= level:
        p = f"adjusted p {adjusted:.2g} <= {level:.3g}{again}"
        return "fail", f"the ratio is below the declared {declared:g} ({p})"
    shown, strict = (stats.speed_ratio(timing.log_ratios, 1 - 2 * a) for a in (alpha, level))
    ends = f"[{shown.low:.4g}, {shown.high:.4g}]"
    if shown.low > declared and strict.low > declared:
        return "pass", f"the ratio's interval {ends} lies above the declared {declared:g}"
    if shown.low > declared:
        late = f"it would pass at a first timing, and not at the level of timing {timing.times}"
        return "inconclusive", f"{late} ({level:.2g}): timing again until it passes is no pass"
    if shown.high < declared:
        over = "1 cell" if cells.members == 1 else f"{cells.members:,} cells"
        why = f"Holm's adjustment over {over} and the {SPEEDUP}" if cells.members else "the level"
        return "inconclusive", (
            f"the ratio's interval {ends} lies below the declared {declared:g}, but not after "
            f"{why} (p {adjusted:.2g}{again})"
        )
    noise = f"the ratio's interval {ends} over {len(timing.log_ratios)} blocks"
    return "inconclusive", f"{noise} holds the declared {declared:g}: too noisy to tell"


def _needed(timing: Timing, declared: float, alpha: float, cells: Family) -> float | None:
    """Return seconds of a next timing that would settle it, all variants together."""
    logs = timing.log_ratios
    slower = float(logs.mean()) < np.log(declared)
    level = level_of(timing.times + 1, alpha) / (cells.factor if slower else 1)
    blocks = stats.speed_needed_blocks(logs, declared, level, POWER)
    return timing.seconds * blocks / len(logs) if np.isfinite(blocks) else None
