"""The reference beside other stages of its training: whether its tendencies are stable."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quantassay import plugins
from quantassay.errors import ArtifactError, RubricError
from quantassay.formats.onnx.altered import Alterable
from quantassay.formats.onnx.watched import watchable
from quantassay.formats.recognized import format_of
from quantassay.records.tendencies import Tendency
from quantassay.rubrics.load import Loaded
from quantassay.tendencies.activations import worst
from quantassay.tendencies.checkpoints import cosine, ranks_agree, relative_change
from quantassay.tendencies.definitions import tendency
from quantassay.tendencies.figure import Figure
from quantassay.tendencies.weights import weight_concentration, weight_kurtosis, weight_outliers

from ..variants import Prepared
from .baseline import Baseline
from .budget import Queue
from .diagnosis import Diagnosis
from .entering import entering
from .part import Part

STABILITY, CHANGED = "checkpoint-stability", "checkpoint-changed-answers"
COSINE, MOVED = "checkpoint-cosine", "checkpoint-change"
Told = Mapping[str, Sequence[Figure]]


def checked_checkpoints(loaded: Loaded) -> dict[str, Path]:
    """Return the model files of other stages of training that a rubric declares, by name.

    To be called before anything runs.

    Raises
    ------
    RubricError
        If one is missing, damaged, of another format, or not the same model as the reference.
    """
    rubric, found = loaded.rubric, dict[str, Path]()
    declared = rubric.tendencies.checkpoints if rubric.tendencies else []
    model = rubric.variants[rubric.references[0]].model
    for at, name in enumerate(declared):
        where, path = loaded.at("tendencies", "checkpoints", at), loaded.resolve(name)
        if model is None:
            msg = (
                f"{where}: the reference {rubric.references[0]!r} is no model file to compare with"
            )
            raise RubricError(msg)
        if not path.is_file():
            msg = f"{where}: no such model file: {path}"
            raise RubricError(msg)
        _refuse_other(where, path, loaded.resolve(model))
        found[name] = path
    return found


def _refuse_other(where: str, path: Path, reference: Path) -> None:
    forms = [form.name if (form := format_of(one)) else "" for one in (path, reference)]
    if forms != ["onnx", "onnx"]:
        msg = f"{where}: checkpoints are compared as ONNX models, and so is the reference"
        raise RubricError(msg)
    try:
        same = Alterable(path).form == Alterable(reference).form
    except ArtifactError as error:
        msg = f"{where}: {error}"
        raise RubricError(msg) from error
    if not same:
        msg = (
            f"{where}: {path.name} has other operations or weights of other shapes than "
            f"{reference.name}, the reference; name a file of the same model"
        )
        raise RubricError(msg)


@dataclass
class Checkpoints:
    """What was found so far of every checkpoint, by its name in the rubric."""

    diagnosis: Diagnosis
    reference: Alterable
    baseline: Baseline
    paths: Mapping[str, Path]
    found: list[Tendency] = field(default_factory=list)
    _own: dict[str, Sequence[Figure]] = field(default_factory=dict)

    def queue(self) -> Queue:
        """Return the checkpoints, waiting to be looked at."""
        title = f"checkpoints beside {self.diagnosis.reference.name}"
        return Queue(title, list(self.paths), self.look, lambda _: Part(tuple(self.found)))

    def look(self, name: str) -> None:
        """Compare the weights, the tendencies and the answers of one checkpoint."""
        path = self.paths[name]
        other = Alterable(path)
        self._own = self._own or self._told(self.reference, self.diagnosis.reference)
        theirs = self._told(other, self._prepared(path))
        agree = {each: ranks_agree(self._own[each], theirs[each]) for each in self._own}
        self._add(STABILITY, name, {}, worst([*agree.values()], "tendencies", low=True))
        for each, one in agree.items():
            self._add(f"{STABILITY}-{each}", name, {}, one)
        moved = self._each(other, relative_change)
        turned = self._each(other, cosine)
        self._add(COSINE, name, turned, worst([*turned.values()], low=True))
        self._add(MOVED, name, moved, worst([*moved.values()]))
        self._add(CHANGED, name, {}, self.baseline.compare(path).changed)

    def _add(self, name: str, of: str, layers: Mapping[str, Figure], whole: Figure) -> None:
        against = self.diagnosis.reference.name
        self.found += [
            tendency(name, of, one, layer, against) for layer, one in {"": whole, **layers}.items()
        ]

    def _prepared(self, path: Path) -> Prepared:
        identify = plugins.load("formats", self.diagnosis.reference.format).identify
        return replace(self.diagnosis.reference, artifact=identify(path))

    def _each(
        self,
        other: Alterable,
        compare: Callable[[NDArray[np.generic], NDArray[np.generic]], Figure],
    ) -> dict[str, Figure]:
        """Compare the weights of each layer; of one that has several, the first."""
        pairs = zip(self.reference.layers, other.layers, strict=True)
        return {
            own.name: compare(self.reference.read(own.weights[0]), other.read(their.weights[0]))
            for own, their in pairs
        }

    def _told(self, model: Alterable, variant: Prepared) -> dict[str, Sequence[Figure]]:
        """Return the tendencies of every layer at one stage, layers in the order of the model."""
        assert variant.artifact is not None
        axes = {one.weight: one.weight_axis for one in watchable(variant.artifact.path).layers}
        found: dict[str, list[Figure]] = {}
        for layer in model.layers:
            values, axis = model.read(layer.weights[0]), axes.get(layer.weights[0])
            if axis is not None:
                found.setdefault("weight-outliers", []).append(weight_outliers(values, axis))
            found.setdefault("weight-concentration", []).append(weight_concentration(values))
            found.setdefault("weight-kurtosis", []).append(weight_kurtosis(values))
        part = entering(self._beside(variant))
        for one in part.found:
            if one.layer:
                figure = Figure(one.value, one.n, one.counted, one.reason)
                found.setdefault(one.name, []).append(figure)
        return dict(found)

    def _beside(self, variant: Prepared) -> Diagnosis:
        """Return the diagnosis with a checkpoint in the reference's place."""
        variants = {**self.diagnosis.variants, self.diagnosis.reference.name: variant}
        return replace(self.diagnosis, variants=variants)
