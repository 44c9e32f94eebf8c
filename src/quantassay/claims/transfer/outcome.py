"""The verdict on each candidate where it is deployed, and whether a claim travels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from quantassay.errors import some
from quantassay.records.cells import Verdict, stratum_label
from quantassay.records.transfer import Axis, CriticalReading, Judged, Reweighted

NOTHING = "nothing was judged: no mix and no critical stratum, by a metric of the claim"
WORST: tuple[Verdict, ...] = ("fail", "insufficient", "inconclusive", "pass")
Reading = Reweighted | CriticalReading


def judged(candidate: str, readings: Iterable[Reading]) -> Judged:
    """Return the worst verdict over what decides for one candidate, and what it rests on."""
    own = [one for one in readings if one.candidate == candidate and _counts(one)]
    verdicts = [one.verdict for one in own]
    if not own:
        return Judged(candidate, None, NOTHING)
    if None in verdicts and "fail" not in verdicts:
        return Judged(candidate, None, next(one.reason for one in own if one.verdict is None))
    worst = min((v for v in verdicts if v is not None), key=WORST.index)
    why = [f"{name(one)}: {one.reason}" for one in own if one.verdict == worst]
    if worst == "pass":
        return Judged(candidate, "pass", f"within the margin: {some_of(map(name, own))}")
    return Judged(candidate, worst, some_of(why, 2))


def _counts(one: Reading) -> bool:
    return isinstance(one, CriticalReading) or one.declared


def name(one: Reading) -> str:
    """Name a reading: ``top1 at the mix by digit`` or ``top1 @ digit=8``."""
    if isinstance(one, CriticalReading):
        return f"{one.metric} @ {stratum_label(one.stratum)}"
    return f"{one.metric} at the mix by {one.dimension}"


def some_of(items: Iterable[str], limit: int = 4) -> str:
    """List the first few and count the rest."""
    found = list(items)
    rest = len(found) - limit
    return "; ".join(found[:limit]) + (f"; and {rest} more" if rest > 0 else "")


def overall(candidates: Mapping[str, Judged]) -> Verdict | None:
    """Return the worst verdict over the candidates; None where one of them has none."""
    verdicts = [one.verdict for one in candidates.values()]
    known = [verdict for verdict in verdicts if verdict is not None]
    if "fail" in known:
        return "fail"
    if not known or None in verdicts:
        return None
    return min(known, key=WORST.index)


def severest(candidates: Mapping[str, Judged]) -> str:
    """Return the candidate that does worst, the first of several."""
    order = [*WORST[:1], None, *WORST[1:]]
    return min(candidates, key=lambda name: order.index(candidates[name].verdict))


def travels(verdict: Verdict | None, axes: Sequence[Axis]) -> tuple[bool, str]:
    """Return whether a claim holds for a deployment, and why or why not."""
    stands = [axis.name for axis in axes if axis.gates]
    open_axes = f"{len(stands)} axes differ or are implicit: {some(stands, 4)}"
    if len(stands) == 1:
        open_axes = f"one axis differs or is implicit: {stands[0]!r}"
    if verdict == "fail":
        return False, "a loss is beyond the margin of the deployment"
    if verdict == "pass" and not stands:
        return True, "what was judged is within its margin, and every axis that gates is the same"
    if verdict == "pass":
        return False, f"what was judged is within its margin, but {open_axes}"
    why = {
        "insufficient": "some of the mix was not measured well enough",
        "inconclusive": "the loss is neither within nor beyond the margin",
    }.get(verdict or "", "nothing was judged")
    return False, f"{why}; {open_axes}" if stands else why
