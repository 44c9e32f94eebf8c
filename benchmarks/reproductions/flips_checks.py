"""What quantization-flips-small-llms says of one model, beside what its answers show."""

from __future__ import annotations

from statistics import mean

import numpy as np
import pyarrow.compute as pc

from quantassay.records.cells import Cell

from . import flips
from .answers import MODELS
from .comparing import MARGIN, SUBJECT_MARGIN, cell
from .evidence import LABELS, Evidence
from .markdown import interval, loss, percent
from .published import Checked
from .transitions import Transitions, of, ratio, share

QWEN, PHI = MODELS


def outcome(*, agrees: bool) -> str:
    """Say it in a word."""
    return "agrees" if agrees else "differs"


def flipped(counts: Transitions) -> str:
    """Write the share of flips with its exact interval."""
    ends = share(counts.flips, counts.n)
    return f"{counts.flips} of {counts.n}, {percent(counts.flips / counts.n)} % {interval(ends)}"


def balance(counts: Transitions) -> str:
    """Write right to wrong over wrong to right, with its interval."""
    text = f"{counts.lost} : {counts.gained}"
    if not counts.gained:
        return text
    low, high = ratio(counts.lost, counts.gained)
    return f"{text}, {counts.lost / counts.gained:.2f} : 1 [{low:.2f}, {high:.2f}]"


def gates(found: Evidence, model: str, width: str) -> list[Cell]:
    """Return the cells of the three benchmarks."""
    return [cell(found.comparisons[model], width, benchmark=label) for label in LABELS]


def five_points(found: Evidence) -> Checked:
    """Check the largest loss at four bits, which the rest of the abstract leaves alone."""
    cells = gates(found, QWEN, "int4")
    by = sorted(cells, key=lambda one: one.loss or 0.0, reverse=True)
    text = "; ".join(f"{one.stratum['benchmark']} {loss(one)}" for one in by)
    return Checked(
        flips.FIVE_POINTS,
        text,
        outcome(agrees=percent(by[0].loss or 0.0) == "5.0"),
        "theirs has no interval; CommonsenseQA shows no loss that is told from none",
    )


def preserved(found: Evidence, model: str) -> Checked:
    """Check whether accuracy is preserved, at the margin that this paper gives the word."""
    parts, verdicts = [], []
    for width in ("int8", "int4"):
        cells = gates(found, model, width)
        verdicts += [one.verdict for one in cells]
        parts.append(
            f"{width}: " + ", ".join(f"{one.stratum['benchmark']} {one.verdict}" for one in cells)
        )
    if "fail" in verdicts:
        said = "not supported"
    else:
        said = "supported" if set(verdicts) == {"pass"} else "supported in part"
    why = (
        f"at {percent(MARGIN, 0)} points on each benchmark: `dutta_comparison.py` says "
        "“accuracy preserved within ~1-2%”"
    )
    if said == "not supported":
        why += "; the abstract itself goes on that it is “preserved less well” here"
    return Checked(flips.PRESERVED, "; ".join(parts), said, why)


def more_flips(found: Evidence, model: str) -> Checked:
    """Check that four bits flip more, on the mean over benchmarks and on each."""
    rates = {
        width: [(c := found.counts(model, width, benchmark=one)).flips / c.n for one in LABELS]
        for width in ("int8", "int4")
    }
    against = [
        f"{label}: {percent(high)} → {percent(low)} %"
        for label, high, low in zip(LABELS, rates["int8"], rates["int4"], strict=True)
        if low <= high
    ]
    means = [mean(rates[width]) for width in ("int8", "int4")]
    text = f"mean of the three: {percent(means[0])} → {percent(means[1])} %"
    why = f"The mean hides one that goes the other way. {against[0]}." if against else ""
    return Checked(flips.EVERY_MODEL, text, outcome(agrees=means[1] > means[0]), why)


def leans(found: Evidence, model: str) -> Checked:
    """Check the direction of flips at four bits."""
    counts = found.counts(model, "int4")
    low, _ = ratio(counts.lost, counts.gained)
    why = "" if low > 1 else "the interval holds 1 : 1"
    return Checked(flips.LEANS, balance(counts), outcome(agrees=counts.lost > counts.gained), why)


def in_range(found: Evidence, model: str) -> list[Checked]:
    """Check flips on MMLU at four bits against the range that a caption quotes."""
    counts = found.counts(model, "int4", benchmark="MMLU")
    rate, text = 100 * counts.flips / counts.n, flipped(counts)
    low, high = flips.CAPTION_RANGE
    if model == QWEN:
        why = f"above the {low} to {high} % that this caption quotes of Dutta et al."
        return [Checked(flips.ABOVE_RANGE, text, outcome(agrees=rate > high), why)]
    other, _ = flips.OTHER_RANGE
    why = (
        f"below the {other} % that this caption quotes of Dutta et al., within the {low} to "
        f"{high} % that the same caption quotes at 511d193; the interval reaches beyond {other}"
    )
    return [Checked(flips.JUST_BELOW, text, outcome(agrees=rate < other), why)]


def weakly_held(found: Evidence) -> Checked:
    """Check the confidence of right answers that four bits turned wrong, on MMLU."""
    first, second = (
        of(found.tables[QWEN][width], "benchmark", "MMLU") for width in ("fp16", "int4")
    )
    lost = pc.and_(
        pc.equal(first["prediction"], first["target"]),
        pc.not_equal(second["prediction"], second["target"]),
    )
    sure = np.array(first["confidence"].filter(lost)) >= flips.CONFIDENT
    text = f"{sure.sum()} of {len(sure)} at {flips.CONFIDENT} or above, {percent(sure.mean())} %"
    return Checked(flips.WEAKLY_HELD, text, outcome(agrees=sure.mean() < 0.5))


def of_model(found: Evidence, model: str) -> list[Checked]:
    """Check all that is said of one model."""
    own = [five_points(found), weakly_held(found)] if model == QWEN else []
    every = [preserved(found, model), more_flips(found, model), leans(found, model)]
    return [*own, *in_range(found, model), *every]


MARGINS_SAID = (
    f"{percent(MARGIN, 0)} points on all questions and on each benchmark, "
    f"{percent(SUBJECT_MARGIN, 0)} points on each subject of MMLU"
)
