"""Answers of a language model, as quantization-flips-small-llms publishes them, as tables.

A file holds one model at one width on one benchmark: ``preds`` are letters, ``confs`` the
probability of that letter among A to D; ``_bench_items.json`` holds ids and gold letters.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

BENCHMARKS = {"arc": "ARC-Challenge", "mmlu": "MMLU", "csqa": "CommonsenseQA"}
WIDTHS = ("fp16", "int8", "int4")
MODELS = ("Qwen/Qwen2.5-1.5B-Instruct", "microsoft/Phi-3.5-mini-instruct")
Items = Mapping[str, list[Mapping[str, Any]]]


def items(folder: Path) -> Items:
    """Read the questions of every benchmark."""
    found: Items = json.loads((folder / "_bench_items.json").read_text(encoding="utf-8"))
    return found


def recorded(folder: Path, model: str, width: str, benchmark: str) -> Mapping[str, Any]:
    """Read one file of answers.

    Raises
    ------
    ValueError
        If it is of another model, width or benchmark than its name says.
    """
    path = folder / f"{model.replace('/', '__')}__{width}__{benchmark}.json"
    found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    said = (found["model"], found["precision"], found["benchmark"])
    if said != (model, width, benchmark):
        msg = f"{path}: holds {' '.join(said)}"
        raise ValueError(msg)
    return found


def answers(folder: Path, model: str, width: str, asked: Items | None = None) -> pa.Table:
    """Return all answers of a model at a width, a row a question.

    Columns: ``id``, ``target``, ``prediction``, ``confidence``, ``benchmark`` and ``subject``,
    which MMLU's ids name and the other benchmarks have none of.

    Raises
    ------
    ValueError
        If a file has more or fewer answers than there are questions.
    """
    asked = items(folder) if asked is None else asked
    rows: list[dict[str, Any]] = []
    for benchmark in BENCHMARKS:
        found, questions = recorded(folder, model, width, benchmark), asked[benchmark]
        counts = {len(questions), len(found["preds"]), len(found["confs"])}
        if len(counts) > 1:
            msg = f"{model} {width} {benchmark}: answers and questions are not as many"
            raise ValueError(msg)
        rows += [
            {
                "id": f"{benchmark}/{one['id']}",
                "target": one["answer"],
                "prediction": given,
                "confidence": confidence,
                "benchmark": BENCHMARKS[benchmark],
                "subject": one["id"].rpartition("_")[0] if benchmark == "mmlu" else None,
            }
            for one, given, confidence in zip(
                questions, found["preds"], found["confs"], strict=True
            )
        ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("id", "target", "prediction")]
    + [("confidence", pa.float64())]
    + [(name, pa.string()) for name in ("benchmark", "subject")]
)
