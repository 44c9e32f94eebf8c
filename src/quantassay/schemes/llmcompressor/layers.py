"""The linear layers of a language model: their weights, and what calibration feeds to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..reconstruction import Inputs, Reconstruction, compare
from .model import load, require

MOST_BYTES = 2 << 30
Tokens = Sequence[Mapping[str, NDArray[np.int64]]]


def compare_folders(
    reference: Path, variant: Path, simpler: Path, batches: Tokens
) -> Reconstruction:
    """Compare the layers of two variants of a model by the outputs that they give back.

    Layers that are the same in all three are left out, and so are those that gave only zeros.

    Parameters
    ----------
    reference, variant, simpler : Path
        Folders of the model and of its variants.
    batches : sequence of mappings
        Calibration as tokens.
    """
    model = load(reference)
    own, made, other = (weights(one) for one in (model, load(variant), load(simpler)))
    changed = [
        name
        for name, weight in own.items()
        if not (np.array_equal(weight, made[name]) and np.array_equal(weight, other[name]))
    ]
    parts = [compare(seen, own, made, other) for seen in _inputs(model, changed, batches)]
    return Reconstruction(
        {name: error for part in parts for name, error in part.scheme.items()},
        {name: error for part in parts for name, error in part.simpler.items()},
    )


def weights(model: Any) -> dict[str, NDArray[Any]]:
    """Return the weights (outputs, width) of linear layers by name, as they are computed with."""
    return {name: layer.weight.detach().float().numpy() for name, layer in linear(model)}


def linear(model: Any) -> list[tuple[str, Any]]:
    """Return the linear layers of a model with their names."""
    kind = require("torch").nn.Linear
    return [(name, layer) for name, layer in model.named_modules() if isinstance(layer, kind)]


def _inputs(model: Any, names: Sequence[str], batches: Tokens) -> Iterator[dict[str, Inputs]]:
    """Yield the inputs of layers, as many layers at a time as fit into memory."""
    widths = {name: layer.in_features for name, layer in linear(model)}
    together: list[str] = []
    for name in names:
        if together and sum(8 * widths[one] ** 2 for one in (*together, name)) > MOST_BYTES:
            yield collect_inputs(model, together, batches)
            together = []
        together.append(name)
    if together:
        yield collect_inputs(model, together, batches)


def collect_inputs(model: Any, names: Sequence[str], batches: Tokens) -> dict[str, Inputs]:
    """Run calibration through a model and gather what comes to some of its layers."""
    torch = require("torch")
    layers = dict(linear(model))
    found = {name: Inputs(layers[name].in_features) for name in names}

    def gather(inputs: Inputs) -> Any:
        return lambda layer, given: inputs.add(given[0].detach().float().numpy())

    with ExitStack() as hooks, torch.no_grad():
        for name in names:
            hook = layers[name].register_forward_pre_hook(gather(found[name]))
            hooks.callback(hook.remove)
        for batch in batches:
            model(**{key: torch.from_numpy(array) for key, array in batch.items()})
    return found
