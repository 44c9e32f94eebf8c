"""An input or output of a TFLite model: its type, shape and quantization parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import ArtifactError, DataError

TYPES = "biuf"


@dataclass(frozen=True)
class ModelTensor:
    """One input or output.

    Attributes
    ----------
    name : str
        As in the model's signature, where it has one, else the tensor's own.
    index : int
        Where the interpreter keeps it.
    dtype : numpy.dtype
        What the model takes or gives.
    shape : tuple of int
        With the batch first; -1 where any length will do.
    scale, zero_point : float, int
        A number is ``(code - zero_point) * scale``; a scale of 0.0 says that it is not quantized.
    """

    name: str
    index: int
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    scale: float = 0.0
    zero_point: int = 0

    @property
    def quantized(self) -> bool:
        """Whether its integers are codes of real numbers."""
        return self.scale > 0 and self.dtype.kind in "iu"

    def fed(self, array: NDArray[Any], artifact: Path, *, raw: bool) -> NDArray[Any]:
        """Return what the model is given: real numbers as codes, where it takes codes.

        An array of the model's own type is fed as it is.

        Raises
        ------
        DataError
            If the array's type or shape is not the model's, or a number has no code.
        """
        where = f"{artifact}: input {self.name!r}"
        self._check_shape(array, where)
        if array.dtype == self.dtype:
            return np.ascontiguousarray(array)
        if self.quantized and not raw and array.dtype.kind in TYPES:
            return self.codes(array, where)
        msg = (
            f"{where} takes {self.dtype}, got {array.dtype}; declare "
            f"'preprocess: {{tensor: {{dtype: {self.dtype}}}}}'"
        )
        raise DataError(msg)

    def codes(self, array: NDArray[Any], where: str) -> NDArray[Any]:
        """Round real numbers to the model's codes.

        ``clip(round(x / scale) + zero_point)``, ties to even: as the operation QUANTIZE of LiteRT
        2.3 does, with and without XNNPACK, and ONNX's QuantizeLinear.

        Raises
        ------
        DataError
            If a number is not finite.
        """
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            msg = f"{where} is quantized to {self.dtype} and has no code for NaN or infinity"
            raise DataError(msg)
        limits = np.iinfo(self.dtype)
        steps: NDArray[Any] = np.rint(array.astype(np.float32) / np.float32(self.scale))
        steps += np.float32(self.zero_point)
        return steps.clip(limits.min, limits.max).astype(self.dtype)

    def numbers(self, array: NDArray[Any], *, raw: bool) -> NDArray[Any]:
        """Return what the codes of an output stand for, as float32; other types as they are."""
        if raw or not self.quantized:
            return array
        centred = array.astype(np.float32) - np.float32(self.zero_point)
        return centred * np.float32(self.scale)

    def _check_shape(self, array: NDArray[Any], where: str) -> None:
        wanted, given = self.shape[1:], array.shape[1:]
        fits = len(wanted) == len(given) and all(
            size in (-1, there) for size, there in zip(wanted, given, strict=True)
        )
        if fits and array.ndim:
            return
        mend = "declare its 'shape'"
        if len(given) == 3 and (*given[1:], given[0]) == wanted:
            mend = "declare 'preprocess: {image: {layout: NHWC}}'"
        listed = " x ".join("any" if size == -1 else str(size) for size in wanted) or "one number"
        got = " x ".join(map(str, given)) or "one number"
        msg = f"{where} takes {listed} for each sample, got {got}; {mend}"
        raise DataError(msg)

    def describe(self) -> str:
        """Say its type and, where it has any, its quantization parameters."""
        if not self.quantized:
            return f"{self.dtype}"
        return f"{self.dtype} (scale {self.scale:.9g}, zero point {self.zero_point})"


def tensors_of(
    details: Iterable[Mapping[str, Any]], names: Mapping[int, str], artifact: Path
) -> dict[str, ModelTensor]:
    """Read an interpreter's inputs or outputs, in the model's order.

    Raises
    ------
    ArtifactError
        If one holds text, has no dimension, or has a scale for each channel.
    """
    found: dict[str, ModelTensor] = {}
    for detail in details:
        name = names.get(detail["index"], detail["name"]) or f"tensor {detail['index']}"
        if name in found:
            name = f"{name} ({detail['index']})"
        found[name] = _tensor(name, detail, f"{artifact}: {name!r}")
    return found


def _tensor(name: str, detail: Mapping[str, Any], where: str) -> ModelTensor:
    dtype = np.dtype(detail["dtype"])
    if dtype.kind not in TYPES or not len(detail["shape"]):
        what = "text" if dtype.kind not in TYPES else "a single number"
        msg = f"{where} is {what}, which the engine 'litert' cannot feed in batches"
        raise ArtifactError(msg)
    scales = detail["quantization_parameters"]["scales"]
    if len(scales) > 1:
        msg = f"{where} has a scale for each of {len(scales)} channels; one is supported"
        raise ArtifactError(msg)
    signature = detail["shape_signature"]
    shape = signature if len(signature) else detail["shape"]
    zeros = detail["quantization_parameters"]["zero_points"]
    return ModelTensor(
        name=name,
        index=int(detail["index"]),
        dtype=dtype,
        shape=tuple(int(size) for size in shape),
        scale=float(scales[0]) if len(scales) else 0.0,
        zero_point=int(zeros[0]) if len(zeros) else 0,
    )
