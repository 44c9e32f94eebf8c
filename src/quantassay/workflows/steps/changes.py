"""What differs between every model file and the one that it was made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from quantassay import plugins
from quantassay.errors import ArtifactError
from quantassay.formats.digests import by_bytes
from quantassay.formats.recognized import contents, stored_weights
from quantassay.records.artifacts import Artifact, Truth
from quantassay.records.contents import Contents, StoredWeight
from quantassay.schemes.rounding import differing, rounded
from quantassay.schemes.truth import CHANGED_NOTHING, compare

# operations of low precision that concern weights alone: ranges of inputs are in none of them
OF_WEIGHTS = {
    "MatMulNBits", "MatMulBnb4", "GatherBlockQuantized", "DequantizeLinear", "Convert",
}  # fmt: skip


@dataclass(frozen=True)
class Sides:
    """A variant's model file beside the one it was made from; ``known``: formats read both."""

    source: Artifact
    variant: Artifact
    known: bool


class Files:
    """Model files as they were read: what each holds, and the weights of the last two."""

    def __init__(self) -> None:
        self._contents: dict[Path, Contents] = {}
        self._weights: dict[Path, Sequence[StoredWeight]] = {}

    def contents(self, artifact: Artifact) -> Contents:
        """Return what a model file holds."""
        if artifact.path not in self._contents:
            self._contents[artifact.path] = contents(artifact.path)
        return self._contents[artifact.path]

    def weights(self, artifact: Artifact) -> Sequence[StoredWeight]:
        """Return the matrices of a model file, to be read one at a time."""
        found = self._weights.pop(artifact.path, None)
        while len(self._weights) > 1:
            del self._weights[next(iter(self._weights))]
        self._weights[artifact.path] = stored_weights(artifact.path) if found is None else found
        return self._weights[artifact.path]


def refuse_changed(artifact: Artifact, form: str) -> None:
    """Refuse a model file that is no longer what was identified.

    Answers of other weights would be taken, and kept, for those of this model. ``form`` is '' where
    no format knows the file.

    Raises
    ------
    ArtifactError
        If its digest is another one.
    """
    identify = plugins.load("formats", form).identify if form else by_bytes
    if identify(artifact.path).digest != artifact.digest:
        msg = f"{artifact.path}: changed since the run began: let nothing write it"
        raise ArtifactError(msg)


def truths(pairs: Mapping[str, Sides]) -> dict[str, Truth]:
    """Say what differs, by name of the variant; what cannot be told is left out.

    Raises
    ------
    ArtifactError
        If a model file cannot be read.
    PluginError
        If what reads it is not installed.
    """
    read = Files()
    found = {name: truth_of(sides, read) for name, sides in pairs.items()}
    told = {name: truth for name, truth in found.items() if truth is not None}
    return among_others(told, pairs, read)


def among_others(
    found: Mapping[str, Truth], pairs: Mapping[str, Sides], read: Files
) -> dict[str, Truth]:
    """Say of every variant which others hold the same, or nearly."""
    same = {name: _same_as(name, pairs, read) for name in pairs}
    near = _near(pairs, same, read)
    return {
        name: replace(truth, same_as=same[name], near=near[name]) for name, truth in found.items()
    }


def truth_of(sides: Sides, read: Files) -> Truth | None:
    """Say what differs between two files; ``read`` keeps what was read of them."""
    if not sides.known:
        same = sides.source.digest == sides.variant.digest
        nothing = Truth(changed=False, summary=CHANGED_NOTHING, lowered=False)
        return _sized(nothing, sides) if same else None
    truth = compare(read.contents(sides.source), read.contents(sides.variant))
    return _sized(_rounded(truth, sides, read), sides)


def _sized(truth: Truth, sides: Sides) -> Truth:
    return replace(truth, bytes=sides.variant.bytes, source_bytes=sides.source.bytes)


def _rounded(truth: Truth, sides: Sides, read: Files) -> Truth:
    """Say how many of the quantized weights are the source's, just rounded."""
    if not truth.lowered:
        return truth
    found = rounded(read.weights(sides.source), read.weights(sides.variant))
    return replace(
        truth,
        nearest_share=found.nearest / found.compared if found.compared else None,
        compared=found.compared / found.total if found.total else None,
    )


def _same_as(name: str, pairs: Mapping[str, Sides], read: Files) -> tuple[str, ...]:
    """Return the other variants that hold the same: bytes, or operations and weights."""
    own = _marks(pairs[name], read)
    return tuple(
        other for other, sides in pairs.items() if other != name and own & _marks(sides, read)
    )


def _marks(sides: Sides, read: Files) -> set[str]:
    """Return the digests of bytes, and of operations and weights where they can be read."""
    if not sides.known:
        return {sides.variant.digest}
    found = read.contents(sides.variant)
    return {sides.variant.digest, f"{found.format} {found.structure}"}


def _near(
    pairs: Mapping[str, Sides],
    same: Mapping[str, tuple[str, ...]],
    read: Files,
) -> dict[str, dict[str, float]]:
    """Return the variants of one source that hardly differ, with the share of weights that do."""
    found: dict[str, dict[str, float]] = {name: {} for name in pairs}
    for first, second in _comparable(pairs, read):
        if second in same[first]:
            continue
        share = differing(*(read.weights(pairs[name].variant) for name in (first, second)))
        if share is not None:
            found[first][second] = found[second][first] = share
    return found


def _comparable(pairs: Mapping[str, Sides], read: Files) -> Iterator[tuple[str, str]]:
    """Yield the variants of one source in which only weights are quantized, two by two."""
    only = [
        name
        for name, sides in pairs.items()
        if sides.known and _only_weights(read.contents(sides.variant))
    ]
    for first, second in combinations(only, 2):
        if pairs[first].source.path == pairs[second].source.path:
            yield first, second


def _only_weights(found: Contents) -> bool:
    """Return whether nothing but weights is quantized, as far as the format tells."""
    if found.format == "openvino":
        return "FakeQuantize" not in found.low_ops
    return found.format == "gguf" or {*found.low_ops} <= OF_WEIGHTS
