"""Which layers of this executor are not those that a claim was made on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from quantassay.claims.executors.compare import compared
from quantassay.claims.executors.machine import machine_layers
from quantassay.claims.executors.reading import read_executor
from quantassay.claims.executors.words import differing_words
from quantassay.errors import InputError
from quantassay.records.executor import ExecutorSpecification, Layer, LayerName
from quantassay.records.result import Result
from quantassay.records.verification import Check, unchecked
from quantassay.runs.journal import now

from .specification import this_machine

SIDES = ("the claim", "this machine")
#: how whoever reads a claim started this process, which says nothing of the machine
STARTED = ("niceness", "scheduling", "variables")


def read_elsewhere(path: Path) -> str:
    """Say which layers of this machine are not those of a claim; '' where none is known to be.

    Nor does a file that tells of no executor say anything.
    """
    with suppress(InputError):
        return _words(read_executor(path))
    return ""


def executor_here(result: Result) -> Iterator[Check]:
    """Yield what a reader must know who checks a claim on another executor; nothing on the same."""
    made_on = result.executor or ExecutorSpecification(
        result.made, machine_layers(result.machine, result.quantassay)
    )
    if words := _words(made_on):
        yield unchecked("executor here", words)


def _words(made_on: ExecutorSpecification) -> str:
    here = ExecutorSpecification(now(), this_machine())
    found = compared(*map(_as_a_machine, (made_on, here)))
    if not found.differing:
        return ""
    absent = [
        one.layer
        for one in found.layers
        if one.standing == "not recorded" and one.layer not in ("engine", "kernels")
    ]
    rest = f"; not recorded: {', '.join(absent)}" if absent else ""
    return f"made on another: {differing_words(found, SIDES)}{rest}"


def _as_a_machine(found: ExecutorSpecification) -> ExecutorSpecification:
    kept = {n: v for n, v in found.facts("limits").items() if n not in STARTED}
    own: dict[LayerName, Layer] = {"limits": Layer(kept)} if "limits" in found.layers else {}
    return replace(found, layers={**found.layers, **own})
