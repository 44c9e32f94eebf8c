"""INT8 weights and activations, ranges from calibration samples, by NNCF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...plugins.options import read_options
from ..contract import Batches
from ..files import workplace
from .library import ignored_scope, nncf_at_work
from .models import Model, load_model, require_quantized
from .samples import Samples

SCHEME = "nncf-int8"
NO_SMOOTHING = -1.0
PRESETS = {"auto": None, "performance": "PERFORMANCE", "mixed": "MIXED"}


@dataclass(frozen=True)
class Int8Options:
    """Options of ``nncf-int8``.

    Parameters
    ----------
    model_type
        ``transformer`` leaves alone what transformers cannot bear. Nothing is smoothed: that is
        ``nncf-smoothquant``.
    preset
        ``performance`` is symmetric, ``mixed`` lets ranges of activations be asymmetric; ``auto``
        is ``mixed`` for transformers, else ``performance``.
    fast_bias_correction
        Whether NNCF corrects biases the quick way; the other takes longer and is in general more
        accurate.
    ignored
        Operations, by name, that stay as they are.
    ignored_ops
        Kinds of operation that stay as they are, as the model's format names them.
    """

    model_type: str = field(default="any", metadata={"choices": ("any", "transformer")})
    preset: str = field(default="auto", metadata={"choices": tuple(PRESETS)})
    fast_bias_correction: bool = True
    ignored: tuple[str, ...] | None = None
    ignored_ops: tuple[str, ...] | None = None


class NncfInt8:
    """INT8 by NNCF. Every calibration sample is used, one at a time."""

    name = SCHEME
    options = Int8Options
    precision = "int8"
    needs_calibration = True
    procedure = "NNCF's default: minimum and maximum of each sample, averaged over samples"
    reads = ("onnx", "openvino")
    writes = "same"
    engine = "onnxruntime"
    packages = ("nncf", "onnx", "onnxruntime", "openvino", "numpy")

    @staticmethod
    def quantize(
        reference: Path, calibration: Batches | None, options: Mapping[str, Any], out: Path
    ) -> None:
        """Write the INT8 variant of an ONNX file, or of OpenVINO IR, in the same format.

        Raises
        ------
        PluginError
            If an option is unknown or wrong, or NNCF is not installed.
        DataError
            If calibration samples are missing or do not fit the model.
        ArtifactError
            If the model cannot be quantized, or nothing in it can.
        """
        chosen = read_options(Int8Options, options, f"scheme {SCHEME!r}")
        model = load_model(reference)
        samples = Samples(calibration, model.inputs, reference, SCHEME)
        with nncf_at_work(reference, SCHEME) as nncf, workplace(out) as folder:
            transformer = chosen.model_type == "transformer"
            made = quantized(nncf, model, samples, chosen, transformer, NO_SMOOTHING, SCHEME)
            require_quantized(model, made, reference, SCHEME)
            model.write(made, folder, out)


def quantized(
    nncf: Any,
    model: Model,
    samples: Samples,
    chosen: Any,
    transformer: bool,
    alpha: float,
    scheme: str,
) -> Any:
    """Quantize weights and activations; a negative ``alpha`` smooths nothing."""
    kinds = model.operations(model.native)
    preset = PRESETS[chosen.preset]
    return nncf.quantize(
        model.native,
        nncf.Dataset(samples),
        preset=preset and nncf.QuantizationPreset[preset],
        subset_size=len(samples),
        fast_bias_correction=chosen.fast_bias_correction,
        model_type=nncf.ModelType.TRANSFORMER if transformer else None,
        ignored_scope=ignored_scope(nncf, kinds, chosen.ignored, chosen.ignored_ops, scheme),
        advanced_parameters=nncf.AdvancedQuantizationParameters(
            smooth_quant_alphas=nncf.AdvancedSmoothQuantParameters(
                convolution=NO_SMOOTHING, matmul=alpha
            )
        ),
    )
