"""A record of Every Eval Ever, schema 0.3."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from quantassay.records.cells import Comparison, stratum_label

from .contract import Claim, TextExport
from .figures import cell_words, label, metric_facts, number, only_candidate
from .provenance import of_claim, of_variant
from .speeds import cost, counted, paired_speed, throughput_words

SCHEMA_VERSION = "0.3.0"


@dataclass(frozen=True)
class EveryEvalEver(TextExport):
    """One model's results as an aggregate record of Every Eval Ever 0.3.

    Its interval is one of a score; ours is one of a loss, and stands in ``details``.

    Parameters
    ----------
    model : str
        Id of the model, ``org/name``; the candidate's own name without it.
    organization : str
        Who ran the evaluation.
    relationship : str
        Of who ran it to the model: first_party, third_party, collaborative or other.
    availability : str
        Of the weights: open_weights, closed_weights or unknown.
    """

    model: str | None = None
    organization: str = "unknown"
    relationship: str = "other"
    availability: str = "unknown"

    suffix: ClassVar[str] = ".json"
    drops: ClassVar[tuple[str, ...]] = ("undefined", "evidence", "declaration", "agreements")

    def dropped(self, claim: Claim) -> tuple[str, ...]:
        """Return what is left out, and what the record wants and the claim does not know."""
        unnamed = "the model's id, org/name: name it, every-eval-ever:model=ORG/NAME"
        return (*super().dropped(claim), *(() if self.model else (unnamed,)))

    def text(self, claim: Claim, comparison: Comparison) -> str:
        """Return the record."""
        name = only_candidate(claim, "every-eval-ever")
        epoch = str(int(datetime.fromisoformat(claim["made"]).timestamp()))
        model = self.model or name
        record = {
            "schema_version": SCHEMA_VERSION,
            "evaluation_id": f"{claim['task']['task']}/{model}/{epoch}",
            "evaluation_timestamp": claim["made"],
            "retrieved_timestamp": epoch,
            "source_metadata": self._source(claim),
            "eval_library": {"name": "quantassay", "version": claim["quantassay"]},
            "model_info": self._model(claim["candidates"][name], claim),
            "evaluation_results": _results(claim["candidates"][name], claim),
        }
        return json.dumps(record, indent=1, allow_nan=False, ensure_ascii=False) + "\n"

    def _source(self, claim: Claim) -> dict[str, Any]:
        return {
            "source_name": "quantassay",
            "source_type": "evaluation_run",
            "source_organization_name": self.organization,
            "evaluator_relationship": self.relationship,
            "additional_details": dict(of_claim(claim, self.dropped(claim))),
        }

    def _model(self, candidate: Mapping[str, Any], claim: Claim) -> dict[str, Any]:
        engine = {"inference_engine": {"name": candidate["engine"]}} if candidate["engine"] else {}
        reference = {f"reference {name}": text for name, text in of_variant(claim["reference"])}
        return {
            "name": candidate["name"],
            "id": self.model or candidate["name"],
            **engine,
            "additional_details": {
                "deployment_type": "self_deployed" if engine else "unknown",
                "model_availability": self.availability,
                **dict(of_variant(candidate)),
                "reference": claim["reference"]["name"],
                **reference,
            },
        }


def _results(candidate: Mapping[str, Any], claim: Claim) -> list[dict[str, Any]]:
    known = [cell for cell in candidate["accuracy"] if cell["candidate_value"] is not None]
    results = [_result(cell, claim) for cell in known]
    speed = paired_speed(candidate)
    return results if speed is None else [*results, _throughput(speed, candidate, claim)]


def _result(cell: Mapping[str, Any], claim: Claim) -> dict[str, Any]:
    low, high = cell["interval"] or (None, None)
    details = {
        "said": cell_words(cell, claim), "reference": cell["reference"],
        "reference_value": cell["reference_value"], "loss": cell["loss"], "loss_low": low,
        "loss_high": high, "confidence": claim["confidence"], "method": cell["method"],
        "n": cell["n"], "losses": cell["losses"], "gains": cell["gains"],
        "clusters": cell["clusters"], "margin": cell["margin"], "role": cell["role"],
        "verdict": cell["verdict"], "reason": cell["reason"],
    }  # fmt: skip
    return {
        "evaluation_result_id": label(cell),
        "evaluation_name": f"{claim['task']['task']}: {stratum_label(cell['stratum'])}",
        "source_data": _data(claim),
        "metric_config": _metric(cell["metric"], claim),
        "score_details": {"score": cell["candidate_value"], "details": _texts(details)},
    }


def _data(claim: Claim) -> dict[str, Any]:
    task = claim["task"]
    facts = {name: task[name] for name in ("digest", "n", "composition", "clusters", "strata")}
    return {
        "dataset_name": task["task"], "source_type": "other", "additional_details": _texts(facts)
    }  # fmt: skip


def _metric(name: str, claim: Claim) -> dict[str, Any]:
    facts = metric_facts(claim, name)
    # a share lies between 0 and 1; the ends of other units are not known here
    ends = {"score_type": "continuous", "min_score": 0, "max_score": 1}
    return {
        "evaluation_description": facts.get("definition", ""),
        "metric_id": name,
        "metric_name": name,
        "metric_unit": facts.get("unit", ""),
        "lower_is_better": not facts.get("higher_is_better", True),
        **(ends if facts.get("unit") == "fraction" else {}),
        "additional_details": _texts({"source": facts.get("source")}),
    }


def _throughput(
    speed: Mapping[str, Any], candidate: Mapping[str, Any], claim: Claim
) -> dict[str, Any]:
    price = cost(candidate["name"], claim)
    details = {
        "said": throughput_words(candidate["name"], claim),
        **{
            key: speed[key]
            for key in (
                "protocol", "ratio", "ratio_interval", "throughput_interval", "batch",
                "confidence", "method", "blocks", "verdict", "latencies",
            )
        },
        "cost_of_a_thousand_right_answers": price and f"{number(price[0])} {price[2]}",
    }  # fmt: skip
    return {
        "evaluation_result_id": "throughput",
        "evaluation_name": f"{claim['task']['task']}: throughput",
        "source_data": _data(claim),
        "metric_config": {
            "metric_id": "throughput", "metric_name": "throughput",
            "metric_unit": f"{counted(speed)} per second", "lower_is_better": False,
        },
        "score_details": {"score": speed["throughput"], "details": _texts(details)},
    }  # fmt: skip


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    """Return what is known as text, which is all that details hold."""
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in values.items()
        if value not in (None, "", (), [], {})
    }
