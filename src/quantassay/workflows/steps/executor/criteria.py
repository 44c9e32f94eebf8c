"""Whether what an executor says was declared of its variants is what the rubric declares."""

from __future__ import annotations

from collections.abc import Iterator

from quantassay.claims.consistency import grouped
from quantassay.claims.differences import Difference, differences
from quantassay.errors import InputError, PluginError
from quantassay.records.executor import ExecutorSpecification
from quantassay.records.plain import plain
from quantassay.records.result import Result
from quantassay.records.verification import RUBRIC, Check
from quantassay.rubrics.model import Rubric

from ..locked import restored
from .specification import criterion_of


def criteria_kept(result: Result) -> Iterator[Check]:
    """Yield the check of every criterion against the rubric in the claim, where it holds both."""
    if result.executor is None or result.rubric_declared is None:
        return
    try:
        rubric = restored(result.rubric_declared)
    except (InputError, PluginError):  # said of the rubric itself
        return
    found = _differences(result, result.executor, rubric)
    yield from grouped("criteria of the executor", found, "as the rubric declares", RUBRIC)


def _differences(
    result: Result, stated: ExecutorSpecification, rubric: Rubric
) -> Iterator[Difference]:
    for variant in result.variants:
        own = stated.variants.get(variant.name)
        if own is not None:
            declared = criterion_of(rubric, variant)
            yield from differences(plain(own.criterion), plain(declared), variant.name)
