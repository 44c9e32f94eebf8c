"""What every metric with rows obeys."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from quantassay.metrics.contract import Metric

from ..pairs import Pair
from .contract import Law, Random, require
from .figures import ALPHA, MARGINS, evidence, figures, same_bits, sides, state, verdicts

CONFIDENCES = (0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
WIDENING = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.9)
ORDER = ("fail", "insufficient", "inconclusive", "pass")


def rows_are_one_for_each_sample(metric: Metric, pair: Pair, random: Random) -> None:
    """Want rows, and those of extreme answers, as (n, d) floats of one width."""
    made = {
        "rows": metric.rows(pair.samples, pair.candidate),
        "extreme(best=True)": metric.extreme(pair.samples, pair.candidate, True),
        "extreme(best=False)": metric.extreme(pair.samples, pair.candidate, False),
    }
    for what, rows in made.items():
        ok = rows.ndim == 2 and len(rows) == len(pair.samples) and rows.dtype == np.float64
        require(ok, f"{what} is {rows.dtype} {rows.shape}, not float64 ({len(pair.samples)}, d)")
    widths = {what: rows.shape[1] for what, rows in made.items()}
    require(len(set(widths.values())) == 1, f"rows have different widths: {widths}")


def what_is_not_measured_is_undefined(metric: Metric, pair: Pair, random: Random) -> None:
    """Want NaN as the value of no samples."""
    rows = metric.rows(pair.samples, pair.candidate)
    nothing = metric.value(np.zeros(rows.shape[1]), np.asarray(0.0))
    require(bool(np.isnan(nothing).all()), f"the value of no samples is {nothing}, not NaN")


def the_order_of_samples_does_not_matter(metric: Metric, pair: Pair, random: Random) -> None:
    """Want the same figures to the last bit."""
    moved = pair.taken(random.permutation(len(pair.samples)))
    found, again = figures(evidence(metric, pair)), figures(evidence(metric, moved))
    same = np.array_equal(found, again, equal_nan=True)
    require(same, "its figures change with the order of the samples")


def a_variant_against_itself_has_no_loss_and_never_fails(
    metric: Metric, pair: Pair, random: Random
) -> None:
    """Want a loss of exactly 0."""
    same = replace(pair, candidate=pair.reference)
    found = evidence(metric, same)
    loss = found.loss[np.isfinite(found.loss)]
    nothing = (loss == 0.0).all() and not np.signbit(loss).any()
    require(nothing, f"a variant against itself has the losses {loss}")
    for margin in MARGINS:
        failed = "fail" in verdicts(metric, same, margin, found)
        require(not failed, f"a variant against itself fails at margin {margin:g}")


def not_even_with_failures_on_both_sides(metric: Metric, pair: Pair, random: Random) -> None:
    """Want no loss proven by outputs that failed on both sides."""
    same = replace(pair, candidate=pair.reference)
    failed = "fail" in verdicts(metric, same, MARGINS[0], evidence(metric, same))
    require(not failed, "a variant of which outputs failed fails against itself")


def the_sum_of_the_parts_is_the_whole_to_the_last_bit(
    metric: Metric, pair: Pair, random: Random
) -> None:
    """Want shards to add, in any order."""
    n = len(pair.samples)
    # a shard knows its clusters by the same codes as the whole
    units = np.arange(n) if pair.units is None else pair.units
    rows, shard = sides(metric, pair), random.integers(0, 3, n)
    states = [state(metric, rows, pair.parts, units, shard == i) for i in range(3)]
    whole = state(metric, rows, pair.parts, units, np.ones(n, bool))
    added = states[2] + states[0] + states[1]
    same = same_bits(added, whole) and np.array_equal(
        figures(added.evidence()), figures(whole.evidence()), equal_nan=True
    )
    require(same, "the sum of three shards is not the whole")


def the_names_of_strata_do_not_matter(metric: Metric, pair: Pair, random: Random) -> None:
    """Want figures to move with their stratum, but for rounding."""
    place = random.permutation(len(pair.strata.labels))
    codes = np.where(pair.strata.codes < 0, -1, place[pair.strata.codes])
    moved = replace(pair, strata=replace(pair.strata, codes=codes))
    found = figures(evidence(metric, pair))
    again = figures(evidence(metric, moved), np.r_[0, 1 + place])
    # vector instructions round the last of several cells in another way than the first
    same = np.allclose(found, again, rtol=1e-9, atol=1e-12, equal_nan=True)
    require(same, "the figures of a stratum change with its name")


def a_wider_margin_never_loses_a_pass(metric: Metric, pair: Pair, random: Random) -> None:
    """Want what passes at a margin to pass at any wider one."""
    close = replace(pair, candidate=pair.reference) if random.random() < 0.5 else pair
    found = evidence(metric, close)
    chosen = np.sort(random.choice(WIDENING, 2, replace=False)).tolist()
    for narrow, wide in pairwise(chosen):
        first, second = (verdicts(metric, close, m, found) for m in (narrow, wide))
        lost = any(a == "pass" and b != "pass" for a, b in zip(first, second, strict=True))
        require(not lost, f"what passes at margin {narrow:g} does not at {wide:g}")


def a_pass_and_its_p_agree(metric: Metric, pair: Pair, random: Random) -> None:
    """Want the interval below the margin where p is below the level."""
    found = evidence(metric, pair)
    high = found.bounds(ALPHA)[1]
    for margin in MARGINS:
        p = found.p_within(np.full(len(high), margin))
        inside = np.isfinite(high) & (np.abs(high - margin) > 1e-6)
        agree = ((high < margin) == (p < ALPHA))[inside].all()
        require(agree, f"interval and p disagree at margin {margin:g}: ends {high}, p {p}")
        both = np.array_equal(np.isnan(p), np.isnan(high))
        require(both, f"an interval or its p is undefined, not both: ends {high}, p {p}")


def a_failed_output_of_the_candidate_never_improves_its_loss(
    metric: Metric, pair: Pair, random: Random
) -> None:
    """Want what failed to count at its worst."""
    n = len(pair.samples)
    places = random.permutation(n)[: random.integers(1, n + 1)].tolist()
    found, worse = evidence(metric, pair), evidence(metric, pair.spoilt(places))
    # of the whole test set: a false answer harms most in one class, which a stratum may not hold
    cells = 1 if metric.evidence.name == "ratio of sums" else len(found.n)
    before, after = found.loss[:cells], worse.loss[:cells]
    known = np.isfinite(before)
    lower = (after[known] < before[known] - 1e-12).any()
    require(not lower, f"failed outputs improve the loss: {before} becomes {after}")
    defined = np.isfinite(after[~known]).any()
    require(not defined, f"failed outputs define what was undefined: {before} becomes {after}")


def swapping_the_sides_mirrors_the_interval(metric: Metric, pair: Pair, random: Random) -> None:
    """Want what one side loses to be what the other gains."""
    swapped = replace(pair, reference=pair.candidate, candidate=pair.reference)
    (low, high), (other_low, other_high) = (
        evidence(metric, one).bounds(ALPHA) for one in (pair, swapped)
    )
    mirrored = all(
        np.allclose(a, -b, rtol=1e-7, atol=1e-7, equal_nan=True)
        for a, b in ((other_low, high), (other_high, low))
    )
    require(mirrored, f"[{low}, {high}] becomes [{other_low}, {other_high}] with sides swapped")


def a_stricter_confidence_never_gains_a_verdict(metric: Metric, pair: Pair, random: Random) -> None:
    """Want what is settled at a confidence to be settled at any lower one."""
    found = evidence(metric, pair)
    loose, strict = np.sort(random.choice(CONFIDENCES, 2, replace=False)).tolist()
    margin = float(random.choice(MARGINS))
    first, second = (verdicts(metric, pair, margin, found, c) for c in (loose, strict))
    gained = any(
        after in ("pass", "fail") and after != before
        for before, after in zip(first, second, strict=True)
    )
    require(not gained, f"confidence {strict:g} settles what {loose:g} does not")


def one_more_loss_never_improves_a_binary_verdict(
    metric: Metric, pair: Pair, random: Random
) -> None:
    """Want nothing better where the candidate loses a sample that both got right."""
    rows = sides(metric, pair)
    both = np.flatnonzero((rows[0][:, 0] == 1) & (rows[1][:, 0] == 1))
    if not len(both):
        return
    lost = rows[1].copy()
    lost[random.choice(both)] = 0
    n = np.ones(len(lost), bool)
    found = [
        state(metric, one, pair.parts, np.arange(len(lost)), n).evidence()
        for one in (rows, (rows[0], lost))
    ]
    ends = [one.bounds(ALPHA)[1][found[0].n > 0] for one in found]
    higher = bool((ends[1] >= ends[0] - 1e-7).all())
    require(higher, "one more loss lowers the upper end")
    for margin in MARGINS:
        before, after = (verdicts(metric, pair, margin, one) for one in found)
        better = any(ORDER.index(b) > ORDER.index(a) for a, b in zip(before, after, strict=True))
        require(not better, f"one more loss improves a verdict at margin {margin:g}")


def worst_and_best_rows_are_the_ends_of_the_metric(
    metric: Metric, pair: Pair, random: Random
) -> None:
    """Want no answers better than the best, or worse than the worst."""
    n = np.asarray(float(len(pair.samples)))
    worst, best = (
        metric.value(metric.extreme(pair.samples, pair.candidate, end).sum(axis=0), n)
        for end in (False, True)
    )
    own = metric.value(metric.rows(pair.samples, pair.candidate).sum(axis=0), n)
    if not np.isfinite(own):
        return
    within = bool(min(worst, best) - 1e-12 <= own <= max(worst, best) + 1e-12)
    require(within, f"value {own} lies outside worst {worst} and best {best}")
    upwards = (best > worst) == (metric.direction == "higher")
    require(upwards, f"best {best} and worst {worst} contradict direction {metric.direction!r}")


def judged(metric: Metric) -> bool:
    """Whether a metric can have verdicts."""
    return bool(metric.evidence.name != "described")


def bounded(metric: Metric) -> bool:
    """Whether what failed counts as a declared worst, not as the worst of the other answers."""
    return judged(metric) and not getattr(metric.evidence, "why", None)


def binary(metric: Metric) -> bool:
    """Whether each sample is right or wrong."""
    return bool(metric.evidence.name == "paired binary")


METRIC_LAWS = (
    Law(rows_are_one_for_each_sample),
    Law(what_is_not_measured_is_undefined),
    Law(the_order_of_samples_does_not_matter),
    Law(a_variant_against_itself_has_no_loss_and_never_fails, failing=False),
    Law(not_even_with_failures_on_both_sides),
    Law(the_sum_of_the_parts_is_the_whole_to_the_last_bit, failing=False),
    Law(the_names_of_strata_do_not_matter),
    # large enough for some to pass
    Law(a_wider_margin_never_loses_a_pass, most=120, binds=judged),
    Law(a_pass_and_its_p_agree, most=80, binds=judged),
    Law(a_failed_output_of_the_candidate_never_improves_its_loss, binds=bounded),
    Law(swapping_the_sides_mirrors_the_interval, most=80, failing=False, binds=judged),
    Law(a_stricter_confidence_never_gains_a_verdict, most=120, binds=judged),
    Law(
        one_more_loss_never_improves_a_binary_verdict,
        most=100, failing=False, clustered=False, binds=binary,
    ),
    Law(worst_and_best_rows_are_the_ends_of_the_metric, failing=False),
)  # fmt: skip
