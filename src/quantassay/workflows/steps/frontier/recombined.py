"""Verdicts on a speed-up and the frontier of a claim, computed again from the trials kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quantassay.claims.consistency import grouped
from quantassay.claims.differences import Difference, differences
from quantassay.records.plain import plain
from quantassay.records.result import Result
from quantassay.records.verification import JOURNAL_AGAIN, Check
from quantassay.runs.journal import Entries

from ..timing.figures import Trials
from .combining import Combined, digest_of_trials


def recombined(
    found: Combined, trials: Trials, result: Result, entries: Entries
) -> Iterator[Check]:
    """Yield the checks of verdicts on a speed-up, of the frontiers, and of the timing noted."""
    verdicts = found.speedups.verdicts
    said = {one.variant: plain(one.verdict) for one in result.speeds if one.verdict is not None}
    timed = {one.variant for one in result.speeds}
    again = {name: plain(one) for name, one in verdicts.items() if name in timed}
    agreed = f"{len(again)} computed again" if again else "none was declared"
    yield from grouped("verdicts on the speed-up", differences(said, again), agreed)
    frontiers = list(_frontiers(result, found))
    yield from grouped("frontier", frontiers, f"{len(found.frontiers)} computed again")
    if trials:
        noted = _noted(entries)
        changed = differences(noted, digest_of_trials(trials))
        yield from grouped("timing as noted", changed, "the trials kept", JOURNAL_AGAIN)


def _frontiers(result: Result, found: Combined) -> Iterator[Difference]:
    claimed: dict[str, Any] = {one.metric: plain(one) for one in result.frontiers}
    again: dict[str, Any] = {one.metric: plain(one) for one in found.frontiers}
    for name in dict.fromkeys([*again, *claimed]):
        if name not in claimed:
            yield name, "not in the claim", "a frontier"
        elif name not in again:
            yield name, "a frontier", "no metric with a margin that was timed"
        else:
            yield from differences(claimed[name], again[name], name)


def _noted(entries: Entries) -> str:
    timed = entries.find("timed")
    return str(timed[-1].data["digest"]) if timed else "nothing"
