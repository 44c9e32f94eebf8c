"""What is judged: metrics, their margins, and the parts of the test set."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from .fields import Name, Strict, Where, or_text


class Stratum(Strict):
    """A named part of the test set: every value of a column, its bins, or a condition."""

    name: Name | None = Field(None, description="What 'by' and the reports call it.")
    column: Name | None = Field(None, description="One stratum for each value of this column.")
    bins: list[float] | None = Field(
        None, min_length=1, description="Inner edges, rising: cut a numeric column into ranges."
    )
    where: Where | None = Field(
        None, description="One stratum: the samples whose columns have these values."
    )
    critical: bool = Field(False, description="Shown first; never pooled.")

    @model_validator(mode="before")
    @classmethod
    def _text_names_a_column(cls, value: Any) -> Any:
        return {"column": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_kind(self) -> Stratum:
        if (self.column is None) == (self.where is None):
            msg = "name exactly one of 'column' and 'where'"
            raise ValueError(msg)
        if self.where is not None and self.name is None:
            msg = "a stratum with 'where' needs a 'name'"
            raise ValueError(msg)
        if self.where == {}:
            msg = "'where' is empty: name a column and its values"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _bins_rise(self) -> Stratum:
        if self.bins is not None and self.column is None:
            msg = "'bins' go with 'column'"
            raise ValueError(msg)
        if self.bins is not None and sorted(set(self.bins)) != self.bins:
            msg = "'bins' must rise strictly"
            raise ValueError(msg)
        return self

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return or_text(handler(core), "A column: one stratum for each of its values.")

    @property
    def key(self) -> str:
        """What ``by`` calls this stratum."""
        return self.name or self.column or ""


class Margin(Strict):
    """The largest loss accepted, in the metric's own unit (0.01 is one percentage point)."""

    value: float = Field(gt=0, description="The largest loss accepted, in the metric's own unit.")
    gate: bool = Field(True, description="false: watched, never part of the overall verdict.")

    @model_validator(mode="before")
    @classmethod
    def _number_is_the_value(cls, value: Any) -> Any:
        return value if isinstance(value, (dict, Margin)) else {"value": value}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        number = {
            "type": "number",
            "exclusiveMinimum": 0,
            "description": "The largest loss accepted, in the metric's own unit.",
        }
        return {"anyOf": [number, handler(core)]}


class Metric(Strict):
    """A metric, its margins, and under any further key an option of its own."""

    model_config = ConfigDict(extra="allow")

    name: Name = Field(description="A registered metric: `quantassay list metrics`.")
    margin: Margin | None = Field(
        None, description="Margin of the whole test set; without one the metric is only described."
    )
    by: dict[Name, Margin] = Field(
        {}, description="Margin of each stratum; a stratum is judged only where a margin stands."
    )

    @model_validator(mode="before")
    @classmethod
    def _text_is_the_name(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return or_text(handler(core), "A metric by name, described without a margin.")

    @property
    def options(self) -> dict[str, Any]:
        """What the metric itself is configured with."""
        return dict(self.model_extra or {})

    def margin_for(self, stratum: str | None) -> Margin | None:
        """Return the margin of a stratum by key, or of the whole test set for None."""
        return self.margin if stratum is None else self.by.get(stratum)
