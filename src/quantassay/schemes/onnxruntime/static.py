"""INT8 with ranges set beforehand, by ONNX Runtime's static quantizer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from ...errors import ArtifactError, DataError, PluginError
from ...plugins.options import read_options
from ..contract import Batches
from ..files import load, only_input, workplace, write
from ..quiet import quiet, require
from .nodes import excluded, require_change, require_kinds, require_supported

SCHEME = "onnxruntime-static"
METHODS = {"minmax": "MinMax", "entropy": "Entropy", "percentile": "Percentile"}
TYPES = ("QUInt8", "QInt8")
STUMBLES = (
    f"scheme {SCHEME!r}: as QOperator, per channel, ONNX Runtime cannot quantize the biases of "
    "this model; set 'per_channel: false' or 'format: QDQ'"
)
MADE = ("QuantizeLinear", "DequantizeLinear")


@dataclass(frozen=True)
class StaticOptions:
    """Options of ``onnxruntime-static``.

    Parameters
    ----------
    method
        How samples set the ranges.
    percentile
        With ``method: percentile``: how much of the values a range keeps, above 50, at most 100.
    per_channel
        Whether each output channel of weights has its own scale; else each tensor has one.
    reduce_range
        Whether weights take 7 bits, for processors whose sums overflow.
    format
        ``QDQ``: pairs around each operation, which ONNX Runtime merges when it loads the model.
        ``QOperator``: integer operations in the file.
    activation, weight
        Whether codes are signed; ONNX Runtime has no signed activations with unsigned weights.
    ops
        Kinds of operation that are quantized; all by default.
    exclude
        Nodes, by name, that stay as they are.
    """

    method: str = field(default="minmax", metadata={"choices": tuple(METHODS)})
    percentile: float = 99.999
    per_channel: bool = True
    reduce_range: bool = False
    format: str = field(default="QDQ", metadata={"choices": ("QDQ", "QOperator")})
    activation: str = field(default="QUInt8", metadata={"choices": TYPES})
    weight: str = field(default="QInt8", metadata={"choices": TYPES})
    ops: tuple[str, ...] | None = None
    exclude: tuple[str, ...] | None = None


class OnnxRuntimeStatic:
    """INT8 weights and activations, ranges from calibration samples.

    The model is prepared first: a normalization is folded, and MatMul with Add becomes Gemm.
    """

    name = SCHEME
    options = StaticOptions
    precision = "int8"
    needs_calibration = True
    reads = ("onnx",)
    writes = "onnx"
    engine = "onnxruntime"
    packages = ("onnx", "onnxruntime")
    methods = tuple(METHODS)

    @staticmethod
    def quantize(
        reference: Path, calibration: Batches | None, options: Mapping[str, Any], out: Path
    ) -> None:
        """Write the INT8 variant of a model; batches are collected one by one, in bounded memory.

        Raises
        ------
        PluginError
            If an option is unknown or wrong.
        DataError
            If there are no calibration samples.
        ArtifactError
            If the model cannot be quantized, or nothing of it would be.
        """
        chosen = _read(options)
        model = load(reference)
        if not calibration:
            msg = f"scheme {SCHEME!r} needs calibration samples: set 'calibration'"
            raise DataError(msg)
        with quiet(reference, SCHEME), workplace(out) as folder:
            prepared = prepare(model, folder)
            ready = load(prepared)
            require_kinds(reference, ready, chosen.ops, f"option 'ops' of scheme {SCHEME!r}")
            option = f"option 'exclude' of scheme {SCHEME!r}"
            names = excluded(reference, model, ready, chosen.exclude, option)
            feeds = _Feeds(calibration, only_input(model))
            made = _quantized(prepared, feeds, replace(chosen, exclude=tuple(names)), folder)
            require_change(reference, made, MADE, SCHEME)
            write(made, folder, out)


def _read(options: Mapping[str, Any]) -> StaticOptions:
    chosen = read_options(StaticOptions, options, f"scheme {SCHEME!r}")
    if "percentile" in options and chosen.method != "percentile":
        msg = f"option 'percentile' of scheme {SCHEME!r} is for 'method: percentile' only"
        raise PluginError(msg)
    if not 50 < chosen.percentile <= 100:
        msg = f"option 'percentile' of scheme {SCHEME!r} is above 50 and at most 100; got "
        msg += str(chosen.percentile)
        raise PluginError(msg)
    if (chosen.activation, chosen.weight) == ("QInt8", "QUInt8"):
        msg = (
            f"scheme {SCHEME!r}: ONNX Runtime has no signed activations with unsigned weights; "
            "set 'weight: QInt8'"
        )
        raise PluginError(msg)
    if chosen.format == "QOperator":
        _require_true_weights(chosen)
        known = require("onnxruntime.quantization.registry").QLinearOpsRegistry
        require_supported(chosen.ops, known, f"option 'ops' of scheme {SCHEME!r}, QOperator")
    return chosen


def prepare(model: Any, folder: Path) -> Path:
    """Infer shapes and fold what can be folded, as ONNX Runtime asks for before quantizing.

    Symbolic shapes are left out where sympy is not installed or does not understand the model.
    """
    shapes = require("onnxruntime.quantization.shape_inference")
    prepared = folder / "prepared.onnx"
    # by path: given a model, it moves the weights to a file that it then loses
    source = folder / "source.onnx"
    source.write_bytes(model.SerializeToString())
    try:
        shapes.quant_pre_process(str(source), str(prepared))
    except Exception:
        shapes.quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
    return prepared


def _require_true_weights(chosen: StaticOptions) -> None:
    if chosen.weight == "QUInt8" and chosen.per_channel:
        msg = (
            f"scheme {SCHEME!r}: as QOperator, ONNX Runtime stores the weights of a convolution "
            "signed where they are per channel; set 'per_channel: false' or 'format: QDQ'"
        )
        raise PluginError(msg)


def _quantized(prepared: Path, feeds: _Feeds, chosen: StaticOptions, folder: Path) -> Any:
    made = folder / "quantized.onnx"
    extra: dict[str, Any] = {"CalibStridedMinMax": 1}
    if chosen.method == "percentile":
        extra["CalibPercentile"] = chosen.percentile
    try:
        _quantize(prepared, made, feeds, chosen, extra)
    except ValueError as error:
        # onnxruntime 1.31 trips here over its own arrays where a weight is quantized per channel
        # and its bias is not; without this adjustment, a bias too large for its scale is clipped
        if "truth value of an array" not in str(error):
            raise
        if chosen.format == "QOperator":
            raise ArtifactError(STUMBLES) from error
        feeds.set_range(0, len(feeds))
        unadjusted = {**extra, "QDQDisableWeightAdjustForInt32Bias": True}
        _quantize(prepared, made, feeds, chosen, unadjusted)
    return load(made)


def _quantize(
    prepared: Path, made: Path, feeds: _Feeds, chosen: StaticOptions, extra: Mapping[str, Any]
) -> None:
    tools = require("onnxruntime.quantization")
    tools.quantize_static(
        str(prepared),
        str(made),
        feeds,
        quant_format=tools.QuantFormat[chosen.format],
        op_types_to_quantize=list(chosen.ops) if chosen.ops else None,
        per_channel=chosen.per_channel,
        reduce_range=chosen.reduce_range,
        activation_type=tools.QuantType[chosen.activation],
        weight_type=tools.QuantType[chosen.weight],
        nodes_to_exclude=list(chosen.exclude or ()),
        calibrate_method=tools.CalibrationMethod[METHODS[chosen.method]],
        calibration_providers=["CPUExecutionProvider"],
        extra_options=dict(extra),
    )


class _Feeds:
    """Calibration batches as ONNX Runtime's ``CalibrationDataReader``, one range at a time."""

    def __init__(self, batches: Batches, only: str | None) -> None:
        self._batches, self._only = batches, only
        self._at, self._end = 0, len(batches)

    def __len__(self) -> int:
        return len(self._batches)

    def set_range(self, start_index: int, end_index: int) -> None:
        self._at, self._end = start_index, end_index

    def get_next(self) -> dict[str, NDArray[Any]] | None:
        if self._at >= self._end:
            return None
        batch = self._batches[self._at]
        self._at += 1
        single = self._only is not None and list(batch) == [""]
        return {self._only: batch[""]} if single and self._only else dict(batch)
