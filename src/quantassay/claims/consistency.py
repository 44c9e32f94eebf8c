"""Whether a claim agrees with itself: what can be checked without the run that it is of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from quantassay.errors import InputError
from quantassay.records.cells import TASK, Cell, stratum_label
from quantassay.records.plain import plain
from quantassay.records.result import Result
from quantassay.records.verification import (
    DISCLOSED,
    ITSELF,
    RECOMPUTED,
    Check,
    Sides,
    agrees,
    differs,
)

from .build import decision_grade, refuse_speed_alone, trade_off
from .differences import Difference, differences
from .disclosures import absent, disclosures
from .execution import executed
from .executors.consistency import executor_differences
from .join.consistent import outside_differences
from .schema import Claim
from .sizes import sample_size
from .study import study_differences, study_told
from .throughput import frontier_differences, throughput_differences

DIGEST = re.compile(r"(sha256:)?[0-9a-f]{64}")
MOST = 50


def grouped(
    what: str, found: Iterable[Difference], agreed: str, sides: Sides = RECOMPUTED
) -> list[Check]:
    """Return a check for each difference, at most fifty; one that agrees where there is none."""
    listed = list(found)
    checks = [
        differs(f"{what}: {where}" if where else what, a, b, sides) for where, a, b in listed[:MOST]
    ]
    if len(listed) > MOST:
        checks.append(differs(what, "", f"{len(listed) - MOST} more differences"))
    return checks or [agrees(what, agreed)]


def consistent(claim: Claim, result: Result) -> list[Check]:
    """Return the checks of a claim against itself.

    Parameters
    ----------
    claim
        As it was read.
    result
        What it says, as `result_of` returns it.
    """
    cells = len(result.comparison.cells)
    rules: list[tuple[str, Callable[[], Iterator[Difference]], str]] = [
        ("arithmetic of cells", lambda: _arithmetic(result), f"{cells} cells"),
        ("verdicts of cells", lambda: _verdicts(result), f"{cells} cells"),
        ("names", lambda: _names(claim), "every part is of the variant that it stands under"),
        ("strata", lambda: _strata(result), "every metric has every stratum"),
        ("digests", lambda: _digests(plain(claim)), "well formed"),
        ("disclosures", lambda: _disclosures(claim, result), "as the data of the claim says"),
        ("missing", lambda: _missing(claim, result), "what is not disclosed"),
        ("trade-off", lambda: _trade_off(claim, result), claim["trade_off"]),
        ("throughput", lambda: throughput_differences(result), f"{len(result.speeds)} variants"),
        ("measured elsewhere", lambda: outside_differences(claim, result), "as was joined"),
        ("frontier", lambda: frontier_differences(result), f"{len(result.frontiers)} metrics"),
        ("calibration study", lambda: study_differences(claim, result), study_told(result)),
        ("sample size", lambda: _sizes(claim, result), "as the cells say"),
        ("software", lambda: _software(claim), "as executor and engines say"),
        ("files timed", lambda: _files(claim), "as the model files"),
        ("executor specification", lambda: executor_differences(claim), "as its facts say"),
        ("precision executed", lambda: _executed(claim, result), "as the operations say"),
    ]
    return [
        check
        for what, rule, agreed in rules
        for check in grouped(what, rule(), agreed, DISCLOSED if what == "disclosures" else ITSELF)
    ]


def cell_name(cell: Cell) -> str:
    """Name a cell in one line."""
    return f"{cell.metric} @ {stratum_label(cell.stratum)} of {cell.candidate}"


def _arithmetic(result: Result) -> Iterator[Difference]:
    better = {metric.name: metric.higher_is_better for metric in result.metrics}
    for cell in result.comparison.cells:
        if cell.metric not in better:
            yield cell_name(cell), cell.metric, "no metric of the claim is called so"
            continue
        if cell.reference_value is not None and cell.candidate_value is not None:
            delta = cell.candidate_value - cell.reference_value
            loss = -delta if better[cell.metric] else delta
            yield from differences(cell.delta, delta, f"{cell_name(cell)}, delta")
            yield from differences(cell.loss, loss, f"{cell_name(cell)}, loss")
        if cell.interval and not cell.interval[0] <= cell.interval[1]:
            yield f"{cell_name(cell)}, interval", str(list(cell.interval)), "its ends are swapped"


def _verdicts(result: Result) -> Iterator[Difference]:
    alpha = (1 - result.comparison.confidence) / 2
    for cell in result.comparison.cells:
        level = alpha if cell.look is None else max(alpha, cell.look.level)
        place, verdict = cell_name(cell), str(cell.verdict)
        if cell.verdict is not None and cell.margin is None:
            yield place, verdict, "no margin stands"
        elif cell.verdict == "pass" and not (
            cell.interval and cell.margin and cell.interval[1] < cell.margin
        ):
            yield place, verdict, "the interval does not end below the margin"
        elif cell.verdict == "fail" and not (
            cell.p_beyond_adjusted is not None and cell.p_beyond_adjusted <= level
        ):
            yield place, verdict, f"adjusted p {cell.p_beyond_adjusted} is above {level:g}"


def _names(claim: Claim) -> Iterator[Difference]:
    reference = claim["reference"]["name"]
    for name, one in claim["candidates"].items():
        for cell in one["accuracy"]:
            if (cell.candidate, cell.reference) != (name, reference):
                yield cell_name(cell), f"{name} against {reference}", f"against {cell.reference}"
        if one["name"] != name:
            yield name, name, one["name"]
        if one["throughput"] is not None and one["throughput"].variant != name:
            yield f"{name}, throughput", name, one["throughput"].variant


def _strata(result: Result) -> Iterator[Difference]:
    """Yield the strata that a metric lacks; of several tasks each has its own."""
    if any(TASK in cell.stratum for cell in result.cells):
        return
    parts = result.test_set.strata.items()
    wanted = {"overall"} | {f"{key}={value}" for key, sizes in parts for value in sizes}
    for name in result.comparison.candidates:
        own = [cell for cell in result.comparison.cells if cell.candidate == name]
        for metric in dict.fromkeys(each.name for each in result.metrics):
            there = {stratum_label(cell.stratum) for cell in own if cell.metric == metric}
            for label in sorted(wanted - there):
                yield (
                    f"{metric} @ {label} of {name}",
                    "not in the claim",
                    "a stratum of the test set",
                )


def _digests(value: Any, where: str = "") -> Iterator[Difference]:
    if isinstance(value, dict):
        for key, part in value.items():
            place = f"{where}.{key}" if where else key
            if key == "digest" and isinstance(part, str) and part and not DIGEST.fullmatch(part):
                yield place, part[:80], "no SHA-256"
            if key not in ("declared", "disclosures"):
                yield from _digests(part, place)


def _disclosures(claim: Claim, result: Result) -> Iterator[Difference]:
    found = disclosures(result)
    for item in dict.fromkeys([*found, *claim["disclosures"]]):
        said, there = claim["disclosures"].get(item), found.get(item)
        if item not in claim["disclosures"]:
            yield item, "not in the claim", there or "not disclosed"
        elif said != there:
            yield item, said or "not disclosed", there or "not disclosed"


def _missing(claim: Claim, result: Result) -> Iterator[Difference]:
    lacking = absent(claim["disclosures"])
    for item in lacking:
        if item not in claim["missing"]:
            yield item, "not named", "not disclosed"
    for item in claim["missing"]:
        if item not in lacking:
            yield item, "missing", "disclosed"
    grade = decision_grade(result, lacking)
    if claim["decision_grade"] != grade:
        why = f"not disclosed: {', '.join(lacking)}" if lacking else "nothing is missing"
        yield "decision_grade", str(claim["decision_grade"]), f"{grade}: {why}"


def _trade_off(claim: Claim, result: Result) -> Iterator[Difference]:
    yield from differences(claim["trade_off"], trade_off(result.comparison, result.speeds))
    try:
        refuse_speed_alone(result.comparison, result.speeds)
    except InputError as error:
        yield "accuracy", "a throughput", str(error)


def _sizes(claim: Claim, result: Result) -> Iterator[Difference]:
    for name, one in claim["candidates"].items():
        found = plain(sample_size(result.comparison, name))
        yield from differences(plain(one["sample_size"]), found, name)


def _software(claim: Claim) -> Iterator[Difference]:
    """Compare versions with what the executor says, and engines with how they were used."""
    machine = claim["executor"]
    if machine is not None:
        told = {"python": machine.python, **machine.packages}
        yield from differences(claim["software"], told, "software")
    for one in [claim["reference"], *claim["candidates"].values()]:
        if one["execution"] is not None:
            yield from differences(one["engine"], one["execution"].engine, f"{one['name']}, engine")


def _files(claim: Claim) -> Iterator[Difference]:
    """Compare what was timed with the model file that it was timed on."""
    pairs = [(claim["reference"], claim["reference_throughput"])]
    pairs += [(one, one["throughput"]) for one in claim["candidates"].values()]
    for one, speed in pairs:
        if speed is not None:
            own = one["artifact"].bytes if one["artifact"] else None
            yield from differences(speed.artifact_bytes, own, f"{one['name']}, bytes")


def _executed(claim: Claim, result: Result) -> Iterator[Difference]:
    facts = {each.name: each for each in result.variants}
    for one in [claim["reference"], *claim["candidates"].values()]:
        found = executed(facts.get(one["name"]), one["execution"])
        yield from differences(one["executed"], found, one["name"])
