"""GPTQ weights of a language model, by LLM Compressor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...errors import PluginError
from ...plugins.options import read_options
from ..contract import Batches
from .layers import compare_folders
from .model import PACKAGES, check_folder, quantize, require, write
from .tokens import loader, token_batches

SCHEME = "llmcompressor-gptq"


@dataclass(frozen=True)
class GptqOptions:
    """Options of ``llmcompressor-gptq``.

    Parameters
    ----------
    bits
        Of each weight.
    group_size
        How many weights of a row share a scale; -1 for the whole row.
    symmetric
        Whether levels lie evenly around zero; else each group has a zero point.
    ordering
        ``static`` quantizes the inputs with the largest activations first.
    dampening
        What is added to the Hessian, as a share of its mean diagonal.
    ignore
        Layers, by name, that stay as they are.
    """

    bits: int = field(default=4, metadata={"choices": (3, 4, 8)})
    group_size: int = 128
    symmetric: bool = True
    ordering: str = field(default="static", metadata={"choices": ("static", "none")})
    dampening: float = 0.01
    ignore: tuple[str, ...] = ("lm_head",)

    def recipe(self) -> dict[str, Any]:
        """Return what LLM Compressor is told of the weights, for any of its modifiers."""
        weights = {
            "num_bits": self.bits,
            "type": "int",
            "symmetric": self.symmetric,
            "strategy": "group" if self.group_size > 0 else "channel",
            "group_size": self.group_size if self.group_size > 0 else None,
        }
        groups = {"group_0": {"targets": ["Linear"], "weights": weights}}
        return {"config_groups": groups, "ignore": list(self.ignore)}


class LlmCompressorGptq:
    """GPTQ: rounding that makes up for its errors in the weights still to be rounded.

    The name stands only where its layers give back the outputs of the original ones better than
    round-to-nearest does, with the same bits and groups.
    """

    name = SCHEME
    options = GptqOptions
    precision = "int4"
    needs_calibration = True
    reads = ("transformers",)
    writes = "transformers"
    engine = "transformers"
    packages = PACKAGES
    procedure = "GPTQ: second moments of each layer's inputs"

    @staticmethod
    def precision_of(options: Mapping[str, Any]) -> str:
        """Return what the scheme claims of weights, with these options."""
        return f"int{options.get('bits', GptqOptions.bits)}"

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
            If the model cannot be quantized, or its layers come out no better than rounded.
        """
        chosen = read_options(GptqOptions, options, f"scheme {SCHEME!r}")
        if chosen.group_size == 0 or chosen.group_size < -1:
            msg = f"option 'group_size' of scheme {SCHEME!r} is from 1, or -1 for the whole row"
            raise PluginError(msg)
        check_folder(reference, SCHEME)
        batches = token_batches(calibration, reference, SCHEME)

        def make(folder: Path) -> None:
            nearest = require("llmcompressor.modifiers.quantization").QuantizationModifier
            quantize(reference, [_gptq(chosen)], loader(batches), folder / "variant")
            quantize(reference, [nearest(**chosen.recipe())], None, folder / "nearest")
            compare_folders(
                reference, folder / "variant", folder / "nearest", batches
            ).require_better(reference, SCHEME, "round-to-nearest")

        write(reference, out, SCHEME, make)


def _gptq(chosen: GptqOptions) -> Any:
    return require("llmcompressor.modifiers.gptq").GPTQModifier(
        actorder=None if chosen.ordering == "none" else chosen.ordering,
        dampening_frac=chosen.dampening,
        **chosen.recipe(),
    )
