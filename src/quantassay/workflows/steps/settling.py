"""The smallest measurement that would settle the axis most likely not to survive."""

from __future__ import annotations

import math
import shlex
from collections.abc import Sequence

from quantassay import stats
from quantassay.claims.transfer.claimed import Claimed, ClaimedCandidate
from quantassay.claims.transfer.needed import needed_at_mix
from quantassay.errors import InputError
from quantassay.records.cells import Cell, stratum_label
from quantassay.records.deployment import Deployment
from quantassay.records.transfer import Axis, CriticalReading, Measurement, Reweighted
from quantassay.workflows.plan import plan

Reading = Reweighted | CriticalReading
# where a metric counts no losses and gains, as much change as `plan` expects by default
DISCORDANCE = 0.03
LEAST, MOST = 0.001, 0.9
SMALLEST = 1e-6
CLOSE = 0.05
VERIFY = "quantassay verify claim.json"


def settle(
    claim: Claimed,
    candidate: ClaimedCandidate,
    deployment: Deployment,
    weakest: Axis,
    readings: Sequence[Reading],
) -> Measurement:
    """Return the smallest measurement that would settle an axis.

    Parameters
    ----------
    claim, candidate, deployment
        What is compared; the candidate is the one that does worst.
    weakest
        The axis.
    readings
        What was judged of that candidate.
    """
    kind = weakest.name.partition(":")[0]
    if kind in ("strata mix", "critical strata"):
        return _of_strata(claim, candidate, weakest, readings)
    if kind == "throughput":
        return _timed(candidate, weakest)
    metric, margin = _main(candidate, deployment, readings)
    whole = candidate.cell(metric, {}) if metric else None
    n, command = planned(metric, margin, whole, claim.confidence)
    return _paired(weakest, n, command)


def planned(
    metric: str | None,
    margin: float | None,
    cell: Cell | None,
    confidence: float,
    loss: float = 0.0,
) -> tuple[int | None, str]:
    """Return the n that `plan` asks for at the discordance seen, and the command that says so.

    ``loss`` is the true loss expected, as a share of the margin; at 1 or more no n would do.
    """
    if metric is None or margin is None or margin < SMALLEST:
        return None, "quantassay plan --margin MARGIN"
    share = _discordance(cell)
    level = "" if confidence == 0.95 else f" --confidence {confidence:g}"
    level += f" --loss {loss:g}" if loss else ""
    command = (
        f"quantassay plan --metric {shlex.quote(metric)} --margin {margin:g} "
        f"--discordance {share:g}{level}"
    )
    try:
        found = plan(
            margin=float(f"{margin:g}"),
            metric=metric,
            discordance=share,
            confidence=confidence,
            loss=loss,
        )
    except InputError:
        return None, command
    return found.cells[0].outlooks[0].needed, command


def _discordance(cell: Cell | None) -> float:
    """Return an upper bound of the share of samples that change, in two digits as it is shown."""
    if cell is None or cell.losses is None or cell.gains is None or not cell.n:
        return DISCORDANCE
    share = float(stats.discordance_upper(cell.losses + cell.gains, cell.n))
    digits = 10.0 ** (1 - math.floor(math.log10(share)))
    return min(max(math.ceil(share * digits) / digits, LEAST), MOST)


def _main(
    candidate: ClaimedCandidate, deployment: Deployment, readings: Sequence[Reading]
) -> tuple[str | None, float | None]:
    """Return the metric that matters most, and its margin."""
    for one in readings:
        if one.margin is not None:
            return one.metric, one.margin
    gates = [cell for cell in candidate.cells if cell.role == "gate"]
    names = {cell.metric for cell in candidate.cells}
    metric = deployment.metric if deployment.metric in names else None
    metric = metric or next((cell.metric for cell in gates), None)
    cell = candidate.cell(metric, {}) if metric else None
    return metric, deployment.margin or (cell.margin if cell else None)


def _paired(axis: Axis, n: int | None, command: str) -> Measurement:
    """Settle an axis by answers of both sides on the deployed stack."""
    executor = axis.name.startswith("executor")
    count = "samples" if n is None else f"{n:,} samples"
    if executor:
        what = (
            f"the claimed artefact on the claim's stack and on this one, {count} of the traffic, "
            "no targets needed: compare the recorded answers"
        )
    else:
        what = f"reference and deployed model on {count} of the traffic, with targets: compare them"
    say = f"say {axis.name} in the deployment; if it differs: " if axis.status == "implicit" else ""
    none = "" if n is not None else " (how many cannot be planned from this claim)"
    return Measurement(axis.name, n, not executor, f"{say}{what}{none}", command, "plan")


