"""A study: which tasks, models and schemes are crossed."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from ..fields import Name, Strict

#: becomes part of the name of a rubric, and of a folder
Short = Annotated[str, Field(min_length=1, max_length=40)]


class CrossModel(Strict):
    """One model of a task, before quantization."""

    model: Name = Field(description="The model file, relative to the study.")
    engine: Name | None = Field(None, description="An engine by name; that of its format else.")
    engine_options: dict[str, Any] = Field({}, description="Options of the engine.")
    precision: Name | None = Field(None, description="Precision that is claimed.")


class CrossTask(Strict):
    """A rubric that `quantassay run` takes too, and the models it is asked of."""

    rubric: Name = Field(
        description="The rubric, relative to the study; all of it but its name, reference, "
        "variants and selection."
    )
    models: dict[Short, CrossModel] = Field(
        min_length=1, description="What schemes start from, by name."
    )


class Change(Strict):
    """What is different for one task; each key replaces that of the scheme whole."""

    options: dict[str, Any] | None = Field(None, description="Options of the scheme.")
    calibration: Name | None = Field(None, description="A calibration of the task's rubric.")
    engine: Name | None = Field(None, description="An engine by name.")
    engine_options: dict[str, Any] | None = Field(None, description="Options of the engine.")
    precision: Name | None = Field(None, description="Precision that is claimed.")


class CrossScheme(Strict):
    """A scheme, as in a variant of a rubric, and where it applies."""

    scheme: Name = Field(description="A quantization scheme: `quantassay list schemes`.")
    options: dict[str, Any] = Field({}, description="Options of the scheme.")
    calibration: Name | None = Field(
        None,
        description="A calibration of the task's rubric; by default the only one that it has, "
        "where the scheme needs one.",
    )
    engine: Name | None = Field(None, description="An engine by name; that of the model else.")
    engine_options: dict[str, Any] = Field({}, description="Options of the engine.")
    precision: Name | None = Field(None, description="Precision that is claimed.")
    only: list[Short] | None = Field(
        None, min_length=1, description="The tasks that it applies to; all by default."
    )
    tasks: dict[Short, Change | None] = Field(
        {}, description="What is different for some tasks; null where it does not apply."
    )

    def applies(self, task: str) -> bool:
        """Return whether a task is crossed with this scheme."""
        left_out = task in self.tasks and self.tasks[task] is None
        return not left_out and (self.only is None or task in self.only)

    def variant(self, task: str) -> dict[str, Any]:
        """Return what a rubric of a task says of this scheme, but for what it starts from."""
        own = self.model_dump(exclude={"only", "tasks"}, exclude_defaults=True)
        change = self.tasks.get(task)
        return own | ({} if change is None else change.model_dump(exclude_none=True))


class Study(Strict):
    """A cross of tasks, models and schemes; one run each."""

    study: Short = Field(description="Name and revision, such as 'three-axes/1'.")
    tasks: dict[Short, CrossTask] = Field(
        min_length=1, description="What is asked, and of which models, by name."
    )
    schemes: dict[Short, CrossScheme] = Field(
        min_length=1, description="How models are quantized, by name."
    )
    reference: Short = Field("fp32", description="What reports call a model before quantization.")
    confidence: float | None = Field(
        None, ge=0.7, lt=1, description="Replaces that of every rubric; null where they agree."
    )
