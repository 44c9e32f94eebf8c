"""The rubric: all that is fixed before measuring.

Shorthand is expanded on the way in, so that each part has one shape afterwards: a metric,
stratum or margin is always an object, ``reference`` always a list.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from .fields import Name, Scalar, Strict, Where
from .judgement import Margin, Metric, Stratum
from .selection import Selection
from .stopping import Stopping
from .study import CalibrationStudy
from .task import (
    Clusters,
    ImagePreprocessing,
    Outputs,
    Preprocessing,
    Source,
    Task,
    TensorPreprocessing,
)
from .tendencies import Tendencies
from .timing import Timing
from .variant import Calibration, Inference, Variant

__all__ = [
    "Calibration",
    "CalibrationStudy",
    "Clusters",
    "ImagePreprocessing",
    "Inference",
    "Margin",
    "Metric",
    "Name",
    "Outputs",
    "Preprocessing",
    "Rubric",
    "Scalar",
    "Selection",
    "Source",
    "Stopping",
    "Stratum",
    "Strict",
    "Task",
    "Tendencies",
    "TensorPreprocessing",
    "Timing",
    "Variant",
    "Where",
]


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


_TEXT = {"type": "string", "minLength": 1}
References = Annotated[
    list[Name],
    Field(min_length=1),
    BeforeValidator(_as_list),
    WithJsonSchema({"anyOf": [_TEXT, {"type": "array", "minItems": 1, "items": _TEXT}]}),
]


class Rubric(Strict):
    """One file that says what counts, before anything is measured."""

    rubric: Name = Field(description="Name and revision, such as 'digits-int8/1'.")
    task: Task = Field(description="What is asked, and of which data.")
    strata: list[Stratum] = Field([], description="Named parts of the test set; they may overlap.")
    metrics: list[Metric] = Field(min_length=1, description="What is measured, with its margins.")
    reference: References = Field(
        description="What loss is measured against; the first decides, the others are shown."
    )
    variants: dict[Name, Variant] = Field(
        min_length=1, description="What is run: the references and the candidates, by name."
    )
    calibrations: dict[Name, Calibration] = Field(
        {}, description="Sets of samples that set ranges, by name."
    )
    calibration_study: CalibrationStudy | None = Field(
        None,
        description="How far the choice of calibration samples moves the loss of one variant; null "
        "for no study.",
    )
    agreements: list[Name] = Field(
        [],
        description="Agreements with options of their own, such as 'crossings:threshold=0.8'; "
        "those that need none are always shown: `quantassay list agreements`.",
    )
    contrasts: list[Name] = Field(
        [],
        description="Pairs of strata whose losses are told apart, such as 'digit=1:8': the loss in "
        "the second less that in the first, with its interval; never judged.",
    )
    small_strata: Literal["block", "pool", "watch"] = Field(
        "block",
        description="What becomes of strata with a margin that are too small to pass: they block "
        "the overall PASS, are pooled into one, or are watched only.",
    )
    proven_fine: bool = Field(
        False,
        description="List the strata of which all are within their margins at once (Holm over the "
        "gate cells of strata of one candidate): a claim of its own, of a single look, so that it "
        "does not go with 'stopping'.",
    )
    confidence: float = Field(
        0.95, ge=0.7, lt=1, description="Of the two-sided interval: 0.95 leaves 0.025 each side."
    )
    strict: bool = Field(
        False,
        description="Judge only by bounds whose error rate is proven: exact unconditional for "
        "right-or-wrong samples, betting for bounded means and clusters. They are wider; metrics "
        "of other kinds are `insufficient`.",
    )
    stopping: Stopping | None = Field(
        None, description="When `run` may stop early; null for one look at the whole test set."
    )
    selection: Selection | None = Field(
        None, description="How `select` chooses among candidates; null for fastest-first."
    )
    inference: Inference = Field(Inference(), description="How samples are grouped.")
    timing: Timing | None = Field(
        Timing(), description="How throughput is measured; null for not at all."
    )
    tendencies: Tendencies | None = Field(
        None,
        description="What `run` looks for beside the loss, such as outlier channels and the noise "
        "of each layer; no verdict rests on it. Null for nothing: `quantassay diagnose` looks too.",
    )
    seed: int = Field(0, ge=0, le=2**32 - 1, description="Of every random draw.")
    folder: Name | None = Field(
        None,
        description="Where relative paths and your own Python are looked up, relative to this file "
        "and outside the digest; the folder of this file by default.",
    )

    @model_validator(mode="after")
    def _one_look_for_a_list(self) -> Rubric:
        if self.proven_fine and self.stopping is not None:
            msg = "'proven_fine' holds for a single look at the whole test set: not with 'stopping'"
            raise ValueError(msg)
        return self

    @property
    def references(self) -> tuple[str, ...]:
        """Variants that loss is measured against: the deciding one first."""
        return tuple(self.reference)

    @property
    def candidates(self) -> tuple[str, ...]:
        """Every variant but the deciding reference, in the order of the file."""
        return tuple(name for name in self.variants if name != self.reference[0])

    @property
    def gating(self) -> tuple[str, ...]:
        """Candidates that count for the overall verdict, in the order of the file."""
        return tuple(name for name in self.candidates if self.variants[name].gate)

    def margin_for(self, metric: Metric, stratum: str | None) -> Margin | None:
        """Return the margin of a stratum by key (None: the whole test set), if one stands."""
        return metric.margin_for(stratum)
