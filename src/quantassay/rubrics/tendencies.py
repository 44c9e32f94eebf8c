"""What `run` and `diagnose` look for beside the measured loss, and decide nothing by."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .fields import Name, Seconds, Strict

Share = Annotated[float, Field(gt=0, lt=1)]


class Tendencies(Strict):
    """Figures of models and layers that may go with a loss: shown, never judged by."""

    samples: int = Field(
        64, ge=2, le=4096, description="Inputs of the test set that are run, drawn with the seed."
    )
    budget: Seconds = Field(
        60.0,
        description="Seconds for all that runs a model many times: layers quantized one at a time, "
        "weights pruned and perturbed.",
    )
    pruned: list[Share] = Field(
        [0.1, 0.3, 0.5],
        description="Shares of each layer's weights, the smallest first, that are set to zero.",
    )
    perturbed: list[Share] = Field(
        [0.01, 0.02, 0.05],
        description="Standard deviations of noise added to weights, as shares of each layer's own.",
    )
    checkpoints: list[Name] = Field(
        [],
        description="Model files of other stages of training, of the reference's format: whether "
        "its tendencies are stable between them.",
    )
