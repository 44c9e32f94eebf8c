"""INT4 weights by GPTQ, in OpenVINO IR, by NNCF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...plugins.options import read_options
from ..contract import Batches
from ..files import workplace
from ..reconstruction import compare
from .layers import Weights, layer_inputs
from .library import ignored_scope, nncf_at_work
from .models import IrModel
from .samples import Samples

SCHEME = "nncf-gptq"
MODES = {"int4_sym": "INT4_SYM", "int4_asym": "INT4_ASYM"}


@dataclass(frozen=True)
class GptqOptions:
    """Options of ``nncf-gptq``.

    Parameters
    ----------
    mode
        Symmetric, or with a zero point for each group.
    group_size
        How many weights share a scale; -1 for a whole row.
    all_layers
        Whether embeddings and the last layer become INT4 too; else they become INT8.
    scale_estimation
        Whether scales are fitted to the samples as well.
    ignored
        Operations, by name, that stay as they are.
    ignored_ops
        Kinds of operation that stay as they are, as the model's format names them.
    """

    mode: str = field(default="int4_sym", metadata={"choices": tuple(MODES)})
    group_size: int = 128
    all_layers: bool = False
    scale_estimation: bool = False
    ignored: tuple[str, ...] | None = None
    ignored_ops: tuple[str, ...] | None = None


class NncfGptq:
    """INT4 weights by GPTQ.

    OpenVINO IR is made from PyTorch or ONNX by ``openvino.convert_model`` and
    ``openvino.save_model(..., compress_to_fp16=False)``; without the latter it holds FP16.

    Notes
    -----
    Frantar et al. 2023, "GPTQ". The name is refused where layers give back what the original
    gave no better than after plain rounding to the same grid, measured on the same samples.
    """

    name = SCHEME
    options = GptqOptions
    precision = "int4 weights"
    needs_calibration = True
    procedure = "GPTQ: weights rounded one column after the other, errors made good in the rest"
    reads = ("openvino",)
    writes = "openvino"
    engine = "openvino"
    packages = ("nncf", "openvino", "numpy")

    @staticmethod
    def quantize(
        reference: Path, calibration: Batches | None, options: Mapping[str, Any], out: Path
    ) -> None:
        """Write the INT4 variant of OpenVINO IR that stores weights by output, as PyTorch does.

        Raises
        ------
        PluginError
            If an option is unknown or wrong, or NNCF is not installed.
        DataError
            If calibration samples are missing or do not fit the model.
        ArtifactError
            If the model cannot be quantized, or GPTQ does no better than rounding.
        """
        chosen = read_options(GptqOptions, options, f"scheme {SCHEME!r}")
        model = IrModel(reference)
        samples = Samples(calibration, model.inputs, reference, SCHEME)
        with nncf_at_work(reference, SCHEME) as nncf, workplace(out) as folder:
            made = _compressed(nncf, model, samples, chosen, gptq=True)
            rounded = _compressed(nncf, model, samples, chosen, gptq=False)
            seen = layer_inputs(model.native, samples)
            found = compare(seen, Weights(model.native), Weights(made), Weights(rounded))
            found.require_better(reference, SCHEME, "rounding to nearest")
            model.write(made, folder, out)


def _compressed(
    nncf: Any, model: IrModel, samples: Samples, chosen: GptqOptions, *, gptq: bool
) -> Any:
    kinds = model.operations(model.native)
    needed = gptq or chosen.scale_estimation
    return nncf.compress_weights(
        model.native.clone(),
        mode=nncf.CompressWeightsMode[MODES[chosen.mode]],
        ratio=1.0,
        group_size=chosen.group_size,
        all_layers=chosen.all_layers,
        dataset=nncf.Dataset(samples) if needed else None,
        subset_size=len(samples),
        scale_estimation=chosen.scale_estimation or None,
        gptq=gptq or None,
        ignored_scope=ignored_scope(nncf, kinds, chosen.ignored, chosen.ignored_ops, SCHEME),
        advanced_parameters=nncf.AdvancedCompressionParameters(
            gptq_params=nncf.quantization.advanced_parameters.AdvancedGPTQParameters(
                subset_size=len(samples)
            )
        ),
    )
