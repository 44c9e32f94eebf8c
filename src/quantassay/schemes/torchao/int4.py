"""Weights of linear layers in 2 to 8 bits, in groups, by torchao."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...plugins.options import SET_BY_RUN, read_options
from ..contract import Batches
from .layers import PACKAGES, Builder, quantize_layers, require, user_source

SCHEME = "torchao-int4"


@dataclass(frozen=True)
class Int4Options:
    """Options of ``torchao-int4``.

    Parameters
    ----------
    bits
        Of each weight.
    group
        How many weights of a row share a scale. Layers whose rows are no multiple of it stay as
        they are.
    mapping
        Whether levels lie evenly around zero.
    exclude
        Layers, by name, that stay as they are.
    module
        ``module:function`` that builds the module; by default what the engine of the variant that
        it is made of is given.
    folder
        Where to look for it: beside the rubric, which the run says itself.
    """

    bits: int = field(default=4, metadata={"choices": (2, 3, 4, 5, 6, 7, 8)})
    group: int = field(default=32, metadata={"least": 1})
    mapping: str = field(default="symmetric", metadata={"choices": ("symmetric", "asymmetric")})
    exclude: tuple[str, ...] | None = None
    module: str | None = None
    folder: Path = field(default=Path(), metadata=SET_BY_RUN)


class TorchAoInt4:
    """Weights rounded to few bits in groups; torchao stores each in a byte on a CPU."""

    name = SCHEME
    options = Int4Options
    precision = "int4 weights"
    needs_calibration = False
    reads = ("state_dict",)
    writes = "state_dict"
    engine = "pytorch"
    packages = PACKAGES
    builds_module = True

    @staticmethod
    def precision_of(options: Mapping[str, Any]) -> str:
        """Return what these options claim."""
        return f"int{options.get('bits', 4)} weights"

    @staticmethod
    def user_source(options: Mapping[str, Any]) -> str:
        """Return the digest of the user's own code that decides which bytes come out."""
        return user_source(options, SCHEME)

    @staticmethod
    def quantize(
        reference: Path, calibration: Batches | None, options: Mapping[str, Any], out: Path
    ) -> None:
        """Write the variant of a state dict in few bits. ``calibration`` is not used.

        Raises
        ------
        PluginError
            If an option is unknown or wrong, or torchao is not installed.
        ArtifactError
            If the weights are not of the module, or no linear layer can be cut into groups.
        UserCodeError
            If the builder raises.
        """
        chosen = read_options(Int4Options, options, f"scheme {SCHEME!r}")
        builder = Builder(chosen.module, chosen.folder, chosen.exclude or ())
        quantize_layers(
            reference, builder, lambda layer: layer.in_features % chosen.group == 0,
            lambda tools: _config(tools, chosen), SCHEME, out,
        )  # fmt: skip


def _config(tools: Any, chosen: Int4Options) -> Any:
    kind = getattr(require("torch"), f"int{chosen.bits}")
    return tools.IntxWeightOnlyConfig(
        weight_dtype=kind,
        granularity=tools.PerGroup(chosen.group),
        mapping_type=tools.MappingType[chosen.mapping.upper()],
    )
