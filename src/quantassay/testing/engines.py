"""Engines, on a model and a batch of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from quantassay.engines.contract import Engine, Session
from quantassay.engines.frameworks import layers_of
from quantassay.errors import ArtifactError, PluginError
from quantassay.records.executor import EngineUse

from .laws.contract import obeying, refusing, require

Batch: TypeAlias = Mapping[str, NDArray[Any]]


def check_engine(
    engine: Engine,
    artifact: Path | None,
    batch: Batch,
    options: Mapping[str, Any] | None = None,
) -> None:
    """Check everything that every engine obeys.

    Parameters
    ----------
    engine
        As it is registered.
    artifact
        A model; None where the options name it.
    batch
        Arrays by input name, one row a sample; ``""`` stands for the only input.
    options
        Of the engine.

    Raises
    ------
    AssertionError
        In one line: the engine, and what it does otherwise.
    """
    given = dict(options or {})
    with obeying(engine, "refuses what it does not know"):
        with refusing(PluginError, "an option that is not there"):
            engine.open(artifact, {**given, "no such option": 1})
        if artifact is not None:
            with refusing(ArtifactError, "a model that is not there"):
                engine.open(artifact.with_name(f"no such {artifact.name}"), given)
    with obeying(engine, "opens its model"):
        session = engine.open(artifact, given)
        require(isinstance(session, Session), f"{type(session).__name__} is no Session")
        require(session.load_seconds >= 0, f"load_seconds is {session.load_seconds}")
    for law in (_answers_every_row, _keeps_what_it_gave, _answers_a_shorter_batch, _says_its_use):
        with obeying(engine, law.__name__.strip("_").replace("_", " ")):
            law(session, batch)
    with obeying(engine, "tells of its libraries by layer"):
        layers_of(engine, str(getattr(engine, "name", engine)))
    with obeying(engine, "closes"):
        session.close()


def _rows(batch: Batch) -> int:
    return len(next(iter(batch.values())))


def _answers_every_row(session: Session, batch: Batch) -> None:
    before = {name: np.array(array) for name, array in batch.items()}
    found = session.run(batch)
    require(bool(found), "it returns no output")
    for name, array in found.items():
        require(isinstance(array, np.ndarray), f"{name!r} is {type(array).__name__}, no array")
        length = len(array) if array.ndim else 0
        require(length == _rows(batch), f"{name!r} has {length} rows for {_rows(batch)} samples")
    named = set(session.outputs)
    require(named == set(found), f"outputs are {sorted(found)}; it says {sorted(named)}")
    untouched = all(np.array_equal(batch[name], array) for name, array in before.items())
    require(untouched, "it writes to the batch that it is given")


def _keeps_what_it_gave(session: Session, batch: Batch) -> None:
    first = session.run(batch)
    kept = {name: np.array(array) for name, array in first.items()}
    again = session.run({name: array[::-1] for name, array in batch.items()})
    same = all(_same(first[name], kept[name]) for name in kept)
    require(same, "a second batch changes the outputs of the first")
    if session.deterministic:
        again = session.run(batch)
        bits = all(_same(again[name], kept[name]) for name in kept)
        require(bits, "it says that it is deterministic, and gives other bits for the same batch")


def _same(first: NDArray[Any], second: NDArray[Any]) -> bool:
    return np.array_equal(first, second, equal_nan=first.dtype.kind in "fc")


def _answers_a_shorter_batch(session: Session, batch: Batch) -> None:
    if session.fixed_batch is not None:
        same = session.fixed_batch == _rows(batch)
        require(same, f"fixed_batch is {session.fixed_batch}: give a batch of that size")
        return
    for name, array in session.run({name: array[:1] for name, array in batch.items()}).items():
        require(len(array) == 1, f"{name!r} has {len(array)} rows for 1 sample")


def _says_its_use(session: Session, batch: Batch) -> None:
    use = session.use()
    require(isinstance(use, EngineUse), f"use() is {type(use).__name__}, no EngineUse")
    for field in ("engine", "version", "provider"):
        require(bool(getattr(use, field)), f"use().{field} is empty")
