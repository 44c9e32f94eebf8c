"""Whether a claim keeps to the rubric that was locked before it, and its verdicts to its cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from quantassay import plugins
from quantassay.claims.consistency import cell_name, grouped
from quantassay.claims.differences import Difference, differences
from quantassay.errors import InputError, PluginError
from quantassay.records.cells import CandidateVerdict
from quantassay.records.plain import plain
from quantassay.records.result import Result
from quantassay.records.speed import SpeedVerdict
from quantassay.records.verification import ITSELF, RUBRIC, Check, differs, unchecked
from quantassay.rubrics.digest import digest
from quantassay.rubrics.model import Margin, Rubric
from quantassay.verdicts.overall import candidate_verdict, overall_verdict
from quantassay.verdicts.speed import with_speed
from quantassay.verdicts.triple import triples

from .grounds import grounds
from .judging import SAME
from .timing.speedup import declared_speedup, not_timed


def restored(canonical: Mapping[str, Any]) -> Rubric:
    """Return the rubric that a canonical form is of.

    Raises
    ------
    InputError
        If it is that of no rubric.
    """
    try:
        named = {key: list(canonical[key].values()) for key in ("metrics", "strata")}
        return Rubric.model_validate({**canonical, **named})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        msg = (
            f"the rubric in the claim or the journal does not load, at {key!r}: {first['msg']}; if "
            "another version of quantassay wrote it, verify with that one, or run again"
        )
        raise InputError(msg) from error
    except (KeyError, AttributeError, TypeError) as error:
        msg = f"the rubric in the claim or the journal is none: {str(error).splitlines()[0]}"
        raise InputError(msg) from error


def kept_to(result: Result) -> list[Check]:
    """Return the checks of a claim against the rubric that it holds."""
    if result.rubric_declared is None:
        gone = [
            differs(
                "rubric",
                "",
                "the rubric itself is not in the claim",
            )
        ]
        return [
            *(gone if result.rubric_digest else []),
            unchecked("margins as locked", "no rubric was written down beforehand"),
        ]
    try:
        rubric = restored(result.rubric_declared)
        own = digest(rubric)
        margins = list(_margins(rubric, result))
    except PluginError as error:
        return [unchecked("margins as locked", str(error))]
    except InputError as error:
        return [differs("rubric", "", error)]
    said = [] if own == result.rubric_digest else [("", result.rubric_digest, own)]
    return [
        *grouped("rubric's digest", said, own, RUBRIC),
        *grouped("declared", _declared(rubric, result), "as the rubric says", RUBRIC),
        *grouped("margins as locked", margins, f"{len(result.cells)} cells", RUBRIC),
    ]


def decided_by_cells(result: Result) -> list[Check]:
    """Return the checks of every verdict against the cells that it rests on."""
    comparison = result.comparison
    why = grounds(comparison.reference, result.variants, result.engines)
    found = [
        difference
        for name, claimed in comparison.candidates.items()
        for difference in _decision(name, claimed, result, why.get(name, SAME))
    ]
    overall = overall_verdict(comparison.candidates)
    found += list(differences(comparison.verdict, overall, "overall"))
    said = f"overall {overall or 'nothing judged'}"
    return [*grouped("verdicts of candidates", found, said, ITSELF), *_surfaces(result)]


def _surfaces(result: Result) -> list[Check]:
    """Return the check of what each candidate is as a triple against its cells and verdict."""
    if not result.triples:
        return [unchecked("robust or fragile", "a claim of before does not say")]
    own = triples(result.comparison)
    said, computed = ({one.candidate: plain(one) for one in side} for side in (result.triples, own))
    found = list(differences(said, computed, ""))
    return grouped("robust or fragile", found, f"{len(result.triples)} candidates", ITSELF)


def _decision(
    name: str, claimed: CandidateVerdict, result: Result, why: str
) -> Iterator[Difference]:
    own = [cell for cell in result.cells if cell.candidate == name]
    found = candidate_verdict(own, claimed.gate)
    found = with_claimed_speed(found, name, result)
    held = claimed.verdict == "insufficient" and claimed.reason in (why, SAME)
    if not (held and found.verdict is not None):
        yield from differences(plain(claimed), plain(found), name)


def with_claimed_speed(verdict: CandidateVerdict, name: str, result: Result) -> CandidateVerdict:
    """Return a candidate's verdict on accuracy with that on a declared speed-up, as claimed."""
    speed = _speed(name, result)
    return verdict if speed is None else with_speed(verdict, speed)


def _speed(name: str, result: Result) -> SpeedVerdict | None:
    own = next((one.verdict for one in result.speeds if one.variant == name), None)
    if own is not None or result.rubric_declared is None:
        return own
    try:
        rubric = restored(result.rubric_declared)
    except (InputError, PluginError):  # said of the rubric itself
        return None
    speedup = declared_speedup(rubric)
    known = speedup is not None and name in rubric.variants
    return not_timed(rubric, name, speedup) if known and speedup is not None else None


def _declared(rubric: Rubric, result: Result) -> Iterator[Difference]:
    comparison = result.comparison
    yield from differences(result.rubric, rubric.rubric, "name")
    yield from differences(comparison.confidence, rubric.confidence, "confidence")
    yield from differences(comparison.reference, rubric.references[0], "reference")
    candidates = sorted(comparison.candidates)
    yield from differences(candidates, sorted(rubric.candidates), "candidates")
    yield from differences(result.test_set.task, rubric.task.name, "task")
    yield from differences(result.test_set.composition, rubric.task.composition, "composition")
    yield from differences(result.test_set.clusters, str(rubric.task.clusters), "clusters")
    keys = sorted(stratum.key for stratum in rubric.strata)
    yield from differences(sorted(result.test_set.strata), keys, "strata")
    for name, verdict in comparison.candidates.items():
        if name in rubric.variants:
            yield from differences(verdict.gate, rubric.variants[name].gate, f"{name}, gate")


def _margins(rubric: Rubric, result: Result) -> Iterator[Difference]:
    asked = {
        plugins.configured("metrics", metric.name, metric.options).name: metric
        for metric in rubric.metrics
    }
    there = {(cell.candidate, cell.metric) for cell in result.cells}
    for name in result.comparison.candidates:
        for metric_name in asked:
            if (name, metric_name) not in there:
                yield f"{metric_name} of {name}", "not in the claim", "a metric of the rubric"
    for cell in result.cells:
        metric = asked.get(cell.metric)
        key = next(iter(cell.stratum), None)
        margin: Margin | None = metric.margin_for(key) if metric else None
        declared = None if margin is None else margin.value
        yield from differences(cell.margin, declared, f"{cell_name(cell)}, margin")
        if cell.role == "gate" and (margin is None or not margin.gate):
            yield f"{cell_name(cell)}, role", "gate", "no margin of the rubric makes it one"
