"""The executor of a claim beside that of a deployment, layer by layer."""

from __future__ import annotations

from quantassay.records.deployment import Deployment
from quantassay.records.transfer import Axis

from .claimed import ClaimedCandidate

UNSAID = {"", "undeclared", "undisclosed", "unknown", "not disclosed", "none"}
# answers rest on these: the claim does not travel while one of them is not said
NEEDED = ("engine", "version", "processor")
LAYERS = (
    *NEEDED, "instructions", "provider", "graph_level", "architecture", "system", "batch",
    "threads",
)  # fmt: skip


def executor_axes(candidate: ClaimedCandidate, deployment: Deployment) -> list[Axis]:
    """Return an axis for every layer that either side names, those that answers rest on anyway."""
    there = deployment.executor
    return [
        _layer(candidate, layer, _said(candidate.layers.get(layer)), _said(there.get(layer)))
        for layer in LAYERS
        if layer in NEEDED or layer in candidate.layers or layer in there
    ]


def _layer(candidate: ClaimedCandidate, layer: str, said: str | None, there: str | None) -> Axis:
    name = f"executor: {layer.replace('_', ' ')}"
    if said is None or there is None:
        silent = " nor ".join(
            who for who, what in (("the claim", said), ("the deployment", there)) if what is None
        )
        why = f"neither {silent} says" if " nor " in silent else f"{silent} does not say"
        return Axis(name, "implicit", "", said, there, why, gates=layer in NEEDED)
    if layer == "instructions":
        return _instructions(name, said, there)
    if _words(said) == _words(there):
        return Axis(name, "same", "definition", said, there, "both say the same", gates=False)
    why = f"{said} → {there}"
    if layer == "processor" and candidate.emulated:
        why += f"; {candidate.emulated} low-precision operations were not shown to run natively"
    return Axis(name, "differs", "definition", said, there, why, gates=True)


def _said(text: str | None) -> str | None:
    return None if text is None or _words(text) in UNSAID else text


def _words(text: str) -> str:
    return " ".join(text.casefold().split())


def _instructions(name: str, said: str, there: str) -> Axis:
    """Compare sets: kernels are chosen by the instructions that are there."""
    own, other = ({_words(one) for one in text.split(",")} for text in (said, there))
    if own == other:
        return Axis(name, "same", "definition", said, there, "both have the same", gates=False)
    parts = [("without", own - other), ("and with", other - own)]
    why = " ".join(f"{word} {', '.join(sorted(found))}" for word, found in parts if found)
    return Axis(name, "differs", "definition", said, there, why.removeprefix("and "), gates=True)
