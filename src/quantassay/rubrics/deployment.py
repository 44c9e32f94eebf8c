"""The deployment file: what a reader runs, where, on which traffic, and what may not degrade."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    PositiveFloat,
    PositiveInt,
    field_validator,
    model_validator,
)
from pydantic_core import CoreSchema

from .fields import Name, Scalar, Strict, or_text
from .task import Source

TOLERANCE = 0.005
_DIGEST = re.compile(r"(sha256:)?[0-9a-f]{64}")


def _digest(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not _DIGEST.fullmatch(value.lower()):
        msg = f"{value[:80]!r} is no digest: write 'sha256:' and 64 hexadecimal digits"
        raise ValueError(msg)
    return f"sha256:{value.lower().removeprefix('sha256:')}"


Digest = Annotated[str, BeforeValidator(_digest)]
Margin = Annotated[float, Field(gt=0)]


class _OrText(Strict):
    """A part that plain text may stand for; ``_text`` says what it then means."""

    @classmethod
    def _of(cls, text: str) -> dict[str, Any]:
        return {"name": text}

    @model_validator(mode="before")
    @classmethod
    def _expanded(cls, value: Any) -> Any:
        return cls._of(value) if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return or_text(handler(core), f"Its {next(iter(cls._of('x')))}.")


class DeployedTask(_OrText):
    """What the model is asked to do; plain text is its name."""

    name: Name | None = Field(None, description="As the claim's task would be called.")
    test_set: Digest | None = Field(
        None, description="Digest of the test set that stands for this deployment, as in a claim."
    )
    composition: Name | None = Field(None, description="What the traffic is, in words.")


class DeployedModel(_OrText):
    """A model file; plain text is its path, or its digest."""

    name: Name | None = Field(None, description="As the claim would call it.")
    path: Name | None = Field(None, description="The file, relative to this one; it is hashed.")
    digest: Digest | None = Field(None, description="SHA-256 of the file, as in a claim.")

    @classmethod
    def _of(cls, text: str) -> dict[str, Any]:
        return {"digest" if _DIGEST.fullmatch(text.lower()) else "path": text}


class DeployedModels(Strict):
    """The model that is served, and the one that it stands in for."""

    quantized: DeployedModel | None = Field(None, description="What is served.")
    base: DeployedModel | None = Field(None, description="What it was made from.")
    candidate: Name | None = Field(
        None, description="Which candidate of the claim it is, where neither file nor digest says."
    )


class DeployedMetric(_OrText):
    """The metric that matters; plain text is its name."""

    name: Name = Field(description="As in the claim.")
    margin: Margin | None = Field(
        None, description="Largest loss accepted here; that of the claim by default."
    )


class DeployedReference(_OrText):
    """What loss is counted against; plain text is its name."""

    name: Name | None = Field(None, description="As in the claim.")
    precision: Name | None = Field(None, description="Such as fp32.")


class DeployedCalibration(_OrText):
    """What set the ranges of the served model; plain text says it in words."""

    digest: Digest | None = Field(None, description="Digest of the samples, as in a claim.")
    words: Name | None = Field(None, description="Data and procedure.")

    @classmethod
    def _of(cls, text: str) -> dict[str, Any]:
        return {"words": text}


class DeployedExecutor(Strict):
    """The stack that serves, layer by layer, or a claim that was measured on it."""

    processor: Name | None = Field(None, description="Such as 'AMD EPYC'.")
    architecture: Name | None = Field(None, description="Such as x86_64.")
    instructions: list[Name] | None = Field(
        None, description="Those that low precision rests on, such as avx512_vnni."
    )
    system: Name | None = Field(None, description="Operating system.")
    engine: Name | None = Field(None, description="Such as onnxruntime.")
    version: Name | None = Field(None, description="Of the engine.")
    provider: Name | None = Field(None, description="Such as CPUExecutionProvider.")
    threads: PositiveInt | None = Field(None, description="Of one call.")
    graph_level: Name | None = Field(None, description="Graph optimization, such as all.")
    batch: PositiveInt | None = Field(None, description="Samples in one call.")
    claim: Name | None = Field(
        None, description="A claim.json from this stack, relative to this file: it says the rest."
    )
    candidate: Name | None = Field(None, description="Which of its candidates; the first else.")


class DeployedCritical(Strict):
    """A stratum that may not degrade; plain text such as 'digit=8' names it."""

    stratum: dict[Name, Scalar] = Field(min_length=1, description="Such as {digit: 8}.")
    metric: Name | None = Field(None, description="The metric that matters by default.")
    margin: Margin | None = Field(
        None, description="Largest loss accepted there; that of the claim's own cell by default."
    )

    @model_validator(mode="before")
    @classmethod
    def _expanded(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        key, equals, name = value.partition("=")
        if not (key.strip() and equals and name.strip()):
            msg = f"{value[:80]!r} names no stratum: write 'digit=8', or {{stratum: {{digit: 8}}}}"
            raise ValueError(msg)
        return {"stratum": {key.strip(): name.strip()}}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return or_text(handler(core), "A stratum, such as 'digit=8'.")


class Sample(Source):
    """A table of samples, with the columns that strata are counted from."""

    path: Name = Field(description="The file, relative to this one.")
    strata: dict[Name, Name] = Field(
        {}, description="Column of each dimension of strata where it is called otherwise."
    )
    outputs: Name | None = Field(
        None, description="Recorded predictions of the reference on these samples: a table."
    )


Shares = dict[Name, Annotated[float, Field(ge=0)]]


class DeploymentFile(Strict):
    """One file that says what a claim is to hold for."""

    deployment: Name = Field(description="What it is called.")
    task: DeployedTask = Field(DeployedTask(), description="What the model is asked to do.")
    model: DeployedModels = Field(DeployedModels(), description="What is served.")
    scheme: Name | None = Field(None, description="How numbers are stored and computed.")
    reference: DeployedReference = Field(
        DeployedReference(), description="What loss is counted against."
    )
    metric: DeployedMetric | None = Field(
        None, description="The metric that matters; every metric that gates the claim by default."
    )
    calibration: DeployedCalibration = Field(
        DeployedCalibration(), description="What set the ranges."
    )
    executor: DeployedExecutor = Field(
        DeployedExecutor(), description="What serves, layer by layer."
    )
    speedup: PositiveFloat | None = Field(
        None, description="Throughput wanted, as a multiple of the reference's."
    )
    protocol: Literal["offline", "single-stream", "multi-stream", "server"] | None = Field(
        None, description="How samples arrive here, in the words of a rubric's 'timing'."
    )
    mix: dict[Name, Shares] = Field(
        {},
        description="Shares of the strata of one dimension in the traffic, which sum to 1; or "
        "counts. Counted from 'production' where it is not given.",
    )
    critical: list[DeployedCritical] = Field([], description="Strata that may not degrade.")
    production: Sample | None = Field(None, description="An unlabelled sample of the traffic.")
    test: Sample | None = Field(
        None, description="The claim's test set, to compare 'production' with."
    )
    seed: int = Field(0, ge=0, le=2**32 - 1, description="Of permutations and of rows drawn.")

    @field_validator("mix")
    @classmethod
    def _whole(cls, value: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
        return {dimension: _shares(dimension, shares) for dimension, shares in value.items()}


def _shares(dimension: str, shares: dict[str, float]) -> dict[str, float]:
    """Return shares that sum to one; counts are divided by their sum."""
    total = sum(shares.values())
    if not math.isfinite(total):
        msg = f"the shares of {dimension!r} sum to no number: they sum to 1, or are whole counts"
        raise ValueError(msg)
    counts = total > 1 and all(float(share).is_integer() for share in shares.values())
    if not shares or not (counts or abs(total - 1) <= TOLERANCE):
        msg = f"the shares of {dimension!r} sum to {total:.10g}: they sum to 1, or are whole counts"
        raise ValueError(msg)
    return {name: share / total for name, share in shares.items()}
