"""Small networks for handwritten digits that differ in all that a tendency could tell.

Each is drawn from a seed of its own: width, depth, activation, normalization, weight decay, and
where its activation is a ReLU, outlier channels. A channel that is made ``scale`` times as large
before a ReLU, and as much smaller in the layer after it, leaves the function as it is. No two
networks share a seed: each is one model, with no twin among the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import torch
from examples.digits.make import export, tensors
from torch import nn

ACTIVATIONS = {"relu": nn.ReLU, "gelu": nn.GELU, "tanh": nn.Tanh}
NORMALIZATIONS = {"none": nn.Identity, "batch": nn.BatchNorm1d, "layer": nn.LayerNorm}
EPOCHS, BATCH, PIXELS, DIGITS = 20, 32, 64, 10


@dataclass(frozen=True)
class Design:
    """What sets one network apart."""

    seed: int
    width: int
    depth: int
    activation: str
    normalization: str
    decay: float
    scale: float
    channels: int

    def __str__(self) -> str:
        outliers = f", {self.channels} channels times {self.scale:g}" if self.scale > 1 else ""
        return (
            f"{self.depth} layers of {self.width}, {self.activation}, normalization "
            f"{self.normalization}, weight decay {self.decay:g}{outliers}"
        )


def design(seed: int) -> Design:
    """Draw a design."""
    rng = np.random.default_rng([2026, seed])
    width = int(rng.choice([32, 64, 128]))
    activation = str(rng.choice(list(ACTIVATIONS), p=[0.6, 0.2, 0.2]))
    outliers = activation == "relu" and rng.random() < 0.7
    return Design(
        seed=seed,
        width=width,
        depth=int(rng.integers(2, 5)),
        activation=activation,
        normalization=str(rng.choice(list(NORMALIZATIONS))),
        decay=float(rng.choice([0.0, 0.01, 0.3])),
        scale=float(rng.choice([4, 16, 64, 256])) if outliers else 1.0,
        channels=int(rng.choice([1, 2, 4])),
    )


def network(drawn: Design) -> nn.Sequential:
    """Return the network of a design, untrained."""
    layers: list[nn.Module] = [nn.Flatten()]
    width = PIXELS
    for _ in range(drawn.depth):
        layers.append(nn.Linear(width, drawn.width))
        layers.append(NORMALIZATIONS[drawn.normalization](drawn.width))
        layers.append(ACTIVATIONS[drawn.activation]())
        width = drawn.width
    return nn.Sequential(*layers, nn.Linear(width, DIGITS))


def trained(drawn: Design, rows: pa.Table) -> nn.Sequential:
    """Train a network on one thread, so that a processor always gives the same weights."""
    torch.set_num_threads(1)
    torch.manual_seed(drawn.seed)
    model, (images, digits) = network(drawn), tensors(rows)
    optimizer = torch.optim.AdamW(model.parameters(), 0.003, weight_decay=drawn.decay)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(images)).split(BATCH):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(images[batch]), digits[batch]).backward()
            optimizer.step()
    return model.eval()


def with_outliers(model: nn.Sequential, drawn: Design) -> None:
    """Scale channels before every ReLU, and their weights in the layer after it, in place."""
    dense = [at for at, layer in enumerate(model) if isinstance(layer, nn.Linear)]
    with torch.no_grad():
        for at, after in pairwise(dense):
            own = model[at + 1] if drawn.normalization != "none" else model[at]
            channels = own.weight.reshape(drawn.width, -1).abs().amax(1).topk(drawn.channels)[1]
            own.weight[channels] *= drawn.scale
            own.bias[channels] *= drawn.scale
            model[after].weight[:, channels] /= drawn.scale


def make(drawn: Design, rows: pa.Table, path: Path) -> None:
    """Train the network of a design, give it its outliers, and write it as ONNX.

    Raises
    ------
    ValueError
        If the outliers change what it computes by more than rounding.
    """
    model = trained(drawn, rows)
    images, _ = tensors(rows)
    with torch.no_grad():
        before = model(images)
        if drawn.scale > 1:
            with_outliers(model, drawn)
        away = float((model(images) - before).abs().max() / before.abs().max())
    if away > 1e-4:
        msg = f"{drawn}: outliers change its answers by {away:.1e} of the largest"
        raise ValueError(msg)
    export(model, path)
