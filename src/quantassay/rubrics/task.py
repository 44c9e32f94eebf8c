"""The data and the question."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, GetJsonSchemaHandler, PositiveInt, field_validator, model_validator
from pydantic import Strict as StrictValue
from pydantic_core import CoreSchema

from .fields import Name, Scalar, Strict, Where, or_text

Names = Annotated[list[Name], Field(json_schema_extra={"minItems": 2, "uniqueItems": True})]


class Source(Strict):
    """Where samples come from."""

    reader: Name = Field("table", description="Which reader opens the file.")
    path: Name = Field(description="The file, relative to the rubric.")
    id: Name | None = Field(
        None, description="Column that names each sample; the row number by default."
    )
    input: Name | Names | dict[Name, Name] | None = Field(
        None,
        description="Input column; a list of numeric columns, which are one input in that order; "
        "or a mapping from the model's input names to columns.",
    )
    target: Name | None = Field(None, description="Column with the gold answer.")
    task: Name | None = Field(None, description="Task of a log that holds several.")
    gold: list[Name] = Field(
        [],
        description="Files of gold answers of a log that has them apart, relative to the rubric.",
    )
    where: Where | None = Field(
        None, description="Keep only the rows whose columns have these values."
    )

    @field_validator("input")
    @classmethod
    def _listed_once(cls, value: Any) -> Any:
        if isinstance(value, list):
            if len(value) < 2:
                msg = "a list needs at least 2 columns: write a single column without brackets"
                raise ValueError(msg)
            twice = next((name for at, name in enumerate(value) if name in value[:at]), None)
            if twice is not None:
                msg = f"{twice!r} is listed twice"
                raise ValueError(msg)
        return value

    @property
    def inputs(self) -> list[str]:
        """The columns that feed the model, each once."""
        if self.input is None or isinstance(self.input, str):
            return [] if self.input is None else [self.input]
        named = self.input.values() if isinstance(self.input, dict) else self.input
        return list(dict.fromkeys(named))


class Outputs(Strict):
    """What the model's output means."""

    kind: Literal[
        "scores", "logits", "probabilities", "labels", "texts", "loglikelihood", "embeddings"
    ] = Field(
        "scores",
        description="scores are only ranked; logits pass through a softmax; "
        "probabilities must sum to one; labels are the answers themselves, texts too; "
        "loglikelihood is that of a text in nats, and its number of tokens; "
        "embeddings are searched for in those of a corpus.",
    )
    name: Name | None = Field(None, description="Which output of the model; its first by default.")
    classes: list[Scalar] | None = Field(
        None,
        min_length=1,
        description="The class that each column of the output stands for; 0, 1, 2 ... by default.",
    )
    corpus: Source | None = Field(
        None,
        description="Documents that embeddings of the test set are to find, each embedded by every "
        "variant; `target` is then the id of the relevant one, or a list of ids.",
    )
    similarity: Literal["cosine", "inner product"] = Field(
        "cosine", description="By which embeddings are searched, exactly."
    )
    depth: PositiveInt = Field(100, description="How many documents are ranked.")

    @model_validator(mode="after")
    def _embeddings_search_a_corpus(self) -> Outputs:
        if self.kind == "embeddings":
            if self.corpus is None:
                msg = "embeddings are judged by what they find: name a 'corpus'"
                raise ValueError(msg)
            if self.classes is not None:
                msg = "embeddings are of no 'classes'"
                raise ValueError(msg)
            return self
        for key in ("corpus", "similarity", "depth"):
            if getattr(self, key) != type(self).model_fields[key].default:
                msg = f"{key!r} goes with 'kind: embeddings'"
                raise ValueError(msg)
        return self


class TensorPreprocessing(Strict):
    """Reshape and scale a numeric column, or a list of them: ``(x / divide - mean) / std``."""

    shape: list[PositiveInt] | None = Field(None, description="Shape of one sample.")
    dtype: Literal["float32", "float16", "float64", "int32", "int64", "uint8"] = Field(
        "float32", description="Type of number that the model takes."
    )
    divide: float = Field(1.0, gt=0, description="Divisor of every value.")
    mean: float | list[float] = Field(
        0.0, description="Taken away after dividing; one number, or one per channel."
    )
    std: float | list[float] = Field(
        1.0, description="Divisor after that; one number, or one per channel; never 0."
    )

    @model_validator(mode="after")
    def _std_is_positive(self) -> TensorPreprocessing:
        if min(self.std if isinstance(self.std, list) else [self.std], default=0.0) <= 0:
            msg = "'std' divides, so every value of it must be above 0"
            raise ValueError(msg)
        return self


class ImagePreprocessing(TensorPreprocessing):
    """Decode an image column (bytes or paths), resize, then scale as a tensor."""

    size: Annotated[tuple[PositiveInt, PositiveInt], StrictValue(False)] | None = Field(
        None, description="Height and width."
    )
    mode: Literal["RGB", "L"] = Field("RGB", description="Colour, or grey.")
    layout: Literal["NCHW", "NHWC"] = Field("NCHW", description="Order of the model's axes.")
    divide: float = Field(255.0, gt=0, description="Divisor of every value.")


class Preprocessing(Strict):
    """One preprocessing, the same for every variant: declared, or a function of your own."""

    tensor: TensorPreprocessing | None = Field(
        None, description="Reshape and scale a numeric column: (x / divide - mean) / std."
    )
    image: ImagePreprocessing | None = Field(
        None, description="Decode an image column (bytes or paths), resize, then scale."
    )
    function: Name | None = Field(
        None, description="Your own Python as 'module:function', looked up beside the rubric."
    )

    @model_validator(mode="before")
    @classmethod
    def _text_names_a_function(cls, value: Any) -> Any:
        return {"function": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _exactly_one(self) -> Preprocessing:
        if sum(part is not None for part in (self.tensor, self.image, self.function)) != 1:
            msg = "name exactly one of 'tensor', 'image' and 'function'"
            raise ValueError(msg)
        return self

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return or_text(handler(core), "Your own Python as 'module:function'.")


class Clusters(Strict):
    """Which samples are not independent: those that share a value of ``column``.

    Without a column every sample is its own cluster, and ``between`` says whether samples are
    known to be independent or whether that is an assumption, which every report then states.
    """

    column: Name | None = Field(
        None, description="Samples that share a value of this column are not independent."
    )
    between: Literal["independent", "unknown"] = Field(
        "independent", description="Are the clusters themselves known to be independent?"
    )

    @model_validator(mode="before")
    @classmethod
    def _text_is_a_column_or_a_word(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return {"between" if value in ("independent", "unknown") else "column": value}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return or_text(handler(core), "A column, 'independent', or 'unknown'.")

    def __str__(self) -> str:
        if self.column is None:
            return self.between
        return self.column + ("" if self.between == "independent" else " (between: unknown)")


class Task(Strict):
    """The data and the question."""

    name: Name = Field(description="What the model is asked to do.")
    data: Source = Field(description="The test set.")
    outputs: Outputs = Field(Outputs(), description="How to read what the model answers.")
    preprocess: Preprocessing | None = Field(
        None, description="From columns to the model's inputs, the same for every variant."
    )
    composition: Name = Field(
        "undeclared",
        description="clean, in-domain, out-of-distribution, production-matched, or your own words.",
    )
    production: Source | None = Field(
        None,
        description="Unlabelled data from production; recorded, nothing is compared with it yet.",
    )
    clusters: Clusters = Field(
        Clusters(between="unknown"),
        description="A column, 'independent', or 'unknown' (stated as an assumption).",
    )
