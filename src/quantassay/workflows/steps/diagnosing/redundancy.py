"""The reference with weights set to zero, or with noise in them: what it can do without."""

from __future__ import annotations

from functools import partial
from itertools import zip_longest

from quantassay.formats.onnx.altered import Alterable, Array
from quantassay.records.tendencies import Tendency
from quantassay.tendencies.definitions import tendency
from quantassay.tendencies.redundancy import perturbed, pruned
from quantassay.tendencies.sensitivity import loudness

from .baseline import Baseline
from .budget import Queue
from .diagnosis import Diagnosis
from .part import Part

PRUNED, PERTURBED = "pruning", "perturbation"
NOT_EMBEDDED = "the corpus would have to be embedded again for each share"


def redundancy(diagnosis: Diagnosis, model: Alterable, baseline: Baseline) -> Queue:
    """Return the declared shares, waiting to be pruned and perturbed."""
    asked, found = diagnosis.asked, list[Tendency]()
    pairs = zip_longest(
        (f"{PRUNED}-{share:g}" for share in asked.pruned),
        (f"{PERTURBED}-{share:g}" for share in asked.perturbed),
    )
    names = [name for pair in pairs for name in pair if name is not None]
    shares = dict(zip([f"{PRUNED}-{one:g}" for one in asked.pruned], asked.pruned, strict=True))
    shares |= {f"{PERTURBED}-{one:g}": one for one in asked.perturbed}

    def look(name: str) -> None:
        found.extend(_looked(diagnosis, model, baseline, (name.partition("-")[0], shares[name])))

    title = f"weights of {diagnosis.reference.name} pruned and perturbed"
    searched = diagnosis.exam.corpus is not None
    left = (f"{title}: no loss by the task's metric: {NOT_EMBEDDED}",) * searched
    return Queue(title, names, look, lambda _: Part(tuple(found), left))


def _looked(
    diagnosis: Diagnosis, model: Alterable, baseline: Baseline, what: tuple[str, float]
) -> list[Tendency]:
    kind, share = what
    change = partial(_changed, kind, share, diagnosis.seed)
    weights = [name for layer in model.layers for name in layer.weights]
    with model.copy(weights, change) as path:
        seen = baseline.compare(path, loss=diagnosis.exam.corpus is None)
    figures = {"loss": loudness(seen.noise), "changed-answers": seen.changed}
    if seen.loss is not None:
        figures["task-loss"] = seen.loss
    of = diagnosis.reference.name
    return [tendency(f"{kind}-{name}-{share:g}", of, one) for name, one in figures.items()]


def _changed(kind: str, share: float, seed: int, name: str, values: Array) -> Array:
    return pruned(values, share) if kind == PRUNED else perturbed(values, share, seed, name)
