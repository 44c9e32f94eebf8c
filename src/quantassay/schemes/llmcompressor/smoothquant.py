"""INT8 weights and activations of a language model, smoothed first, by LLM Compressor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import ArtifactError
from ...plugins.options import read_options
from ..contract import Batches
from .model import PACKAGES, check_folder, load, quantize, require, write
from .tokens import loader, token_batches

SCHEME = "llmcompressor-smoothquant"


@dataclass(frozen=True)
class SmoothQuantOptions:
    """Options of ``llmcompressor-smoothquant``.

    Parameters
    ----------
    strength
        How much of the range moves from activations to weights, from 0 to 1.
    ignore
        Layers, by name, that stay as they are.
    """

    strength: float = field(default=0.5, metadata={"least": 0, "most": 1})
    ignore: tuple[str, ...] = ("lm_head",)


class LlmCompressorSmoothQuant:
    """INT8 weights by channel, INT8 activations by token, after SmoothQuant.

    The name stands only where activations were smoothed.
    """

    name = SCHEME
    options = SmoothQuantOptions
    precision = "int8"
    needs_calibration = True
    reads = ("transformers",)
    writes = "transformers"
    engine = "transformers"
    packages = PACKAGES
    procedure = "SmoothQuant: range of each activation channel; activations by token when it runs"

    @staticmethod
    def quantize(
        reference: Path, calibration: Batches | None, options: Mapping[str, Any], out: Path
    ) -> None:
        """Write the folder of a causal language model, calibrated by texts or tokens.

        Raises
        ------
        PluginError
            If an option is unknown or wrong, or LLM Compressor is not installed.
        DataError
            If there are no calibration samples, or they are not tokens.
        ArtifactError
            If the model cannot be quantized, or none of its activations were smoothed.
        """
        chosen = read_options(SmoothQuantOptions, options, f"scheme {SCHEME!r}")
        check_folder(reference, SCHEME)
        batches = token_batches(calibration, reference, SCHEME)

        def make(folder: Path) -> None:
            smooth = require("llmcompressor.modifiers.transform.smoothquant").SmoothQuantModifier
            rounding = require("llmcompressor.modifiers.quantization").QuantizationModifier
            modifiers = [
                smooth(smoothing_strength=chosen.strength),
                rounding(targets=["Linear"], scheme="W8A8", ignore=list(chosen.ignore)),
            ]
            quantize(reference, modifiers, loader(batches), folder / "variant")
            require_smoothed(reference, folder / "variant")

        write(reference, out, SCHEME, make)


def require_smoothed(reference: Path, variant: Path) -> None:
    """Refuse the name where no normalization was scaled; rounding alone changes only matrices.

    Raises
    ------
    ArtifactError
        If every vector of the variant is that of the reference.
    """
    before, after = (_vectors(load(folder)) for folder in (reference, variant))
    if not any(not np.array_equal(before[name], after[name]) for name in before):
        msg = (
            f"{reference}: scheme {SCHEME!r} smoothed no activation: LLM Compressor knows no "
            "normalization of this model that feeds linear layers"
        )
        raise ArtifactError(msg)


def _vectors(model: Any) -> dict[str, Any]:
    return {
        name: weight.detach().float().numpy()
        for name, weight in model.named_parameters()
        if weight.ndim == 1 and not name.endswith(("_scale", "_zero_point"))
    }
