"""How far the calibration moves the loss: several draws, of several sizes."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PositiveInt, WithJsonSchema, model_validator

from .fields import Name, Strict


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


_SIZE = {"type": "integer", "exclusiveMinimum": 0}
Sizes = Annotated[
    list[PositiveInt],
    Field(min_length=1, max_length=20),
    BeforeValidator(_as_list),
    WithJsonSchema({"anyOf": [_SIZE, {"type": "array", "minItems": 1, "items": _SIZE}]}),
]


class CalibrationStudy(Strict):
    """One variant, quantized again with other calibration samples: described, never judged."""

    of: Name = Field(description="The variant: made by a scheme that needs calibration samples.")
    draws: int = Field(8, ge=3, le=100, description="Draws of each size, disjoint where they fit.")
    samples: Sizes = Field(description="Calibration samples in a draw: a number, or several.")
    metrics: list[Name] = Field(
        [], description="Metrics of the rubric; by default those with a margin, or else all."
    )
    shifted: Name | None = Field(
        None,
        description="A stratum key: calibrate on each stratum alone too, and measure on every one.",
    )

    @model_validator(mode="after")
    def _sizes_differ(self) -> CalibrationStudy:
        if len(set(self.samples)) < len(self.samples):
            msg = "'samples' lists the same size twice"
            raise ValueError(msg)
        return self
