"""INT8 after SmoothQuant, by NNCF: outliers move from activations into weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import ArtifactError, PluginError
from ..contract import Batches
from ..files import workplace
from ..options import read_options
from .int8 import PRESETS, quantized
from .library import nncf_at_work
from .models import Model, load_model, require_quantized
from .samples import Samples

SCHEME = "nncf-smoothquant"


@dataclass(frozen=True)
class SmoothQuantOptions:
    """Options of ``nncf-smoothquant``.

    ``alpha`` in [0, 1] is how much of the difficulty moves into the weights. The others are those
    of ``nncf-int8``.
    """

    alpha: float = 0.95
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
        """Write the smoothed INT8 variant of a model, in the format of the model.

        Parameters
        ----------
        reference : Path
            An ONNX file, or OpenVINO IR.
        calibration : sequence of mappings of str to ndarray
            Batches by input name.
        options : mapping
            As in `SmoothQuantOptions`.
        out : Path
            The file to write; OpenVINO's weights are written beside it.

        Raises
        ------
        PluginError
            If an option is unknown or wrong, or NNCF is not installed.
        DataError
            If calibration samples are missing or do not fit the model.
        ArtifactError
            If the model cannot be quantized, or no layer of it was smoothed.
        """
        chosen = read_options(SmoothQuantOptions, options, SCHEME)
        if not 0 <= chosen.alpha <= 1:
            msg = f"option 'alpha' of scheme {SCHEME!r} lies in [0, 1]; got {chosen.alpha!r}"
            raise PluginError(msg)
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
            "use nncf-int8 with 'model_type: transformer'"
        )
        raise ArtifactError(msg)
