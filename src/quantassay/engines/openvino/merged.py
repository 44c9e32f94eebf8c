"""A kernel of OpenVINO that is known to be wrong, and whether a model falls into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import ArtifactError
from .options import OpenVinoOptions

REDUCE = "Reduce"
INTEGERS = ("i8", "u8")
# shares of an output's length: of the same kernels, and of integer kernels against FP32
ROUNDING, QUANTIZED = 0.05, 0.5


@dataclass(frozen=True)
class Merged:
    """Reductions that something was merged into, and whether one of them reads integers.

    OpenVINO 2026.4 may then look up the scales of what was merged at the wrong places, past their
    end too: of three dimensions, ``x.mean(2) * scale`` comes out as anything, in FP32 as in INT8.
    """

    names: tuple[str, ...]
    integer: bool


def merged_reductions(runtime: Any) -> Merged | None:
    """Return the reductions of a runtime's graph that something was merged into, if any."""
    nodes = [
        node
        for node in runtime.get_ordered_ops()
        if node.get_rt_info()["layerType"].value == REDUCE
        and "," in node.get_rt_info()["originalLayersNames"].value
    ]
    kinds = {node.get_rt_info()["runtimePrecision"].value for node in nodes}
    names = tuple(node.get_friendly_name() for node in nodes)
    return Merged(names, bool(kinds & set(INTEGERS))) if names else None


class Doubt:
    """Compares what a model answers with what it answers where nothing is merged.

    Parameters
    ----------
    model : openvino.Model
        As it was read.
    merged : Merged
    options : OpenVinoOptions
    artifact : Path
    """

    def __init__(
        self, model: Any, merged: Merged, options: OpenVinoOptions, artifact: Path
    ) -> None:
        self._model, self._merged = model, merged
        self._options, self._artifact = options, artifact
        self._compared = 0

    def check(self, feeds: Mapping[int, NDArray[Any]], found: Mapping[str, NDArray[Any]]) -> None:
        """Compare the first batch, and any that is larger than those before.

        Raises
        ------
        ArtifactError
            If they differ by more than rounding.
        """
        rows = max(len(array) for array in feeds.values())
        if rows <= self._compared:
            return
        # all in FP32: in BF16, what is merged and what is not differ by rounding alone
        whole = list(found.values())
        if self._options.precision != "f32":
            whole = self._infer(self._model, feeds)
        self._require(whole, self._infer(self._apart(), feeds), ROUNDING)
        if self._merged.integer:
            # what rescales integers is merged all the same; no integers, by an unpublished property
            plain = self._infer(self._apart(), feeds, LP_TRANSFORMS_MODE="NO")
            self._require(whole, plain, QUANTIZED)
        self._compared = rows

    def _apart(self) -> Any:
        """Return the model with its reductions as outputs too: nothing is merged into them then."""
        copy = self._model.clone()
        nodes = [node for node in copy.get_ops() if node.get_type_name().startswith(REDUCE)]
        copy.add_outputs([node.output(0) for node in nodes])
        return copy

    def _infer(
        self, model: Any, feeds: Mapping[int, NDArray[Any]], **more: Any
    ) -> list[NDArray[Any]]:
        exact = replace(self._options, precision="f32")
        found = exact.compile(model, self._artifact, **more).create_infer_request().infer(feeds)
        return [np.array(found[at]) for at in range(len(self._model.outputs))]

    def _require(
        self, found: Sequence[NDArray[Any]], apart: Sequence[NDArray[Any]], share: float
    ) -> None:
        missed = max(map(distance, found, apart), default=0.0)
        if missed > share:
            msg = (
                f"{self._artifact}: OpenVINO {version('openvino')} computes this model wrongly: "
                f"it merges what follows into the reduction {', '.join(self._merged.names)}, and "
                f"an output is off by {missed:.3g} times its length; run it in onnxruntime, or "
                "write that reduction in another way"
            )
            raise ArtifactError(msg)


def distance(found: NDArray[Any], apart: NDArray[Any]) -> float:
    """Return how far an output is from what it should be, as a share of the latter's length.

    Infinite where only one of them is finite; 0 for what is not comparable: outputs of other
    than floating type, or whose shape depends on values.
    """
    if found.dtype.kind != "f" or found.shape != apart.shape or not np.isfinite(apart).all():
        return 0.0
    if not np.isfinite(found).all():
        return float("inf")
    wide = apart.astype(np.float64)
    length = float(np.linalg.norm(wide))
    return float(np.linalg.norm(found - wide)) / length if length else 0.0
