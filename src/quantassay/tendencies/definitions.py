"""Every tendency there is: what it means, in what unit, and who has said what it goes with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..records.tendencies import Definition, Tendency
from .figure import Figure
from .sources import BONDARENKO, DETTMERS, HAN, KRISHNAMOORTHI, LIN, NAGEL, XIAO

OWN = "defined here"
UNPADDED = "without the positions that an input attention_mask leaves out"

_ALL = (
    Definition(
        "activation-kurtosis",
        f"fourth standardized moment of what enters a layer, {UNPADDED}, 3 for a normal "
        "distribution; of the model, that of the layer where it is largest",
        "",
        "Bondarenko et al. 2023, Quantizable Transformers, arXiv 2306.12929",
        "higher",
    ),
    Definition(
        "outlier-channels",
        f"largest magnitude of a channel of what enters a layer, {UNPADDED}: that of the channel "
        "where it is largest, over the median channel; of the model, the layer where this is "
        "largest",
        "ratio",
        f"{DETTMERS}; {XIAO}; {BONDARENKO}",
        "higher",
    ),
    Definition(
        "range-stability",
        f"range (largest less smallest value) of what enters a layer, {UNPADDED}, in 8 parts of "
        "the samples: the widest over the narrowest, 1 where all are alike; undefined of a layer "
        "whose first dimension is not that of the samples; of the model, the layer where this is "
        "largest",
        "ratio",
        f"{OWN}; that ranges found on few samples must fit all others is of {KRISHNAMOORTHI}",
        "higher",
    ),
    Definition(
        "weight-outliers",
        "largest magnitude among the weights of an output channel: that of the channel where it "
        "is largest, over the median channel; of the model, the layer where this is largest",
        "ratio",
        f"{KRISHNAMOORTHI}; {NAGEL}",
        "higher",
    ),
    Definition(
        "weight-concentration",
        "share of the sum of squares of a layer's weights that the 0.1 % of largest magnitude "
        "hold; of the model, the layer where this is largest",
        "share",
        f"{OWN}; that few weights of large magnitude matter is of {HAN}",
        "higher",
    ),
    Definition(
        "weight-kurtosis",
        "fourth standardized moment of a layer's weights, 3 for a normal distribution; of the "
        "model, that of the layer where it is largest",
        "",
        "Shkolnik et al. 2020, Robust Quantization, arXiv 2002.07686",
        "higher",
    ),
    Definition(
        "normalization-layers",
        "number of operations that normalize (batch, layer, instance, group, root mean square), "
        "whole or written out in parts; one folded into the weights before it is not seen",
        "layers",
        f"{BONDARENKO}, on outliers around normalization",
        "higher",
    ),
    Definition(
        "pruning-loss",
        "noise of the outputs where the smallest weights of each layer are set to zero, in "
        "decibels of noise to signal; the share of weights stands in the name",
        "dB",
        HAN,
        "higher",
    ),
    Definition(
        "perturbation-loss",
        "noise of the outputs where normal noise is added to the weights, in decibels of noise to "
        "signal; its standard deviation, as a share of each layer's own, stands in the name",
        "dB",
        OWN,
        "higher",
    ),
    Definition(
        "pruning-changed-answers",
        "share of the samples whose answer is another one where the smallest weights of each "
        "layer are set to zero; the share of weights stands in the name",
        "share",
        HAN,
        "higher",
    ),
    Definition(
        "perturbation-changed-answers",
        "share of the samples whose answer is another one where normal noise is added to the "
        "weights; its standard deviation, as a share of each layer's own, stands in the name",
        "share",
        OWN,
        "higher",
    ),
    Definition(
        "pruning-task-loss",
        "loss by the rubric's first metric, in its unit, on the samples that were drawn, where the "
        "smallest weights of each layer are set to zero; a point without interval, and few "
        "samples; the share of weights stands in the name",
        "",
        HAN,
        "higher",
    ),
    Definition(
        "perturbation-task-loss",
        "loss by the rubric's first metric, in its unit, on the samples that were drawn, where "
        "normal noise is added to the weights; a point without interval, and few samples; the "
        "noise's standard deviation, as a share of each layer's own, stands in the name",
        "",
        OWN,
        "higher",
    ),
    Definition(
        "checkpoint-stability",
        "Spearman's rank correlation over layers of a tendency at another stage of training with "
        "that of the reference, 1 where layers keep their order; the tendency stands in the name, "
        "and without one it is that of the tendency where it is lowest",
        "correlation",
        OWN,
        "lower",
    ),
    Definition(
        "checkpoint-cosine",
        "cosine of the angle between a layer's weights at another stage of training and the "
        "reference's; of the model, the layer where it is lowest",
        "cosine",
        OWN,
        "lower",
    ),
    Definition(
        "checkpoint-change",
        "norm of the difference between a layer's weights at another stage of training and the "
        "reference's, over that of the reference's; of the model, the layer where it is largest",
        "ratio",
        OWN,
        "higher",
    ),
    Definition(
        "checkpoint-changed-answers",
        "share of the samples whose answer is another one at another stage of training",
        "share",
        OWN,
        "higher",
    ),
    Definition(
        "layer-noise",
        "signal-to-quantization-noise ratio of a layer's outputs, candidate against reference: "
        "10 log10 of the sum of squares of the reference's over that of the differences; layers "
        "are found by the names of tensors, and watched in copies of the models whose tensors are "
        f"outputs, across which an engine does not fuse, {UNPADDED}; of the model, that of its own "
        "outputs, undefined where these are labels or texts",
        "dB",
        LIN,
        "lower",
        pair=True,
    ),
    Definition(
        "layer-noise-worst",
        "the layer-noise of the layer where it is lowest",
        "dB",
        LIN,
        "lower",
        pair=True,
    ),
    Definition(
        "layer-sensitivity",
        "signal-to-quantization-noise ratio of the model's outputs where only this layer is in "
        "low precision; of the model, the layer where it is lowest, of those that there was time "
        "for: of how many, the figure says",
        "dB",
        LIN,
        "lower",
        pair=True,
    ),
    Definition(
        "layer-changed-answers",
        "share of the samples whose answer is another one where only this layer is in low "
        "precision; of the model, the layer where it is largest",
        "share",
        OWN,
        "higher",
        pair=True,
    ),
    Definition(
        "sensitivity-concentration",
        "share of the noise that layers make one at a time in low precision which the noisiest "
        "one makes: 1 where one layer makes all of it",
        "share",
        OWN,
        "higher",
        pair=True,
    ),
)  # fmt: skip
DEFINITIONS: Mapping[str, Definition] = {one.name: one for one in _ALL}
#: those whose name goes on: by a declared share, as in ``pruning-loss-0.3``, or by a tendency
SHARED = (
    "pruning-loss", "perturbation-loss", "pruning-changed-answers",
    "perturbation-changed-answers", "pruning-task-loss", "perturbation-task-loss",
    "checkpoint-stability",
)  # fmt: skip


def definition(name: str) -> Definition:
    """Return what a tendency means; one whose name goes on has the definition of all such.

    Raises
    ------
    KeyError
        If there is no such tendency.
    """
    stem = next((one for one in SHARED if name.startswith(f"{one}-")), name)
    return DEFINITIONS[stem]


def definitions_of(names: Iterable[str]) -> tuple[Definition, ...]:
    """Return the definitions of some tendencies, each once, in the order of the table.

    Raises
    ------
    KeyError
        If there is no such tendency.
    """
    wanted = {definition(name).name for name in names}
    return tuple(one for one in _ALL if one.name in wanted)


def tendency(name: str, of: str, found: Figure, layer: str = "", against: str = "") -> Tendency:
    """Return a figure as the tendency that it is.

    Raises
    ------
    KeyError
        If there is no such tendency.
    """
    unit = definition(name).unit
    return Tendency(
        name, of, found.value, unit, found.n, found.counted, layer, against, found.reason
    )
