"""Whether a throughput and an accuracy come from one executor, layer by layer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from quantassay.errors import InputError
from quantassay.records.executor import ExecutorSpecification
from quantassay.records.executor_comparison import ExecutorComparison, LayerComparison

from ..executors.compare import compared_variants
from ..executors.reading import read_executor
from ..executors.words import MOST, layer_words
from ..reading import read_claim_file
from .halves import AccuracyHalf

#: which program issued the queries may differ, and is said
FREE = "application"
SIDES = ("the accuracy half", "the log")
#: facts without which a layer is not shown to be the same
NEEDED = {
    "engine": ("engine", "version", "provider"),
    "os": ("system", "kernel"),
    "driver": ("NVIDIA driver",),
    "processor": ("model", "architecture"),
    "limits": ("usable cores",),
}


def same_executor(half: AccuracyHalf, path: Path) -> ExecutorComparison:
    """Compare the executor of the accuracy half with that of a log; all but the application.

    Parameters
    ----------
    half
        The accuracy half.
    path
        What ``quantassay executor`` wrote where the log was made.

    Raises
    ------
    InputError
        If a layer differs, is not recorded, or the file tells nothing of the variant.
    """
    own, other = read_executor(half.file.path), _executor(path)
    if half.variant not in own.variants:
        msg = f"{half.file.path}: does not tell the executor of {half.variant}; run again"
        raise InputError(msg)
    found = compared_variants(own, half.variant, other, _variant(half, other, path))
    differing = [one for one in found.layers if one.layer != FREE and one.standing == "differs"]
    if differing:
        said = "; ".join(map(_words, differing))
        msg = (
            f"{path}: another executor than that of the accuracy half, named first: {said}; time "
            "it on that one"
        )
        raise InputError(msg)
    unknown = [missing for one in found.layers for missing in _missing(one, half)]
    if unknown:
        msg = (
            f"{path}: not shown to be the executor of the accuracy half: {', '.join(unknown)} not "
            f"recorded on both sides; run {half.claim['rubric']['name']} again, and write the "
            "executor with its rubric"
        )
        raise InputError(msg)
    return found


def _missing(found: LayerComparison, half: AccuracyHalf) -> list[str]:
    """Name what both sides must tell, and do not; an engine need not tell its kernels."""
    untelling = half.use is not None and not half.use.tells
    if found.layer == FREE or (found.layer == "kernels" and untelling):
        return []
    if found.standing == "not recorded":
        return [found.layer]
    needed = NEEDED.get(found.layer, ())
    return [f"{fact} of {found.layer}" for fact in needed if fact in found.unrecorded]


def application(found: ExecutorComparison) -> str:
    """Say how the application layers differ; '' where they do not."""
    own = next(one for one in found.layers if one.layer == FREE)
    return _words(own) if own.standing == "differs" else ""


def untold(found: ExecutorComparison) -> Iterator[str]:
    """Yield a line for the facts that at most one side tells."""
    facts = [f"{one.layer}: {', '.join(one.unrecorded)}" for one in found.layers if one.unrecorded]
    if facts:
        yield f"not compared, for want of a record on both sides: {'; '.join(facts)}"


def _executor(path: Path) -> ExecutorSpecification:
    """Read an executor file; a claim tells where its own run was made, not the log."""
    try:
        read_claim_file(path)
    except InputError:
        return read_executor(path)
    msg = (
        f"{path}: a claim tells where its own run was made; name what `quantassay executor "
        "assay.yaml -o executor.json` wrote where the log was made"
    )
    raise InputError(msg)


def _variant(half: AccuracyHalf, other: ExecutorSpecification, path: Path) -> str:
    """Return the variant of an executor file that ran the same model file."""
    names = [name for name, one in other.variants.items() if one.artifact == half.artifact.digest]
    if half.variant in names:
        return half.variant
    if len(names) == 1:
        return names[0]
    if not names:
        msg = (
            f"{path}: tells of no variant with the model of {half.variant}, so that its engine and "
            "kernels are not known; write it with the rubric: `quantassay executor assay.yaml -o "
            f"{path.name}`"
        )
        raise InputError(msg)
    several = f"several variants have the model of {half.variant}: {', '.join(names)}"
    msg = f"{path}: {several}; name one of them {half.variant}"
    raise InputError(msg)


def _words(found: LayerComparison) -> str:
    return f"{found.layer} ({layer_words(found, SIDES, MOST)})"
