"""What differs between every model file and the one that it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from quantassay.formats.recognized import contents
from quantassay.records.artifacts import Artifact, Truth
from quantassay.records.contents import Contents
from quantassay.schemes.truth import CHANGED_NOTHING, compare


@dataclass(frozen=True)
class Sides:
    """A variant's model file beside the one it was made from; ``known``: formats read both."""

    source: Artifact
    variant: Artifact
    known: bool


def truths(pairs: Mapping[str, Sides]) -> dict[str, Truth]:
    """Say what differs, by name of the variant; what cannot be told is left out."""
    read: dict[Path, Contents] = {}
    found = {name: _truth(sides, read) for name, sides in pairs.items()}
    return {name: truth for name, truth in found.items() if truth is not None}


def _truth(sides: Sides, read: dict[Path, Contents]) -> Truth | None:
    if not sides.known:
        same = sides.source.digest == sides.variant.digest
        return Truth(changed=False, summary=CHANGED_NOTHING, lowered=False) if same else None
    for artifact in (sides.source, sides.variant):
        if artifact.path not in read:
            read[artifact.path] = contents(artifact.path)
    return compare(read[sides.source.path], read[sides.variant.path])
