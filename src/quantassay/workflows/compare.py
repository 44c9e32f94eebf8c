"""Two or more tables of predictions, made elsewhere: pair, judge, say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from quantassay import plugins
from quantassay.errors import InputError, nearest, some
from quantassay.pairing.clusters import cluster_codes
from quantassay.pairing.join import join, same_targets
from quantassay.pairing.strata import by_column
from quantassay.readers.predictions import Recorded, read_predictions
from quantassay.records.cells import Comparison
from quantassay.records.samples import Samples
from quantassay.rubrics.model import Margin
from quantassay.verdicts.small_strata import Rule

from .judging import Asked, Contender, Question, compare_variants, make_metric

Table = Path | str | Any
OPTION = re.compile(r"^(?P<name>[\w.-]+)(?:\((?P<options>.*)\))?$")
MARGIN = re.compile(r"^(?:(?P<metric>[^=:]+)(?::(?P<stratum>[^=]+))?=)?(?P<value>[^=]+)$")


INDEPENDENT = (
    "assumption: samples are taken as independent of each other; name the column of those that "
    "are not with --cluster"
)


@dataclass(frozen=True)
class Columns:
    """Names of the columns of a table of predictions; None: one of the usual names."""

    id: str | None = None
    target: str | None = None
    prediction: str | None = None
    probabilities: str | Sequence[str] | None = None
    correct: str | None = None


def read(table: Table, columns: Columns) -> Recorded:
    """Read one table of predictions: a path, a data frame or an Arrow table."""
    return read_predictions(
        plugins.load("readers", "table"),
        Path(table) if isinstance(table, str) else table,
        id=columns.id,
        target=columns.target,
        label=columns.prediction,
        probabilities=columns.probabilities,
        correct=columns.correct,
    )


def compare(
    reference: Table,
    candidates: Table | Sequence[Table],
    *,
    metric: str | Sequence[str] = "top1",
    margin: float | str | Sequence[str] = (),
    strata: str | Sequence[str] = (),
    cluster: str | None = None,
    confidence: float = 0.95,
    small_strata: Rule = "block",
    columns: Columns | None = None,
    allow_missing: bool = False,
) -> Comparison:
    """Compare predictions recorded elsewhere, pair by pair.

    Parameters
    ----------
    reference, candidates
        Tables of predictions: paths (CSV, JSONL, Parquet, npz), data frames or Arrow tables. The
        reference's table also holds the columns that strata and clusters are named by.
    metric
        Registered metrics, with options in parentheses: ``"f1(average=micro)"``.
    margin
        A number for every metric and stratum asked for; or ``"top1=0.01"``, or
        ``"top1:class=0.05"`` for the strata of one column alone.
    strata
        Columns whose values are strata.
    cluster
        Column whose equal values are not independent.
    confidence
        Of the two-sided interval, in [0.5, 1).
    small_strata
        What becomes of strata with a margin that are too small to pass.
    columns
        Names of columns where they are not the usual ones.
    allow_missing
        Judge absent samples at their worst instead of refusing.

    Returns
    -------
    Comparison
        Every cell with its verdict; None where no margin was given.

    Raises
    ------
    InputError
        If tables, columns or margins do not fit.
    """
    _check(confidence, small_strata)
    strata = [strata] if isinstance(strata, str) else list(strata)
    many = candidates if isinstance(candidates, (list, tuple)) else [candidates]
    _refuse_itself(reference, many)
    names = _names([reference, *many])
    recorded = [read(table, columns or Columns()) for table in (reference, *many)]
    first = recorded[0]
    samples = Samples(first.predictions.ids, first.target, first.table, digest="")
    for name, one in zip(names[1:], recorded[1:], strict=True):
        _same_targets(first, one, (names[0], name))
    for name, one in zip(names[1:], recorded[1:], strict=True):
        for column in (*strata, *([cluster] if cluster else ())):
            _same_column(first, one, column, (names[0], name))
    question = Question(
        metrics=_asked([metric] if isinstance(metric, str) else metric, margin, strata),
        partitions=[by_column(samples.table, column) for column in strata],
        units=cluster_codes(samples.table, cluster) if cluster else None,
        confidence=confidence,
        small_strata=small_strata,
        exploratory=True,
    )
    joined = [
        join(samples.ids, one.predictions, name, allow_missing)
        for name, one in zip(names, recorded, strict=True)
    ]
    contenders = [Contender(n, p) for n, p in zip(names[1:], joined[1:], strict=True)]
    comparison = compare_variants(question, samples, names[0], joined[0], contenders)
    if cluster:
        return comparison
    return replace(comparison, findings=(*comparison.findings, INDEPENDENT))


def _check(confidence: float, small_strata: str) -> None:
    if not 0.5 <= confidence < 1:
        hint = f" (did you mean {confidence / 100:g}?)" if 50 <= confidence < 100 else ""
        msg = f"confidence is {confidence:g}; it must be at least 0.5 and below 1{hint}"
        raise InputError(msg)
    rules = ("block", "pool", "watch")
    if small_strata not in rules:
        msg = f"no rule for small strata is called {small_strata!r}{nearest(small_strata, rules)}"
        raise InputError(msg)


def _refuse_itself(reference: Table, candidates: Sequence[Table]) -> None:
    paths = [Path(t).resolve() for t in (reference, *candidates) if isinstance(t, (str, Path))]
    if isinstance(reference, (str, Path)) and paths[0] in paths[1:]:
        msg = f"{reference} is compared with itself: name two files of predictions"
        raise InputError(msg)


def _names(tables: Sequence[Table]) -> list[str]:
    names: list[str] = []
    for index, table in enumerate(tables):
        fallback = f"candidate-{index}" if index else "reference"
        stem = Path(table).stem if isinstance(table, (str, Path)) else fallback
        name = stem
        while name in names:
            name = f"{stem} ({fallback})"
            fallback += "'"
        names.append(name)
    return names


def _same_targets(first: Recorded, second: Recorded, names: tuple[str, str]) -> None:
    if first.target is None or second.target is None:
        return
    shared, here, there = np.intersect1d(
        first.predictions.ids, second.predictions.ids, return_indices=True
    )
    same_targets(shared, first.target[here], second.target[there], names)


def _same_column(first: Recorded, second: Recorded, column: str, names: tuple[str, str]) -> None:
    """Refuse a stratum or cluster that the two tables give the same sample differently."""
    if not all(column in one.table.column_names for one in (first, second)):
        return
    shared, here, there = np.intersect1d(
        first.predictions.ids, second.predictions.ids, return_indices=True
    )
    sides = [
        one.table.column(column).cast(pa.string()).to_numpy(zero_copy_only=False)[rows]
        for one, rows in ((first, here), (second, there))
    ]
    differ = sides[0] != sides[1]
    if differ.any():
        msg = (
            f"{names[0]} and {names[1]} disagree on {column!r} of {int(differ.sum())} of "
            f"{len(shared)} samples: {some(list(shared[differ]))}; both sides must come from the "
            "same samples"
        )
        raise InputError(msg)


def _asked(
    specs: Sequence[str], margin: float | str | Sequence[str], strata: Sequence[str]
) -> list[Asked]:
    metrics = {spec: make_metric(*parse_metric(spec)) for spec in specs}
    given = [margin] if isinstance(margin, (int, float, str)) else list(margin)
    overall: dict[str, Margin] = {}
    by: dict[str, dict[str, Margin]] = {spec: {} for spec in specs}
    # the more specific word wins, in whatever order they stand
    for text in sorted(map(str, given), key=lambda text: (":" in text, "=" in text)):
        name, stratum, value = parse_margin(text)
        for spec in _meant(name, specs, metrics, text):
            if stratum is None:
                overall[spec] = Margin(value=value)
            elif stratum not in strata:
                msg = f"--margin {text}: {stratum!r} is not asked for; add --by {stratum}"
                raise InputError(msg)
            for key in strata if stratum is None else [stratum]:
                by[spec][key] = Margin(value=value)
    return [Asked(metrics[spec], overall.get(spec), by[spec]) for spec in specs]


def _meant(
    name: str | None, specs: Sequence[str], metrics: Mapping[str, Any], text: str
) -> list[str]:
    if name is None:
        return list(specs)
    found = [spec for spec in specs if name in (spec, parse_metric(spec)[0], metrics[spec].name)]
    if not found:
        msg = (
            f"--margin {text}: metric {name!r} is not asked for{nearest(name, specs)}; "
            f"add --metric {name}"
        )
        raise InputError(msg)
    return found


def parse_metric(spec: str) -> tuple[str, dict[str, Any]]:
    """Split ``name(option=value, ...)``.

    Raises
    ------
    InputError
        If it is not of that form.
    """
    match = OPTION.match(spec.strip())
    parts = [part for part in (match["options"] or "").split(",") if part.strip()] if match else []
    pairs = [part.partition("=") for part in parts]
    if match is None or any(not equals for _, equals, _ in pairs):
        msg = f"--metric {spec}: not of the form name or name(option=value)"
        raise InputError(msg)
    return match["name"], {key.strip(): _scalar(value.strip()) for key, _, value in pairs}


def _scalar(text: str) -> str | int | float | bool:
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def parse_margin(text: str) -> tuple[str | None, str | None, float]:
    """Split ``0.01``, ``top1=0.01`` or ``top1:class=0.05`` into metric, stratum and value.

    Raises
    ------
    InputError
        If it is not of that form, or the value is not a positive number.
    """
    match = MARGIN.match(text.strip())
    value = _scalar(match["value"].strip()) if match else None
    if match is None or isinstance(value, (str, bool)) or value is None:
        msg = f"--margin {text}: not of the form 0.01, top1=0.01 or top1:class=0.05"
        raise InputError(msg)
    if not 0 < value < np.inf:
        msg = f"--margin {text}: a margin is the largest loss accepted, so it must be above 0"
        raise InputError(msg)
    metric, stratum = (word.strip() if word else None for word in match.group("metric", "stratum"))
    return metric, stratum, float(value)
