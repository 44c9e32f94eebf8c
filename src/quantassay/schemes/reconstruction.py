"""How well quantized layers give back what the original layers gave: what GPTQ minimizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ArtifactError

GAIN = 0.01  # less is what a few changed roundings give: ONNX Runtime's "GPTQ" gained 1e-7


class Inputs:
    """All inputs of one layer, kept as their second moments: as much memory for any number of them.

    Parameters
    ----------
    width : int
        How many inputs the layer has.
    """

    def __init__(self, width: int) -> None:
        self.moments: NDArray[np.float64] = np.zeros((width, width))
        self.rows = 0

    def add(self, inputs: NDArray[Any]) -> None:
        """Add inputs of the layer; all axes but the last are rows.

        Parameters
        ----------
        inputs : ndarray of float, (..., width)
        """
        rows = inputs.reshape(-1, inputs.shape[-1]).astype(np.float64)
        self.moments += rows.T @ rows
        self.rows += len(rows)

    def energy(self, weight: NDArray[Any]) -> float:
        """Return ``||X W'||^2``, the sum of squared outputs, for a weight (outputs, width)."""
        wide = weight.astype(np.float64)
        return float(np.einsum("oi,oi->", wide @ self.moments, wide))


def reconstruction_error(
    inputs: Inputs, weight: NDArray[Any], quantized: NDArray[Any]
) -> float | None:
    """Return ``||X W' - X Q'||^2 / ||X W'||^2``, or None where the layer gave only zeros.

    Parameters
    ----------
    inputs : Inputs
        What the original model fed to the layer: X.
    weight, quantized : ndarray of float, (outputs, width)
        The original weights W, and the quantized ones Q as they are computed with.

    Notes
    -----
    Frantar et al. 2023, "GPTQ", equation 1, as a share of the layer's output.
    """
    whole = inputs.energy(weight)
    if whole <= 0:
        return None
    return max(inputs.energy(weight.astype(np.float64) - quantized), 0.0) / whole


@dataclass(frozen=True)
class Reconstruction:
    """Errors of the same layers, made by a scheme and by a simpler one, on the same inputs."""

    scheme: Mapping[str, float]
    simpler: Mapping[str, float]

    @property
    def error(self) -> float:
        """The scheme's errors, summed over layers."""
        return sum(self.scheme.values())

    @property
    def simpler_error(self) -> float:
        """The simpler scheme's errors, summed over the same layers."""
        return sum(self.simpler.values())

    def require_better(self, reference: Path, scheme: str, simpler: str) -> None:
        """Refuse the scheme's name where it does no better than the simpler one.

        Raises
        ------
        ArtifactError
            With both figures, unless the scheme's error is smaller by at least 1 %; also where no
            layer could be compared.
        """
        if not self.scheme:
            msg = (
                f"{reference}: scheme {scheme!r} quantized no layer whose output could be compared"
            )
            raise ArtifactError(msg)
        if not self.error < (1 - GAIN) * self.simpler_error:
            msg = (
                f"{reference}: scheme {scheme!r} is not what its name says here: over "
                f"{len(self.scheme)} layers its reconstruction error is {self.error:.4g}, that of "
                f"{simpler} {self.simpler_error:.4g}; give it more calibration samples, or name "
                "the simpler scheme"
            )
            raise ArtifactError(msg)


def compare(
    inputs: Mapping[str, Inputs],
    original: Mapping[str, NDArray[Any]],
    scheme: Mapping[str, NDArray[Any]],
    simpler: Mapping[str, NDArray[Any]],
) -> Reconstruction:
    """Compare two quantizations of the same layers on the inputs that the original fed to them.

    Parameters
    ----------
    inputs : mapping of str to Inputs
        By layer; layers without inputs are left out.
    original, scheme, simpler : mappings of str to ndarray, (outputs, width)
        Weights by layer; layers that both quantizations left alone are left out, and so is one
        that gives only zeros.
    """
    errors: dict[str, float] = {}
    others: dict[str, float] = {}
    for name, seen in inputs.items():
        weight = original[name]
        made, other = scheme[name], simpler[name]
        if np.array_equal(weight, made) and np.array_equal(weight, other):
            continue
        error = reconstruction_error(seen, weight, made)
        beside = reconstruction_error(seen, weight, other)
        if error is not None and beside is not None:
            errors[name], others[name] = error, beside
    return Reconstruction(errors, others)
