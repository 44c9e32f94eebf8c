"""Whether what a claim says of throughput agrees with itself, and with the loss beside it."""

from __future__ import annotations

from collections.abc import Iterator

from quantassay.records.cells import stratum_label
from quantassay.records.frontier import StratumFrontier
from quantassay.records.result import Result
from quantassay.records.speed import Speed

from .differences import Difference, differences


def throughput_differences(result: Result) -> Iterator[Difference]:
    """Yield where throughputs and the verdicts on them do not follow from what stands beside."""
    alpha = (1 - result.comparison.confidence) / 2
    for speed in result.speeds:
        yield from _inside(
            f"{speed.variant}, throughput", speed.throughput, speed.throughput_interval
        )
        if speed.ratio is not None:
            yield from _inside(f"{speed.variant}, ratio", speed.ratio, speed.ratio_interval)
        yield from _verdict(speed, result, alpha)
        found = result.conditions
        if found is not None and not speed.source:
            yield from differences(speed.protocol, found.protocol, f"{speed.variant}, protocol")


def _verdict(speed: Speed, result: Result, alpha: float) -> Iterator[Difference]:
    found, ends, place = speed.verdict, speed.ratio_interval, f"{speed.variant}, speed-up"
    if found is None:
        return
    if found.verdict == "pass" and not (ends and ends[0] > found.declared):
        yield place, "pass", "the interval does not begin above the declared speed-up"
    if found.verdict == "fail" and not (found.p_beyond is not None and found.p_beyond <= alpha):
        yield place, "fail", f"adjusted p {found.p_beyond} is above {alpha:g}"
    ruling = result.comparison.candidates.get(speed.variant)
    if ruling is not None and ruling.verdict == "pass" != found.verdict:
        yield place, f"the candidate passes, its speed-up: {found.verdict}", "the worst decides"


def frontier_differences(result: Result) -> Iterator[Difference]:
    """Yield where a frontier says another throughput, loss or verdict than the pairs it is of."""
    ratios = {speed.variant: speed.ratio for speed in result.speeds}
    losses = {
        (f"{cell.metric} @ {stratum_label(cell.stratum)}", cell.candidate): cell.loss
        for cell in result.comparison.cells
    }
    for one in result.frontiers:
        for part in (one.whole, *one.strata):
            place = f"{one.metric} @ {stratum_label(part.stratum)}"
            for point in part.points:
                name = f"{place} of {point.variant}"
                yield from _inside(f"{name}, ratio", point.speed, point.speed_interval)
                yield from _inside(f"{name}, loss", point.loss, point.loss_interval)
                if point.variant != one.reference:
                    loss = losses.get((place, point.variant))
                    yield from differences(point.speed, ratios.get(point.variant), f"{name}, ratio")
                    yield from differences(point.loss, loss, f"{name}, loss")
            yield from _fastest(part, part.fastest, place)
        yield from _fastest(one.whole, one.fastest, f"{one.metric}, every declared stratum")


def _fastest(part: StratumFrontier, fastest: str | None, place: str) -> Iterator[Difference]:
    at = next((point for point in part.points if point.variant == fastest), None)
    if fastest is not None and (at is None or not at.passes):
        yield f"{place}, fastest", fastest, "does not pass" if at else "is not on the frontier"


def _inside(
    place: str, value: float | None, ends: tuple[float, float] | None
) -> Iterator[Difference]:
    if value is not None and ends is not None and not ends[0] <= value <= ends[1]:
        yield place, f"{value:g}", f"outside of its interval [{ends[0]:g}, {ends[1]:g}]"
