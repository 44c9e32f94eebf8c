"""Models opened for a diagnosis, with tensors inside them among their outputs; then closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from quantassay.engines.contract import Session
from quantassay.formats.onnx.exposed import expose
from quantassay.formats.onnx.watched import Watchable, watchable

from ..asking import Feeds
from ..variants import Prepared
from .diagnosis import Diagnosis

#: bytes of the tensors that a model hands out for one batch
GROUP = 128 * 2**20


@contextmanager
def opened(variant: Prepared) -> Iterator[Session]:
    """Open a variant as a run does."""
    session = variant.open()
    try:
        yield session
    finally:
        session.close()


@contextmanager
def exposing(
    diagnosis: Diagnosis, variant: Prepared, tensors: Sequence[str], *, own: bool = False
) -> Iterator[Session]:
    """Open a copy of a variant whose outputs are these tensors, after its ``own`` if wanted."""
    assert variant.artifact is not None
    with TemporaryDirectory(dir=diagnosis.work) as folder:
        copy = expose(variant.artifact.path, tensors, Path(folder) / "model.onnx", own=own)
        session = diagnosis.opened(variant, copy)
        try:
            yield session
        finally:
            session.close()


def inside(variant: Prepared) -> Watchable | None:
    """Return what of a variant's model can be watched; None where it is of another format."""
    if variant.artifact is None or variant.format != "onnx":
        return None
    return watchable(variant.artifact.path)


def groups(diagnosis: Diagnosis, tensors: Sequence[str], most: int = GROUP) -> list[list[str]]:
    """Cut tensors of the reference into groups that take so many bytes for one batch, or one each.

    How large each is, one sample tells, or one batch where the model takes only whole ones.
    """
    _measure(diagnosis, [name for name in tensors if name not in diagnosis.sizes])
    made: list[list[str]] = []
    room = 0
    for name in tensors:
        if not made or diagnosis.sizes[name] > room:
            made.append([])
            room = most
        made[-1].append(name)
        room -= diagnosis.sizes[name]
    return made


def _measure(diagnosis: Diagnosis, tensors: Sequence[str]) -> None:
    if not tensors:
        return
    _, feeds = next(diagnosis.batches())
    with exposing(diagnosis, diagnosis.reference, tensors) as session:
        one = feeds if session.fixed_batch else {k: array[:1] for k, array in feeds.items()}
        found = session.run(one).values()
    times = -(-size(feeds) // size(one))
    sizes = (array.nbytes * times for array in found)
    diagnosis.sizes.update(zip(tensors, sizes, strict=True))


def size(feeds: Feeds | Mapping[str, object]) -> int:
    """Return how many samples a batch holds."""
    return len(next(iter(feeds.values())))  # type: ignore[arg-type]
