"""INT8 after SmoothQuant, by NNCF: outliers move from activations into weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import ArtifactError
from ...plugins.options import read_options
from ..contract import Batches
from ..files import workplace
from .int8 import PRESETS, quantized
from .library import nncf_at_work
from .models import Model, load_model, require_quantized
from .samples import Samples

SCHEME = "nncf-smoothquant"


@dataclass(frozen=True)
class SmoothQuantOptions:
    """Options of ``nncf-smoothquant``.

    Parameters
    ----------
    alpha
        How much of the range moves from activations to weights, from 0 to 1.
    preset
        ``performance`` is symmetric, ``mixed`` lets ranges of activations be asymmetric; ``auto``
        is ``mixed``.
    fast_bias_correction
        Whether NNCF corrects biases the quick way; the other takes longer and is in general more
        accurate.
    ignored
        Operations, by name, that stay as they are.
    ignored_ops
        Kinds of operation that stay as they are, as the model's format names them.
    """

    alpha: float = field(default=0.95, metadata={"least": 0, "most": 1})
    preset: str = field(default="auto", metadata={"choices": tuple(PRESETS)})
    fast_bias_correction: bool = True
    ignored: tuple[str, ...] | None = None
    ignored_ops: tuple[str, ...] | None = None


class NncfSmoothQuant:
    """INT8 of a transformer by NNCF, its activations smoothed.

    Notes
    -----
    Xiao et al. 2023, "SmoothQuant". The name is refused where no layer was smoothed.
    """

    name = SCHEME
    options = SmoothQuantOptions
    precision = "int8"
    needs_calibration = True
    procedure = "SmoothQuant from the largest magnitude of each channel; then as nncf-int8 does"
    reads = ("onnx", "openvino")
    writes = "same"
    engine = "onnxruntime"
    packages = ("nncf", "onnx", "onnxruntime", "openvino", "numpy")

    @staticmethod
    def quantize(
        reference: Path, calibration: Batches | None, options: Mapping[str, Any], out: Path
    ) -> None:
        """Write the smoothed INT8 variant of an ONNX file, or of OpenVINO IR, in the same format.

        Raises
        ------
        PluginError
            If an option is unknown or wrong, or NNCF is not installed.
        DataError
            If calibration samples are missing or do not fit the model.
        ArtifactError
            If the model cannot be quantized, or no layer of it was smoothed.
        """
        chosen = read_options(SmoothQuantOptions, options, f"scheme {SCHEME!r}")
        model = load_model(reference)
        samples = Samples(calibration, model.inputs, reference, SCHEME)
        with nncf_at_work(reference, SCHEME) as nncf, workplace(out) as folder:
            made = quantized(nncf, model, samples, chosen, True, float(chosen.alpha), SCHEME)
            require_quantized(model, made, reference, SCHEME)
            _require_smoothed(model, made, reference)
            model.write(made, folder, out)


def _require_smoothed(model: Model, made: Any, reference: Path) -> None:
    # one factor for all channels moves nothing from one to another
    if not any(np.ptp(scales) > 0 for scales in model.smoothing(made)):
        msg = (
            f"{reference}: scheme {SCHEME!r} is not what its name says here: it smoothed no layer; "
            "use nncf-int8, with 'model_type: transformer' where it is one"
        )
        raise ArtifactError(msg)