def _of_strata(
    claim: Claimed, candidate: ClaimedCandidate, axis: Axis, readings: Sequence[Reading]
) -> Measurement:
    """Settle the mix, or a stratum that may not degrade."""
    own = [
        one for one in readings if isinstance(one, CriticalReading) == (axis.name != "strata mix")
    ]
    failed = next((one for one in own if one.verdict == "fail"), None)
    if failed is not None:
        words = "nothing is left to measure: the loss is shown to be beyond the margin"
        return Measurement(axis.name, None, False, words, VERIFY)
    for one in own:
        if isinstance(one, CriticalReading) and one.verdict != "pass":
            return _one_stratum(claim, candidate, axis, one.metric, stratum_label(one.stratum), one)
        if isinstance(one, Reweighted) and one.refused:
            return _refused(claim, candidate, axis, one)
        if isinstance(one, Reweighted) and one.declared and one.verdict == "inconclusive":
            return _widened(claim, axis, one)
    return _counted(axis, [one for one in own if isinstance(one, Reweighted)])


def _one_stratum(
    claim: Claimed,
    candidate: ClaimedCandidate,
    axis: Axis,
    metric: str,
    label: str,
    one: Reading,
) -> Measurement:
    whole = candidate.cell(metric, {})
    own = next(
        (c for c in candidate.cells if c.metric == metric and stratum_label(c.stratum) == label),
        None,
    )
    expected = _expected(one)
    n, command = planned(metric, one.margin, own or whole, claim.confidence, expected)
    if expected >= 1:
        words = f"no number of samples would: a loss of {one.loss:.4g} is not below the margin"
        return Measurement(axis.name, None, True, words, command)
    count = "samples" if n is None else f"{n:,} samples"
    words = f"reference and candidate on {count} of {label}, with targets"
    return Measurement(axis.name, n, True, words, command, "plan")


def _expected(one: Reading) -> float:
    """Return the loss that a stratum showed, as a share of its margin; 0 where it showed none."""
    if one.loss is None or one.margin is None or one.loss <= 0:
        return 0.0
    return math.ceil(100 * one.loss / one.margin) / 100


def _refused(
    claim: Claimed, candidate: ClaimedCandidate, axis: Axis, one: Reweighted
) -> Measurement:
    for share in one.strata:
        unmeasured = not share.n or share.interval is None or share.verdict == "insufficient"
        if share.share > 0 and unmeasured:
            label = f"{one.dimension}={share.value}"
            return _one_stratum(claim, candidate, axis, one.metric, label, one)
    whole = candidate.cell(one.metric, {})
    n, command = planned(one.metric, one.margin, whole, claim.confidence)
    count = "samples" if n is None else f"{n:,} samples"
    words = f"reference and candidate on {count} drawn from the traffic itself, with targets"
    return Measurement(axis.name, n, True, words, command, "plan")


def _widened(claim: Claimed, axis: Axis, one: Reweighted) -> Measurement:
    """Say how many samples of each stratum would narrow the interval enough."""
    sizes = needed_at_mix(one, claim.confidence)
    more = f"quantassay plan --metric {shlex.quote(one.metric)} --margin {one.margin:g}"
    if sizes is None:
        words = f"no number of samples would: a loss of {one.loss:.4g} is not below the margin"
        return Measurement(axis.name, None, True, words, more)
    total = sum(sizes.values())
    if total <= one.n and one.counted is not None:
        words = "count the strata of more traffic, without targets: the mix is what is not known"
        return Measurement(axis.name, one.counted * 4, False, words, more, "limits")
    most = sorted(sizes.items(), key=lambda item: -item[1])[:3]
    parts = ", ".join(f"{size:,} of {one.dimension}={value}" for value, size in most)
    words = (
        f"about {total:,} samples with targets in all, by the claim's own limits: {parts} "
        f"(there are {one.n:,})"
    )
    return Measurement(axis.name, total, True, words, more, "limits")


def _counted(axis: Axis, readings: Sequence[Reweighted]) -> Measurement:
    """Settle a mix that nobody says by counting it, closely enough for the shift that matters."""
    shifts = [one.shift.share for one in readings if one.shift and one.shift.share is not None]
    command = "declare 'mix', or name the sample as 'production'"
    turning = min((share for share in shifts if share > 0), default=None)
    if turning is None and any(one.shift is None for one in readings):
        n = _count_within(CLOSE)
        words = (
            f"count the strata of {n:,} unlabelled samples of the traffic: shares to within "
            f"{100 * CLOSE:g} percentage points (the intervals of single strata are too wide to "
            "say which shift would turn a reading)"
        )
        return Measurement(axis.name, n, False, words, command, "shift")
    if turning is None:
        words = (
            "none is needed where the traffic holds these strata alone: no mix of them would turn "
            "a reading"
        )
        return Measurement(axis.name, None, False, words, command)
    n = _count_within(turning)
    words = (
        f"count the strata of {n:,} unlabelled samples of the traffic: shares to within "
        f"{100 * turning:.3g} percentage points, the shift that would turn a reading"
    )
    return Measurement(axis.name, n, False, words, command, "shift")


def _count_within(error: float) -> int:
    """Return the samples that show any share to within an error, at 95 % confidence."""
    return math.ceil(0.25 * (1.96 / error) ** 2)


def _timed(candidate: ClaimedCandidate, axis: Axis) -> Measurement:
    blocks = candidate.throughput.blocks if candidate.throughput else 20
    words = f"time both sides on the deployed stack: {blocks} blocks, no targets needed"
    return Measurement(axis.name, blocks, False, words, "quantassay run RUBRIC on that stack")
