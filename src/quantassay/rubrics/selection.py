"""How one of several candidates is chosen, fixed before any of them is seen."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from .fields import Name, Strict


class Selection(Strict):
    """How `select` chooses, so that the choice costs nothing in error."""

    procedure: Literal["fastest-first", "fixed-sequence"] = Field(
        "fastest-first",
        description="fastest-first: by measured throughput, each candidate judged at alpha over "
        "the number of candidates that gate, up to the first pass. fixed-sequence: in the declared "
        "order, each at the whole alpha, up to the first that does not pass.",
    )
    order: list[Name] | None = Field(
        None,
        description="Of fixed-sequence: every candidate that gates, once, the safest first and "
        "the fastest last.",
    )

    @model_validator(mode="after")
    def _order_of_a_sequence(self) -> Selection:
        if self.procedure == "fixed-sequence" and self.order is None:
            msg = (
                "procedure 'fixed-sequence' needs 'order': every candidate that gates, the safest "
                "first"
            )
            raise ValueError(msg)
        if self.procedure == "fastest-first" and self.order is not None:
            msg = (
                "'order' belongs to procedure 'fixed-sequence': 'fastest-first' goes by measured "
                "throughput"
            )
            raise ValueError(msg)
        return self
