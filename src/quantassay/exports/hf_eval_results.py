"""Evaluation results of the Hugging Face Hub: a file of ``.eval_results/``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from quantassay.records.cells import Comparison

from .contract import Claim, TextExport
from .figures import amendment_words, cell_words, headline, only_candidate
from .speeds import throughput_words
from .yaml_text import left_out, yaml_text


@dataclass(frozen=True)
class HfEvalResults(TextExport):
    """One figure of one model for ``.eval_results/`` of its repository on the Hugging Face Hub.

    The loss, its interval and the throughput stand in ``notes``, the only room that there is.

    Parameters
    ----------
    dataset : str
        Id of the benchmark on the Hub, ``org/name``. Without it the task's own name stands there.
    task : str
        Id of the task in the benchmark's ``eval.yaml``.
    metric : str
        The metric to export; the first one without it.
    """

    dataset: str | None = None
    task: str = "default"
    metric: str | None = None

    suffix: ClassVar[str] = ".yaml"
    drops: ClassVar[tuple[str, ...]] = (
        "other metrics", "strata", "undefined", "described", "evidence", "definitions",
        "declaration", "agreements", "test set", "truth", "calibration", "executor", "precisions",
        "latencies", "conditions", "frontier", "noise floor", "stopping", "findings", "disclosures",
        "reproduce", "software",
    )  # fmt: skip

    def dropped(self, claim: Claim) -> tuple[str, ...]:
        """Return what is left out, and what the Hub wants and the claim does not know."""
        unnamed = "the benchmark's id on the Hub: name it, hf-eval-results:dataset=ORG/NAME"
        return (*super().dropped(claim), *(() if self.dataset else (unnamed,)))

    def text(self, claim: Claim, comparison: Comparison) -> str:
        """Return the file."""
        entry = self._entry(only_candidate(claim, "hf-eval-results"), claim)
        return yaml_text([entry], left_out(self.dropped(claim)))

    def _entry(self, name: str, claim: Claim) -> dict[str, Any]:
        cell = headline(name, claim, self.metric)
        return {
            "dataset": {"id": self.dataset or claim["task"]["task"], "task_id": self.task},
            "value": cell["candidate_value"],
            "date": claim["made"],
            "notes": "; ".join([cell_words(cell, claim), *_notes(name, claim)]),
        }


def _notes(name: str, claim: Claim) -> list[str]:
    candidate: Mapping[str, Any] = claim["candidates"][name]
    decision, artifact = candidate["decision"], candidate["artifact"]
    return [
        throughput_words(name, claim),
        f"verdict on {name}: {decision['verdict'] or 'none'}: {decision['reason']}",
        *filter(None, [amendment_words(claim)]),
        *([] if artifact is None else [f"model {artifact['digest']}"]),
        f"rubric {claim['rubric']['name']} {claim['rubric']['digest']}",
        f"quantassay {claim['quantassay']}",
    ]
