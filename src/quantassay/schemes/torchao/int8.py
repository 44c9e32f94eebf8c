"""INT8 weights of linear layers, with or without INT8 activations, by torchao."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...plugins.options import SET_BY_RUN, read_options
from ..contract import Batches
from .layers import PACKAGES, Builder, quantize_layers, user_source

SCHEME = "torchao-int8"
PRECISIONS = {"dynamic": "int8 dynamic", "none": "int8 weights"}
CONFIGS = {
    "dynamic": "Int8DynamicActivationInt8WeightConfig",
    "none": "Int8WeightOnlyConfig",
}


@dataclass(frozen=True)
class Int8Options:
    """Options of ``torchao-int8``.

    Parameters
    ----------
    activation
        ``dynamic``: rounded to INT8 row by row while it runs. ``none``: weights only; they are
        expanded to floats before each product.
    exclude
        Layers, by name, that stay as they are.
    module
        ``module:function`` that builds the module; by default what the engine of the variant that
        it is made of is given.
    folder
        Where to look for it: beside the rubric, which the run says itself.
    """

    activation: str = field(default="dynamic", metadata={"choices": tuple(CONFIGS)})
    exclude: tuple[str, ...] | None = None
    module: str | None = None
    folder: Path = field(default=Path(), metadata=SET_BY_RUN)


class TorchAoInt8:
    """INT8 weights, one scale an output channel; activations rounded while it runs, or not."""

    name = SCHEME
    options = Int8Options
    precision = "int8 dynamic"
    needs_calibration = False
    reads = ("state_dict",)
    writes = "state_dict"
    engine = "pytorch"
    packages = PACKAGES
    builds_module = True

    @staticmethod
    def precision_of(options: Mapping[str, Any]) -> str:
        """Return what these options claim."""
        return PRECISIONS.get(str(options.get("activation", "dynamic")), "int8")

    @staticmethod
    def user_source(options: Mapping[str, Any]) -> str:
        """Return the digest of the user's own code that decides which bytes come out."""
        return user_source(options, SCHEME)

    @staticmethod
    def quantize(
        reference: Path, calibration: Batches | None, options: Mapping[str, Any], out: Path
    ) -> None:
        """Write the INT8 variant of a state dict. ``calibration`` is not used.

        Raises
        ------
        PluginError
            If an option is unknown or wrong, or torchao is not installed.
        ArtifactError
            If the weights are not of the module, or it has no linear layer.
        UserCodeError
            If the builder raises.
        """
        chosen = read_options(Int8Options, options, f"scheme {SCHEME!r}")
        builder = Builder(chosen.module, chosen.folder, chosen.exclude or ())
        config = CONFIGS[chosen.activation]
        quantize_layers(
            reference, builder, lambda _: True, lambda tools: getattr(tools, config)(), SCHEME, out
        )
