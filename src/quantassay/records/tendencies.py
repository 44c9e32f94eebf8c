"""What models tend to: figures that may go with a loss. No verdict rests on any of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tendency:
    """One figure of one variant: of a layer, or of the whole model where ``layer`` is ''.

    ``name`` is one of those that `docs/tendencies.md` defines; ``of`` the variant that it was seen
    in; ``against`` the reference where two variants are compared, else ''. ``n`` counts what it was
    computed from, in words by ``counted`` (values, samples, channels, weights). ``value`` is None
    where it is undefined, with ``reason``.
    """

    name: str
    of: str
    value: float | None
    unit: str
    n: int
    counted: str
    layer: str = ""
    against: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """What a tendency is: one line, its unit, its source, and what is said to go with a loss.

    ``said`` is 'higher' where high values are said to go with a larger loss, else 'lower'; ``pair``
    says that it compares a candidate with the reference.
    """

    name: str
    definition: str
    unit: str
    source: str
    said: str
    pair: bool = False


@dataclass(frozen=True)
class Tendencies:
    """Every tendency that was looked for in the variants of a rubric.

    ``samples`` inputs were run, drawn with the rubric's ``seed``; ``left_out`` says what was not
    looked at and why, such as layers for which the time ``budget`` (seconds) was over.
    """

    rubric: str
    rubric_digest: str
    task: str
    reference: str
    candidates: tuple[str, ...]
    samples: int
    seed: int
    budget: float
    made: str
    quantassay: str
    found: tuple[Tendency, ...]
    left_out: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()

    def of_models(self) -> tuple[Tendency, ...]:
        """Return the tendencies of whole models alone."""
        return tuple(one for one in self.found if not one.layer)


@dataclass(frozen=True, slots=True)
class Foretold:
    """How well one tendency went with the measured loss, over many triples.

    ``correlation`` is Spearman's, positive where it went as ``said``; ``interval`` two-sided at
    ``confidence``, models resampled whole; None with ``reason`` where there are too few models or
    nothing varies. ``models`` counts the models, ``triples`` the pairs of figures.
    """

    name: str
    said: str
    triples: int
    models: int
    correlation: float | None
    interval: tuple[float, float] | None
    confidence: float
    method: str
    reason: str = ""
