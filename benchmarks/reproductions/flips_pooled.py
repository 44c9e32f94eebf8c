"""What quantization-flips-small-llms says of all its models, beside what two of them show."""

from __future__ import annotations

from statistics import mean

from . import flips
from .answers import MODELS
from .comparing import cell
from .evidence import LABELS, Evidence, short
from .flips_checks import balance, outcome
from .markdown import interval, percent
from .published import Checked
from .transitions import Transitions, ratio, share, together

QWEN, _ = MODELS
SUBJECTS = ("professional_medicine", "professional_law")


def both(found: Evidence, *widths: str) -> Transitions:
    """Count both models at some widths together."""
    return together(found.counts(model, width) for model in MODELS for width in widths)


def three_to_two(found: Evidence) -> Checked:
    """Check the pooled ratio, of two of the five models that it was pooled over."""
    four, eight_too = both(found, "int4"), both(found, "int8", "int4")
    text = f"4 bits: {balance(four)}; 8 and 4 bits: {balance(eight_too)}"
    return Checked(
        flips.THREE_TO_TWO,
        text,
        "cannot be told",
        "two of the five models are here, and the abstract does not say which widths are pooled: "
        "three to two is just outside the first interval and within the second",
    )


def below_chance(found: Evidence) -> Checked:
    """Check that the balance stays below three to one, pooled and where it does not."""
    counts = both(found, "int4")
    arc = found.counts(QWEN, "int4", benchmark="ARC-Challenge")
    recovered = share(counts.gained, counts.gained + counts.moved)
    _, high = ratio(counts.lost, counts.gained)
    return Checked(
        flips.BELOW_CHANCE,
        f"4 bits, two models: {balance(counts)}",
        outcome(agrees=high < 3),
        f"pooled alone: {short(QWEN)} on ARC-Challenge has {balance(arc)}. Three to one supposes "
        "as many changed answers from right as from wrong. Without that: of the wrong answers "
        f"that changed, {counts.gained} of {counts.gained + counts.moved} became right, "
        f"{percent(counts.gained / (counts.gained + counts.moved))} % {interval(recovered)}, where "
        "chance gives 33.3 %.",
    )


def wrong_to_wrong(found: Evidence) -> Checked:
    """Check the share of changed answers that were wrong before and after."""
    parts = []
    for width in ("int8", "int4"):
        counts = both(found, width)
        ends = share(counts.moved, counts.all_flips)
        size = percent(counts.moved / counts.all_flips)
        parts.append(f"{width}: {counts.moved} of {counts.all_flips}, {size} % {interval(ends)}")
    return Checked(flips.WRONG_TO_WRONG, "; ".join(parts), "no figure", "“large” is none")


def twice(found: Evidence) -> Checked:
    """Check the preregistered rule: answers change at least twice as much as accuracy."""
    cells = [
        found.counts(model, width, benchmark=label)
        for model in MODELS
        for width in ("int8", "int4")
        for label in LABELS
    ]
    met = sum(one.all_flips / one.n >= 2 * abs(one.change) for one in cells)
    why = (
        "that flips are no fewer than the change of accuracy (Dutta et al.) cannot fail: the "
        "change is the difference of the two directions, flips are their sum; twice can"
    )
    said = "met" if met == len(cells) else "not met everywhere"
    return Checked(
        flips.TWICE, f"{met} of {len(cells)} cells", said, f"its count is not at hand; {why}"
    )


def hardest(found: Evidence) -> Checked:
    """Check the order of MMLU's subjects by accuracy at fp16, as a mean over the models here."""
    one = found.comparisons[QWEN]
    names = {c.stratum["subject"] for c in one.cells if "subject" in c.stratum}
    means = {
        name: mean(
            cell(found.comparisons[model], "int4", subject=name).reference_value or 0.0
            for model in MODELS
        )
        for name in names
    }
    order = sorted(means, key=lambda name: (-means[name], name))
    text = "; ".join(
        f"{name} {percent(means[name])} %, place {order.index(name) + 1} of {len(order)}"
        for name in SUBJECTS
    )
    near = all(order.index(name) >= len(order) - 3 for name in SUBJECTS)
    return Checked(
        flips.HARDEST,
        text,
        outcome(agrees=near),
        "theirs is a mean over five models, ours over two",
    )


def pooled(found: Evidence) -> list[Checked]:
    """Check what is said of all models at once, on the two that are here."""
    return [
        three_to_two(found),
        below_chance(found),
        wrong_to_wrong(found),
        twice(found),
        hardest(found),
    ]
