"""What a quantization scheme must offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray

Batches = Sequence[Mapping[str, NDArray[Any]]]


class Scheme(Protocol):
    """Makes a variant of a model.

    Attributes
    ----------
    precision : str
        What the scheme claims, such as ``int8``.
    needs_calibration : bool
        Whether samples set its ranges.
    """

    precision: str
    needs_calibration: bool

    @staticmethod
    def quantize(
        reference: Path, calibration: Batches | None, options: Mapping[str, Any], out: Path
    ) -> None:
        """Write the variant of ``reference`` to ``out``, whole or not at all.

        Parameters
        ----------
        reference : Path
            The model to start from.
        calibration : sequence of mappings of str to ndarray, or None
            Batches by the model's input names; ``""`` stands for its only input.
        options : mapping
            The scheme's own; one that it does not know is an error.
        out : Path
            The file to write: one file, weights included.

        Raises
        ------
        PluginError
            If an option is unknown or wrong, or a package is not installed.
        ArtifactError
            If the scheme cannot be applied to this model.
        DataError
            If calibration samples are missing or do not fit the model.
        """
        ...
