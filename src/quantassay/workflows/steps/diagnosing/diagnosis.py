"""What a diagnosis works on: models that can be run, on samples drawn by the seed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from quantassay import plugins
from quantassay.engines.contract import Session
from quantassay.errors import UserCodeError, nearest
from quantassay.rubrics.load import Loaded
from quantassay.rubrics.tendencies import Tendencies as Asked

from ..asking import Exam, Feeds
from ..progress import Progress
from ..variants import Prepared

if TYPE_CHECKING:
    from .budget import Budget


@dataclass(frozen=True)
class Diagnosis:
    """A rubric's variants, ready to be opened, and the samples that they are looked at on.

    Attributes
    ----------
    exam : Exam
        The test set.
    asked : Tendencies
        What the rubric declares, or the defaults.
    variants : mapping of str to Prepared
        Every variant by name.
    rows : ndarray of int
        The rows of the data that were drawn, rising, in the order of the data (n,).
    budget : Budget
        Seconds for what runs a model many times, shared by all of it.
    listen : Progress
        Told what is going on.
    work : Path
        Folder for copies of models and for outputs, removed at the end.
    sizes : dict of str to int
        Bytes that tensors inside the reference take for one batch, as far as it was seen.
    """

    exam: Exam
    asked: Asked
    variants: Mapping[str, Prepared]
    rows: NDArray[np.intp]
    budget: Budget
    listen: Progress
    work: Path
    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def loaded(self) -> Loaded:
        """The rubric."""
        return self.exam.loaded

    @property
    def seed(self) -> int:
        """The rubric's seed."""
        return self.exam.rubric.seed

    @property
    def reference(self) -> Prepared:
        """The deciding reference."""
        return self.variants[self.exam.rubric.references[0]]

    @property
    def candidates(self) -> list[Prepared]:
        """Every candidate, in the order of the rubric."""
        reference = self.reference.name
        return [self.variants[name] for name in self.exam.rubric.candidates if name != reference]

    @property
    def places(self) -> NDArray[np.intp]:
        """Where the drawn samples stand in ``exam.samples``, in the order of `batches` (n,)."""
        order = self.exam.order
        return self.rows if order is None else order.places[self.rows]

    def batches(self) -> Iterator[tuple[int, Feeds]]:
        """Yield (first sample, inputs) of the drawn samples, as a run feeds them."""
        only = np.zeros(len(self.exam.samples), np.bool_)
        only[self.rows] = True
        yield from replace(self.exam.stream(), only=only)

    def opened(self, variant: Prepared, model: Path) -> Session:
        """Open another model file in the engine of a variant, with its options.

        Raises
        ------
        QuantassayError
            If it cannot be loaded.
        """
        session: Session = plugins.load("engines", variant.engine).open(
            model, variant.engine_options
        )
        return session

    def output(self, found: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        """Return the output that the rubric judges, of all that a session answered.

        Raises
        ------
        UserCodeError
            If there is no such output.
        """
        name = self.exam.rubric.task.outputs.name
        if name is None:
            return next(iter(found.values()))
        if name not in found:
            msg = f"the model has no output {name!r}{nearest(name, found)}"
            raise UserCodeError(msg)
        return found[name]


def drawn(n: int, samples: int, seed: int) -> NDArray[np.intp]:
    """Return rows drawn without replacement, rising: all of them where there are no more."""
    if samples >= n:
        return np.arange(n)
    chosen = np.random.default_rng(seed).choice(n, samples, replace=False)
    return np.sort(chosen).astype(np.intp)
