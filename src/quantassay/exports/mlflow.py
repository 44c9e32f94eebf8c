"""A run of MLflow for each candidate."""

from __future__ import annotations

import json
import logging
import os
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from quantassay.errors import InputError, PluginError
from quantassay.records.cells import Comparison, stratum_label

from .contract import Claim, PlaceExport
from .speeds import cost, counted, paired_speed, refuse_speed_alone

NOT_IN_NAMES = re.compile(r"[^\w .:-]")
LONGEST_STEM, LONGEST_VALUE, BATCH = 200, 5000, 100
SQLITE = "sqlite:///"


class Mlflow(PlaceExport):
    """A run a candidate on an MLflow server: figures by stratum, parameters, tags, artefacts.

    ``--out`` is the tracking URI. Names hold letters, digits and ``_-.:``; others become ``_``.
    """

    place: ClassVar[str] = "sqlite:///mlflow.db"
    drops: ClassVar[tuple[str, ...]] = ()

    def write(self, claim: Claim, comparison: Comparison, place: str, files: Sequence[Path]) -> str:
        """Write the runs and return their ids."""
        with _quiet():
            refuse_speed_alone(claim)
            client = _client(place)
            experiment = _experiment(client, claim["rubric"]["name"], place)
            runs = [_run(client, experiment, n, claim, files) for n in claim["candidates"]]
        return f"{place}: experiment {claim['rubric']['name']!r}, runs {', '.join(runs)}"


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what MLflow says of its own making off the terminal, and nothing sent home."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    with warnings.catch_warnings():
        for kind in (DeprecationWarning, FutureWarning):
            warnings.simplefilter("ignore", kind)
        _require("mlflow", "sqlalchemy", "alembic")
        loggers = [logging.getLogger(name) for name in ("alembic", "mlflow")]
        levels = [logger.level for logger in loggers]
        for logger in loggers:
            logger.setLevel(logging.WARNING)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)


def _require(*modules: str) -> None:
    """Import what this needs; MLflow sets up its own logging as it is imported."""
    try:
        for module in modules:
            import_module(module)
    except ModuleNotFoundError as error:
        msg = f"export 'mlflow' needs {error.name!r}: pip install 'quantassay[mlflow]'"
        raise PluginError(msg) from error


def _client(place: str) -> Any:
    import mlflow

    try:
        return mlflow.MlflowClient(tracking_uri=place)
    except Exception as error:
        raise InputError(_unreachable(place, error)) from error


def _unreachable(place: str, error: Exception) -> str:
    said = " ".join(str(error).split())[:200]
    return f"--out {place}: no tracking server or database of MLflow ({said})"


def _experiment(client: Any, name: str, place: str) -> str:
    """Return the experiment of a rubric; the artefacts of a database lie beside it."""
    beside = None
    if place.startswith(SQLITE):
        folder = Path(place.removeprefix(SQLITE)).resolve().parent
        beside = (folder / "mlartifacts").as_uri()
    try:
        found = client.get_experiment_by_name(name)
        made = client.create_experiment(name, artifact_location=beside) if found is None else None
    except Exception as error:
        raise InputError(_unreachable(place, error)) from error
    return str(made if found is None else found.experiment_id)


def _run(client: Any, experiment: str, name: str, claim: Claim, files: Sequence[Path]) -> str:
    from mlflow.entities import Metric, Param, RunTag

    now = int(datetime.fromisoformat(claim["made"]).timestamp() * 1000)
    run = client.create_run(experiment, start_time=now, run_name=name).info.run_id
    metrics = [Metric(key, value, now, 0) for key, value in _metrics(name, claim).items()]
    params = [Param(key, value) for key, value in _texts(_params(name, claim))]
    tags = [RunTag(f"quantassay.{key}", value) for key, value in _texts(_tags(name, claim))]
    for kind, each in (("metrics", metrics), ("params", params), ("tags", tags)):
        for start in range(0, len(each), BATCH):
            client.log_batch(run, **{kind: each[start : start + BATCH]})
    if not any(file.name == "claim.json" for file in files):
        client.log_text(run, json.dumps(claim, indent=1, allow_nan=False), "claim.json")
    for file in files:
        client.log_artifact(run, str(file))
    client.set_terminated(run, end_time=now)
    return str(run)


def _metrics(name: str, claim: Claim) -> dict[str, float]:
    """Return every figure that is defined under a name that MLflow takes."""
    found: dict[str, float] = {}
    candidate = claim["candidates"][name]
    for cell in candidate["accuracy"]:
        low, high = cell["interval"] or (None, None)
        figures = {
            "value": cell["candidate_value"], "reference": cell["reference_value"],
            "loss": cell["loss"], "loss_low": low, "loss_high": high, "margin": cell["margin"],
            "n": cell["n"], "smallest_detectable": cell["smallest_detectable"],
        }  # fmt: skip
        _add(found, [cell["metric"], stratum_label(cell["stratum"])], figures)
    _add(found, ["throughput"], _speeds(name, claim))
    return found


def _speeds(name: str, claim: Claim) -> dict[str, float | None]:
    speed, price = paired_speed(claim["candidates"][name]), cost(name, claim)
    if speed is None:
        return {}
    low, high = speed["ratio_interval"] or (None, None)
    least, most = speed["throughput_interval"] or (None, None)
    unit = f"{counted(speed)}_per_second"
    return {
        unit: speed["throughput"], f"{unit}_low": least, f"{unit}_high": most,
        "ratio": speed["ratio"], "ratio_low": low, "ratio_high": high,
        "batch": speed["batch"], "peak_memory": speed["peak_memory"],
        "cost_of_a_thousand_right_answers": price and price[0],
        **{f"latency_p{100 * one['q']:g}": one["value"] for one in speed["latencies"]},
    }  # fmt: skip


def _add(
    found: dict[str, float], parts: Sequence[str], figures: Mapping[str, float | None]
) -> None:
    words = (NOT_IN_NAMES.sub("_", part).strip(". ") or "_" for part in parts)
    stem = "/".join(words)[:LONGEST_STEM]
    taken = {name.rpartition("/")[0] for name in found}
    # two strata may be spelled alike here
    stems = (stem, *(f"{stem}.{number}" for number in range(2, len(taken) + 3)))
    free = next(each for each in stems if each not in taken)
    known = {name: value for name, value in figures.items() if value is not None}
    found |= {f"{free}/{name}": float(value) for name, value in known.items()}


def _params(name: str, claim: Claim) -> dict[str, Any]:
    candidate = claim["candidates"][name]
    return {
        **{key: candidate[key] for key in ("scheme", "precision", "engine", "origin")},
        "artifact": candidate["artifact"], "calibration": candidate["calibration"],
        "reference": claim["reference"]["name"],
        "reference_precision": claim["reference"]["precision"],
        "reference_artifact": claim["reference"]["artifact"],
        "confidence": claim["confidence"], "task": claim["task"]["task"],
        "test_set": claim["task"]["digest"], "n": claim["task"]["n"],
        "timed_under": claim["conditions"],
    }  # fmt: skip


def _tags(name: str, claim: Claim) -> dict[str, Any]:
    decision = claim["candidates"][name]["decision"]
    return {
        "verdict": decision["verdict"] or "none", "reason": decision["reason"],
        "gates": decision["gate"], "rubric": claim["rubric"]["digest"],
        "version": claim["quantassay"], "reproduce": claim["reproduce"],
        "missing": claim["missing"], "findings": claim["findings"],
        "decision_grade": claim["decision_grade"],
    }  # fmt: skip


def _texts(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        if value not in (None, "", []):
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            yield key, text[:LONGEST_VALUE]
