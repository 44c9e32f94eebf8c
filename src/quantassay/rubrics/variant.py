"""What is run, and how its ranges were set."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, PositiveInt, model_validator

from .fields import Name, Strict
from .task import Source


class Variant(Strict):
    """A model x scheme x executor; exactly one of its four origins."""

    model: Name | None = Field(None, description="A model file, relative to the rubric.")
    scheme: Name | None = Field(
        None, description="A quantization scheme, applied to 'of': `quantassay list schemes`."
    )
    of: Name | None = Field(None, description="The variant that the scheme starts from.")
    calibration: Name | None = Field(
        None,
        description="A calibration set by name; for a variant made elsewhere, your own words.",
    )
    engine: Name | None = Field(None, description="An engine by name, or 'python:module:function'.")
    predictions: Name | None = Field(
        None, description="A file of predictions recorded elsewhere, relative to the rubric."
    )
    precision: Name | None = Field(None, description="Precision that is claimed.")
    options: dict[str, Any] = Field({}, description="Options of the scheme.")
    engine_options: dict[str, Any] = Field({}, description="Options of the engine.")
    gate: bool = Field(True, description="false: measured and shown, never part of the verdict.")

    @property
    def python(self) -> str | None:
        """The ``module:function`` of a python engine, else None."""
        prefix = "python:"
        if self.engine is None or not self.engine.startswith(prefix):
            return None
        return self.engine.removeprefix(prefix)

    @property
    def origin(self) -> Literal["model", "scheme", "predictions", "python", "engine"]:
        """What the variant is made from; ``engine`` for one that takes no model file."""
        if self.model is not None:
            return "model"
        if self.scheme is not None:
            return "scheme"
        if self.predictions is not None:
            return "predictions"
        return "engine" if self.python is None else "python"

    @model_validator(mode="after")
    def _one_origin(self) -> Variant:
        origins = (self.model, self.scheme, self.predictions, self.python)
        named = sum(origin is not None for origin in origins)
        if named > 1 or (named == 0 and self.engine is None):
            msg = (
                "name exactly one of 'model', 'scheme', 'predictions' and an engine that needs no "
                "model file, such as 'python:module:function'"
            )
            raise ValueError(msg)
        if (self.scheme is None) != (self.of is None):
            msg = "'scheme' and 'of' go together"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _nothing_without_effect(self) -> Variant:
        if self.scheme is None and self.options:
            msg = "'options' are the scheme's, and no 'scheme' is named"
            raise ValueError(msg)
        if self.predictions is not None and (self.engine is not None or self.engine_options):
            msg = "recorded predictions run on no engine: remove 'engine' and 'engine_options'"
            raise ValueError(msg)
        return self


class Calibration(Strict):
    """Samples and procedure that set the ranges of a static scheme."""

    data: Source = Field(
        description="Where the samples come from; the task's input column by default."
    )
    samples: PositiveInt | None = Field(
        None, description="How many, drawn with the seed; all by default."
    )
    stratify: Name | None = Field(None, description="Column whose values are drawn alike.")
    method: Literal["minmax", "entropy", "percentile"] = Field(
        "minmax", description="How a range follows from what was seen."
    )


class Inference(Strict):
    """How samples are grouped: batch can change answers, so it is declared."""

    batch: PositiveInt = Field(64, description="Samples per call of the model.")
    order: Literal["data"] = Field(
        "data", description="Samples run in the order of the data; with 'stopping', in each look's."
    )
