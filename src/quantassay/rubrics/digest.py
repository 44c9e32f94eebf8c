"""What a rubric says, apart from how it is written: canonical form, digest, differences."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from .model import Metric, Rubric

ABSENT = "not declared"
#: keys whose own keys are names
NAMED = ("metrics", "strata", "variants", "calibrations")
#: keys without which a rubric is what it was before there were any
LATER = (
    "proven_fine",
    "strict",
    "agreements",
    "contrasts",
    "calibration_study",
    "selection",
    "tendencies",
)


def canonical(rubric: Rubric) -> dict[str, Any]:
    """Return plain values with defaults filled in, and no order where order has no meaning.

    Metrics and strata are keyed by name; the deciding reference stands first, the others sorted.
    """
    plain = rubric.model_dump(mode="json")
    deciding, *others = rubric.references
    plain["reference"] = [deciding, *sorted(others)]
    plain["metrics"] = {_label(m): m.model_dump(mode="json") for m in rubric.metrics}
    plain["strata"] = {s.key: s.model_dump(mode="json") for s in rubric.strata}
    del plain["folder"]  # what lies there is told by digests of its own
    if rubric.stopping is None:
        del plain["stopping"]
    for later in LATER:
        if not plain[later]:
            del plain[later]
    if plain["task"]["outputs"]["corpus"] is None:
        for later in ("corpus", "similarity", "depth"):
            del plain["task"]["outputs"][later]
    for source in _sources(plain):
        for later in ("task", "gold"):
            if not source[later]:
                del source[later]
    _sort_choices(plain)
    return plain


def _sources(plain: Mapping[str, Any]) -> list[dict[str, Any]]:
    task = plain["task"]
    own = [task["data"], task["production"], task["outputs"].get("corpus")]
    return [one for one in (*own, *(c["data"] for c in plain["calibrations"].values())) if one]


def digest(rubric: Rubric) -> str:
    """Return the SHA-256 (hexadecimal) of the canonical form."""
    return hashlib.sha256(_json(canonical(rubric)).encode()).hexdigest()


def differences(
    old: Rubric | Mapping[str, Any], new: Rubric | Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    """Return what differs as (dotted key, old, new), sorted by key; values as JSON text.

    Either side may be a canonical form that was written down earlier.
    """
    sides = [canonical(side) if isinstance(side, Rubric) else side for side in (old, new)]
    before, after = (dict(_leaves(side)) for side in sides)
    keys = sorted(before.keys() | after.keys())
    pairs = ((key, before.get(key, ABSENT), after.get(key, ABSENT)) for key in keys)
    return [found for found in pairs if found[1] != found[2]]


def _label(metric: Metric) -> str:
    """Name a metric with its options: the same metric may stand twice with other options."""
    options = ",".join(f"{key}={_json(value)}" for key, value in sorted(metric.options.items()))
    return f"{metric.name}({options})" if options else metric.name


def _sort_choices(part: Any) -> None:
    """Make every ``where`` a sorted list of values, since it reads 'one of these'."""
    if isinstance(part, list):
        for item in part:
            _sort_choices(item)
    if not isinstance(part, dict):
        return
    for key, value in part.items():
        if key == "where" and isinstance(value, dict):
            part[key] = {column: _choices(chosen) for column, chosen in value.items()}
        elif key in NAMED and isinstance(value, dict):  # a name may be 'where' too
            _sort_choices(list(value.values()))
        elif key not in ("options", "engine_options"):
            _sort_choices(value)


def _choices(chosen: Any) -> list[Any]:
    values = chosen if isinstance(chosen, list) else [chosen]
    return [json.loads(text) for text in sorted({_json(value) for value in values})]


def _leaves(part: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(part, Mapping) and part:
        for name, value in part.items():
            yield from _leaves(value, f"{key}.{name}" if key else str(name))
    else:
        yield key, _json(part)


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
