"""Under which circumstances throughput was measured, in words."""

from __future__ import annotations

from collections.abc import Iterator

from ..records.speed import Conditions
from .blocks import KeyValues
from .figures import bracket, number, significant
from .names import counted


def in_one_line(found: Conditions) -> str:
    """Say how throughput was measured, as far as a verdict on it rests on that."""
    return (
        f"Timed: {found.protocol}, issued by {_driver(found)}; "
        f"{counted(found.samples, 'sample')} of the accuracy pass; {_blocks(found)}; "
        f"{number(found.seconds, 1)} s in all. Drift of the reference, last block over first: "
        f"{_drift(found)}. Other load {_load(found)}."
    )


def conditions(found: Conditions | None) -> tuple[KeyValues, ...]:
    """List the circumstances of timing; nothing where none were recorded."""
    return () if found is None else (KeyValues(tuple(_items(found))),)


def _items(found: Conditions) -> Iterator[tuple[str, str]]:
    yield "Protocol", found.protocol
    yield "Queries issued by", _driver(found)
    yield "What is timed", found.timed
    yield "Interleaving", f"{_blocks(found)}, every variant once in each, in random order"
    yield "Samples", f"{counted(found.samples, 'different sample')} of the accuracy pass, its order"
    yield "Time taken", f"{number(found.seconds, 1)} s for all variants, warm-up included"
    yield (
        "Data loading",
        f"{significant(found.loading_seconds)} s to read and preprocess, outside every latency",
    )
    yield "Drift of the reference", f"last block over first: {_drift(found)}"
    facts = dict(found.facts)
    scope = facts.pop("other load", "")
    yield "Other load", "; ".join(filter(None, [_load(found), scope]))
    for name, text in facts.items():
        yield name[:1].upper() + name[1:], text


def _driver(found: Conditions) -> str:
    return "quantassay's own loop" if found.driver == "own loop" else found.driver


def _blocks(found: Conditions) -> str:
    return counted(found.blocks, "random block")


def _drift(found: Conditions) -> str:
    if found.drift is None:
        return "undefined: blocks too few or too uneven to tell"
    low, middle, high = found.drift
    said = "" if low <= 1 <= high else " (it changed)"
    return f"{number(middle)}× {bracket((low, high))}{said}"


def _load(found: Conditions) -> str:
    if found.other_load is None:
        return "not available"
    mean, most = found.other_load
    return f"{number(mean)} cores busy with other processes on average, {number(most)} at most"
