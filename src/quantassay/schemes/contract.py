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
    reads : tuple of str
        Formats that it starts from: `quantassay list formats`.
    writes : str
        Format of what it makes; ``same`` for that of the reference.
    engine : str
        What runs it where neither the rubric nor the reference's engine says so.
    packages : tuple of str
        Distributions whose versions decide which bytes come out.

    options : type, optional
        Dataclass of its options, whose docstring says what each means.
    methods : tuple of str, optional
        Ways to set ranges that a calibration may choose from by ``method``; where there are none,
        ``procedure`` says in words how the scheme sets them.

    Notes
    -----
    The same model, samples, options and versions make the same bytes. A scheme that cannot promise
    this says what differs in ``differs``.
    """

    precision: str
    needs_calibration: bool
    reads: tuple[str, ...]
    writes: str
    engine: str
    packages: tuple[str, ...]

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
            The file to write, weights included; a folder where the format is one.

        Raises
        ------
        PluginError
            If an option is unknown or wrong, or a package is not installed.
        ArtifactError
            If the scheme cannot be applied to this model, or would not be what its name says.
        DataError
            If calibration samples are missing or do not fit the model.
        """
        ...
