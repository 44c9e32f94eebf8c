"""The ``model-index`` of a model card on the Hugging Face Hub."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from quantassay.records.cells import Comparison, stratum_label

from .contract import Claim, TextExport
from .figures import amendment_words, metric_facts, number, only_candidate
from .speeds import cost, counted, paired_speed
from .yaml_text import left_out, yaml_text


@dataclass(frozen=True)
class ModelIndex(TextExport):
    """Front matter for the README of one model on the Hugging Face Hub: every figure by stratum.

    Loss, interval, margin and verdict stand in ``args`` of each metric; the throughput beside the
    accuracy of the whole test set.

    Parameters
    ----------
    task : str
        The Hub's name of the kind of task, such as ``image-classification``.
    dataset : str
        Id of the data set on the Hub. Without it the task's own name stands there.
    """

    task: str = "other"
    dataset: str | None = None

    suffix: ClassVar[str] = ".md"
    drops: ClassVar[tuple[str, ...]] = (
        "undefined", "evidence", "definitions", "declaration", "agreements", "artifacts", "truth",
        "calibration", "executor", "precisions", "latencies", "conditions", "frontier",
        "noise floor", "stopping", "findings", "disclosures", "rubric", "reproduce", "software",
    )  # fmt: skip

    def text(self, claim: Claim, comparison: Comparison) -> str:
        """Return the front matter between its fences."""
        name = only_candidate(claim, "model-index")
        index = [{"name": name, "results": self._results(name, claim)}]
        body = yaml_text({"model-index": index}, left_out(self.dropped(claim)))
        return f"---\n{body}---\n"

    def _results(self, name: str, claim: Claim) -> list[dict[str, Any]]:
        strata: dict[str, list[Mapping[str, Any]]] = {}
        for cell in claim["candidates"][name]["accuracy"]:
            if cell["candidate_value"] is not None:
                strata.setdefault(stratum_label(cell["stratum"]), []).append(cell)
        results = [self._result(cells, claim) for cells in strata.values()]
        throughput = _throughput(claim["candidates"][name], claim)
        if results:
            results[0]["metrics"] += throughput
        return results

    def _result(self, cells: list[Mapping[str, Any]], claim: Claim) -> dict[str, Any]:
        task, stratum = claim["task"], cells[0]["stratum"]
        # results are told apart by config alone, so that a stratum is one
        part = {"config": stratum_label(stratum)} if stratum else {}
        return {
            "task": {"type": self.task, "name": task["task"]},
            "dataset": {
                "name": task["task"], "type": self.dataset or task["task"], **part,
                "revision": task["digest"], "args": _known({**stratum, "n": cells[0]["n"],
                                                            "composition": task["composition"]}),
            },
            "metrics": [_metric(cell, claim) for cell in cells],
        }  # fmt: skip


def _metric(cell: Mapping[str, Any], claim: Claim) -> dict[str, Any]:
    low, high = cell["interval"] or (None, None)
    args = {
        "reference": cell["reference"], "reference_value": cell["reference_value"],
        "loss": cell["loss"], "loss_low": low, "loss_high": high,
        "confidence": claim["confidence"], "method": cell["method"], "n": cell["n"],
        "margin": cell["margin"], "verdict": cell["verdict"], "reason": cell["reason"],
        "amendments": amendment_words(claim) or None,
        "unit": metric_facts(claim, cell["metric"]).get("unit"),
    }  # fmt: skip
    name = f"{cell['metric']} @ {stratum_label(cell['stratum'])}"
    return {
        "type": cell["metric"], "value": cell["candidate_value"], "name": name,
        "args": _known(args),
    }  # fmt: skip


def _throughput(candidate: Mapping[str, Any], claim: Claim) -> Iterable[dict[str, Any]]:
    speed = paired_speed(candidate)
    if speed is None:
        return []
    low, high = speed["ratio_interval"] or (None, None)
    price, verdict = cost(candidate["name"], claim), speed["verdict"] or {}
    args = {
        "protocol": speed["protocol"], "batch": speed["batch"], "blocks": speed["blocks"],
        "reference": claim["reference"]["name"],
        "ratio": speed["ratio"], "ratio_low": low, "ratio_high": high,
        "confidence": speed["confidence"], "method": speed["method"],
        "source": speed.get("source") or None,
        "speedup_declared": verdict.get("declared"), "speedup_verdict": verdict.get("verdict"),
        "cost_of_a_thousand_right_answers": price and f"{number(price[0])} {price[2]}",
    }  # fmt: skip
    return [
        {
            "type": "throughput", "value": speed["throughput"],
            "name": f"{counted(speed)} per second", "args": _known(args),
        }
    ]  # fmt: skip


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
