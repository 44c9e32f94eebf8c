"""Whether a claim says of every throughput that was not measured in its run where it was."""

from __future__ import annotations

from collections.abc import Iterator

from quantassay.records.joined import Joined
from quantassay.records.result import Result
from quantassay.records.speed import Speed
from quantassay.records.verification import Check, unchecked

from ..differences import Difference
from ..schema import Claim


def outside_differences(claim: Claim, result: Result) -> Iterator[Difference]:
    """Yield where throughputs from elsewhere and what was joined do not belong together."""
    joined = {one.variant: one for one in claim.get("joined", [])}
    if len(joined) < len(claim.get("joined", [])):
        yield "joined", "one variant twice", "a variant has one throughput"
    outside = {speed.variant: speed for speed in result.speeds if speed.source}
    for name in dict.fromkeys([*joined, *outside]):
        if name not in joined:
            yield name, f"measured by {outside[name].source}", "nothing joined says so"
        elif name not in outside:
            yield name, f"joined from {joined[name].file}", "its throughput names no source"
        else:
            yield from _pair(joined[name], outside[name], claim)
    for speed in result.speeds:
        if not speed.source and speed.unit != "samples":
            yield speed.variant, f"{speed.unit} a second", "a run counts samples"


def _pair(joined: Joined, speed: Speed, claim: Claim) -> Iterator[Difference]:
    source = f"{joined.program}, {joined.file}, {joined.log}"
    if speed.source != source:
        yield f"{speed.variant}, source", speed.source, source
    if speed.ratio is not None or speed.verdict is not None or speed.blocks:
        yield f"{speed.variant}, ratio", "a ratio, blocks or a verdict", "not timed here"
    variants = [claim["reference"], *claim["candidates"].values()]
    artifact = next((one["artifact"] for one in variants if one["name"] == speed.variant), None)
    if artifact is None or artifact.digest != joined.model:
        yield f"{speed.variant}, model", joined.model, artifact.digest if artifact else "no model"


def outside_checks(claim: Claim) -> Iterator[Check]:
    """Yield a line for every throughput that nothing here can compute again."""
    for one in claim.get("joined", []):
        what = f"throughput of {one.variant}"
        where = f"{one.file}, {one.log}"
        yield unchecked(what, f"not recomputed: measured elsewhere by {one.program} ({where})")


def origins(claim: Claim | None) -> list[str]:
    """Return the digests of the claims that a claim was joined from, the first one first."""
    return [] if claim is None else [one.origin for one in claim.get("joined", [])]
