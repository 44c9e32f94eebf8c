"""What models tend to: figures that may go with a loss. No verdict rests on any of them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import DataError


@dataclass(frozen=True, slots=True)
class Tendency:
    """One figure of one variant: of a layer, or of the whole model where ``layer`` is ''.

    ``name`` is one of those that `docs/tendencies.md` defines; ``of`` the variant that it was seen
    in; ``against`` the reference where two variants are compared, else ''. ``n`` counts what it was
    computed from, in words by ``counted`` (values, samples, channels, weights). ``value`` is None
    where it is undefined, with ``reason``; a figure of a model that has one is of a part of its
    layers alone, for want of time.
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
    ``definitions`` are those of the names in ``found``; ``models`` the digests of the variants'
    model files, of those that have one.
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
    definitions: tuple[Definition, ...] = ()
    models: Mapping[str, str] = field(default_factory=dict)

    def of_models(self) -> tuple[Tendency, ...]:
        """Return the tendencies of whole models alone."""
        return tuple(one for one in self.found if not one.layer)


#: entries of a list, and characters of a text, that a file of tendencies may hold
MOST, LONGEST = 100_000, 4_000
SAID = ("higher", "lower")


def tendencies_from_plain(value: Any, where: str) -> Tendencies:
    """Return what `tendencies.json` holds, once it was read as JSON: anyone may have written it.

    Parameters
    ----------
    value
        The JSON value; keys that are not known are passed over.
    where
        Names the file in messages.

    Raises
    ------
    DataError
        If a key is missing, or a value is not of its kind.
    """
    fields = _Fields(value, where)
    return Tendencies(
        rubric=fields.text("rubric"),
        rubric_digest=fields.text("rubric_digest"),
        task=fields.text("task"),
        reference=fields.text("reference"),
        candidates=fields.texts("candidates"),
        samples=fields.count("samples"),
        seed=fields.count("seed"),
        budget=fields.number("budget"),
        made=fields.text("made"),
        quantassay=fields.text("quantassay"),
        found=tuple(tendency_from_plain(*each) for each in fields.items("found")),
        left_out=fields.texts("left_out"),
        findings=fields.texts("findings"),
        definitions=tuple(_definition(*each) for each in fields.items("definitions")),
        models=_models(value, where),
    )


def _models(value: dict[str, Any], where: str) -> dict[str, str]:
    """Return the digests of model files; none where a file was written before they were told."""
    told = value.get("models", {})
    if not isinstance(told, dict) or len(told) > MOST:
        msg = f"{where}: 'models' is no object of digests by variant"
        raise DataError(msg)
    fields = _Fields(told, f"{where}: models")
    return {name: fields.text(name) for name in told}


def tendency_from_plain(value: Any, where: str) -> Tendency:
    """Return one tendency that was read as JSON.

    Raises
    ------
    DataError
        If a key is missing, a value is not of its kind, or an undefined one has no reason.
    """
    fields = _Fields(value, where)
    found = fields.number("value") if fields.known("value") else None
    if found is None and not fields.text("reason"):
        msg = f"{where}: 'value' is null, and 'reason' does not say why"
        raise DataError(msg)
    return Tendency(
        name=fields.text("name"),
        of=fields.text("of"),
        value=found,
        unit=fields.text("unit"),
        n=fields.count("n"),
        counted=fields.text("counted"),
        layer=fields.text("layer"),
        against=fields.text("against"),
        reason=fields.text("reason"),
    )


def _definition(value: Any, where: str) -> Definition:
    fields = _Fields(value, where)
    if fields.text("said") not in SAID:
        msg = f"{where}: 'said' is one of {', '.join(SAID)}"
        raise DataError(msg)
    return Definition(
        name=fields.text("name"),
        definition=fields.text("definition"),
        unit=fields.text("unit"),
        source=fields.text("source"),
        said=fields.text("said"),
        pair=bool(fields.get("pair", bool)),
    )


class _Fields:
    """Members of a JSON object, each checked for its kind and size."""

    def __init__(self, value: Any, where: str) -> None:
        if not isinstance(value, dict):
            msg = f"{where}: an object is expected, not {type(value).__name__}"
            raise DataError(msg)
        self._value, self._where = value, where

    def known(self, name: str) -> bool:
        """Return whether a member is there and is not null."""
        if name not in self._value:
            msg = f"{self._where}: {name!r} is missing"
            raise DataError(msg)
        return self._value[name] is not None

    def get(self, name: str, *kinds: type) -> Any:
        """Return a member of one of some kinds."""
        self.known(name)
        found = self._value[name]
        if not isinstance(found, kinds) or (isinstance(found, bool) and bool not in kinds):
            msg = f"{self._where}: {name!r} is not what it should be: {str(found)[:80]!r}"
            raise DataError(msg)
        return found

    def text(self, name: str) -> str:
        """Return a text that is not too long."""
        found: str = self.get(name, str)
        if len(found) > LONGEST:
            msg = f"{self._where}: {name!r} is longer than {LONGEST:,} characters"
            raise DataError(msg)
        return found

    def number(self, name: str) -> float:
        """Return a finite number."""
        found = self.get(name, int, float)
        if abs(found) <= sys.float_info.max:  # false of NaN too
            return float(found)
        msg = f"{self._where}: {name!r} is not a finite number"
        raise DataError(msg)

    def count(self, name: str) -> int:
        """Return a whole number from zero on."""
        found: int = self.get(name, int)
        if 0 <= found < 2**63:
            return found
        msg = f"{self._where}: {name!r} is not a count: {str(found)[:40]}"
        raise DataError(msg)

    def items(self, name: str) -> list[tuple[Any, str]]:
        """Return the items of a list that is not too long, and where each stands."""
        found = self.get(name, list)
        if len(found) > MOST:
            msg = f"{self._where}: {name!r} has more than {MOST:,} items"
            raise DataError(msg)
        return [(each, f"{self._where}: {name}[{at}]") for at, each in enumerate(found)]

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(_Fields({"text": one}, where).text("text") for one, where in self.items(name))
