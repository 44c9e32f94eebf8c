"""Figures of a claim in words: a cell, and the pair of accuracy and throughput."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from quantassay.errors import InputError, some
from quantassay.records.cells import stratum_label

Claim = Mapping[str, Any]


def label(cell: Mapping[str, Any]) -> str:
    """Name a cell: ``top1 @ digit=8``."""
    return f"{cell['metric']} @ {stratum_label(cell['stratum'])}"


def number(value: float) -> str:
    """Write a number, six significant digits."""
    return f"{value:.6g}"


def loss_words(cell: Mapping[str, Any], claim: Claim) -> str:
    """Say the loss of a cell with all that it takes to read it."""
    loss, interval = cell["loss"], cell["interval"]
    if loss is None:
        return f"loss undefined: {cell['reason']}"
    ends = "no interval"
    if interval is not None:
        low, high = map(number, interval)
        ends = f"[{low}, {high}] at {number(claim['confidence'])}, {cell['method']}"
    margin = "no margin" if cell["margin"] is None else f"margin {number(cell['margin'])}"
    return f"loss {number(loss)} {ends}; n {cell['n']}; {margin}"


def cell_words(cell: Mapping[str, Any], claim: Claim) -> str:
    """Say a cell: both values, the loss, and its verdict with the reason."""
    values = " against ".join(
        f"{'undefined' if value is None else number(value)} ({name})"
        for name, value in (
            (cell["candidate"], cell["candidate_value"]),
            (cell["reference"], cell["reference_value"]),
        )
    )
    verdict = cell["verdict"] or "not judged"
    return f"{label(cell)}: {values}; {loss_words(cell, claim)}; {verdict}: {cell['reason']}"


def amendment_words(claim: Claim) -> str:
    """Say what was changed after results had been seen, and how often they were; '' for never."""
    looks = claim["looks"]
    changed = [
        f"{one['key']} from {one['old']} to {one['new']} ({one['time']})"
        for one in claim["amendments"]
    ]
    seen = [f"{looks} different results were seen under this rubric"] if looks > 1 else []
    return "; ".join([*seen, *(f"amended after results were seen: {each}" for each in changed)])


def headline(name: str, claim: Claim, metric: str | None = None) -> Mapping[str, Any]:
    """Return the first cell of a candidate that has a figure, of the whole test set if any has.

    Raises
    ------
    InputError
        If no cell (of that metric) has a figure.
    """
    cells = [
        cell
        for cell in claim["candidates"][name]["accuracy"]
        if cell["candidate_value"] is not None and metric in (None, cell["metric"])
    ]
    if not cells:
        what = "a figure" if metric is None else f"a figure of {metric!r}"
        msg = f"{name!r}: no cell has {what}, so there is nothing to export"
        raise InputError(msg)
    return min(cells, key=lambda cell: bool(cell["stratum"]))


def only_candidate(claim: Claim, name: str) -> str:
    """Return the one candidate of a claim, for a format that describes one model.

    Raises
    ------
    InputError
        If the claim holds none, or several.
    """
    names = list(claim["candidates"])
    if len(names) != 1:
        held = f"the claim holds {len(names)}: {some(names)}"
        msg = f"{name} describes one model, and {held}; name one: --candidate NAME"
        raise InputError(msg)
    return str(names[0])


def metric_facts(claim: Claim, name: str) -> Mapping[str, Any]:
    """Return what a claim says of a metric; empty where it says nothing."""
    return next((one for one in claim["metrics"] if one["name"] == name), {})
