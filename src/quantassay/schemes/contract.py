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
    precision_of : callable, optional
        Static; returns what the scheme claims with some options, where ``precision`` depends on
        them.
    methods : tuple of str, optional
        Ways to set ranges that a calibration may choose from by ``method``.
    procedure : str, optional
        In words how the scheme sets ranges, where there are no ``methods``.
    builds_module : bool, optional
        True where it needs the user's function that builds the module of a state dict: it is then
        given the options ``module`` and ``folder`` of the reference's engine.
    user_source : callable, optional
        Static; returns the digest of the user's own code that, with some options, decides which
        bytes come out.
    differs : str, optional
        What differs between two variants of the same order.

    Notes
    -----
    The same model, samples, options, versions and user's code make the same bytes, unless
    ``differs`` says what does not.
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
