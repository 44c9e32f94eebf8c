"""Tendencies in tables: of whole models beside the measured loss, of layers, and what each is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import inf

from ..records.tendencies import Definition, Tendencies, Tendency
from .blocks import Column, Table, Value
from .figures import NOT_APPLICABLE, UNDEFINED, estimate, known, significant, size
from .names import counted, short
from .subject import Subject
from .wording import verdict_value

LAYERS_SHOWN = 40
UNDEFINED_SHOWN = 20
FIGURES_SHOWN = 12
#: what a figure of a model says before the reason that its layers say too
OF_NO_LAYER = "of no layer: "
_FEW = 32
#: units of what is counted: whole numbers
COUNTS = ("layers",)
SAID = "Said to go with a larger loss"
SOURCE = "tendencies.json"


def variants(found: Tendencies) -> tuple[str, ...]:
    """Return the reference, the candidates, and any other variant that something was seen in."""
    seen = (one.of for one in found.found)
    return tuple(dict.fromkeys([found.reference, *found.candidates, *seen]))


def whole(found: Tendencies, subject: Subject | None) -> Table:
    """Tabulate what whole models tend to, below what was measured of them."""
    names = variants(found)
    measured = () if subject is None else tuple(_measured(subject, found, names))
    first = "" if subject is None else "what was measured, then "
    kinds = dict.fromkeys((one.name, one.unit) for one in found.of_models())
    return Table(
        caption=f"Whole models: {first}tendencies on {counted(found.samples, 'sample')}; "
        f"the reference is {short(found.reference)}",
        columns=(
            Column("Tendency", prose=True),
            *(Column(short(name), numeric=True) for name in names),
            Column("Computed from", brief=False, prose=True),
            Column(SAID, brief=False, prose=True),
        ),
        rows=(*measured, *(_row(found, names, *kind) for kind in kinds)),
        note=_note(found, kinds),
        source=SOURCE,
        few=_FEW,
    )


def _note(found: Tendencies, kinds: Iterable[tuple[str, str]]) -> str:
    if not any(kinds):
        return "No figure of a whole model was found."
    return (
        f"{NOT_APPLICABLE}: not looked for in that variant. A figure that compares a candidate "
        f"with {short(found.reference)} stands under the candidate."
    )


def _measured(
    subject: Subject, found: Tendencies, names: Sequence[str]
) -> Iterator[tuple[Value, ...]]:
    """Yield the rows of what was measured: the verdict, and the loss by each judged metric."""
    rulings, rest = subject.comparison.candidates, [Value(NOT_APPLICABLE)] * 2
    verdicts = [
        verdict_value(rulings[name].verdict) if name in rulings else _unmeasured(name, found)
        for name in names
    ]
    yield (Value("Measured: verdict"), *verdicts, *rest)
    metric = subject.main
    if metric is None:
        return
    unit = subject.scale(metric)
    cells = {name: subject.whole(name, metric) for name in names}
    losses = [
        Value(estimate(cell, unit), known(cell.loss)) if cell else _unmeasured(name, found)
        for name, cell in cells.items()
    ]
    sizes = dict.fromkeys(map(size, filter(None, cells.values())))
    yield (Value(f"Measured: loss of {metric}, {'; '.join(sizes)}"), *losses, *rest)


def _unmeasured(name: str, found: Tendencies) -> Value:
    return Value("reference" if name == found.reference else "not measured")


def _row(found: Tendencies, names: Sequence[str], name: str, unit: str) -> tuple[Value, ...]:
    own = {one.of: one for one in found.of_models() if (one.name, one.unit) == (name, unit)}
    return (
        Value(short(name) if not unit or name.endswith(unit) else f"{short(name)} ({unit})"),
        *(_figure(own.get(variant)) for variant in names),
        Value(_computed_from(list(own.values()))),
        Value(_said(_definition(found, name))),
    )


def _figure(one: Tendency | None) -> Value:
    if one is None:
        return Value(NOT_APPLICABLE)
    amount = known(one.value)
    if amount is None:
        return Value(UNDEFINED)
    text = f"{amount:,.0f}" if one.unit in COUNTS else significant(amount)
    part = f" ({one.n:,} {one.counted})" if one.reason else ""
    return Value(text + part, amount)


def _computed_from(ones: Sequence[Tendency]) -> str:
    """Say from how much figures were computed: once where that is alike."""
    said = {one.of: f"{one.n:,} {one.counted}" for one in ones}
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return "; ".join(f"{short(name)} {text}" for name, text in said.items())


def _definition(found: Tendencies, name: str) -> Definition | None:
    """Find what a tendency is; a share may stand behind the name that is defined."""
    fitting = [one for one in found.definitions if name == one.name]
    fitting += [one for one in found.definitions if name.startswith(f"{one.name}-")]
    return fitting[0] if fitting else None


def _said(one: Definition | None) -> str:
    return NOT_APPLICABLE if one is None else f"{one.said} values"


def by_layer(found: Tendencies) -> Iterator[Table]:
    """Yield a folded table of each tendency's layers, the worst first."""
    layered = [one for one in found.found if one.layer]
    for name, unit in dict.fromkeys((one.name, one.unit) for one in layered):
        yield _layers(found, [one for one in layered if (one.name, one.unit) == (name, unit)])


def _layers(found: Tendencies, ones: Sequence[Tendency]) -> Table:
    name, unit = ones[0].name, ones[0].unit
    seen = {one.of for one in ones}
    names = [variant for variant in variants(found) if variant in seen]
    said = _definition(found, name)
    sign = -1.0 if said is not None and said.said == "lower" else 1.0
    layers: dict[str, dict[str, Tendency]] = {}
    for one in ones:
        layers.setdefault(one.layer, {})[one.of] = one
    ordered = sorted(layers, key=lambda layer: -_worst(layers[layer].values(), sign))
    return Table(
        caption=f"{short(name)} by layer{f', {unit}' if unit else ''}: "
        f"{'lowest' if sign < 0 else 'highest'} first, {counted(len(layers), 'layer')}",
        columns=(
            Column("Layer", prose=True),
            *(Column(short(variant), numeric=True) for variant in names),
            Column("Computed from", prose=True),
        ),
        rows=tuple(
            (
                Value(short(layer)),
                *(_figure(layers[layer].get(variant)) for variant in names),
                Value(_computed_from(list(layers[layer].values()))),
            )
            for layer in ordered
        ),
        source=SOURCE,
        few=0,
        folded=True,
    ).head(LAYERS_SHOWN)


def _worst(ones: Iterable[Tendency], sign: float) -> float:
    """Return the worst of a layer's figures, larger where it is worse."""
    amounts = (known(one.value) for one in ones)
    return max((sign * amount for amount in amounts if amount is not None), default=-inf)


def undefined(found: Tendencies) -> Iterator[str]:
    """Yield each reason why figures are undefined, once, with the figures."""
    by_reason: dict[str, dict[tuple[str, str], list[str]]] = {}
    for one in found.found:
        if known(one.value) is None:
            why = one.reason.removeprefix(OF_NO_LAYER) or "no reason was recorded"
            figures = by_reason.setdefault(why, {})
            figures.setdefault((one.name, one.of), []).append(one.layer)
    lines = list(by_reason.items())
    for reason, figures in lines[:UNDEFINED_SHOWN]:
        named = [f"{short(name)} of {short(of)}{_where(at)}" for (name, of), at in figures.items()]
        rest = len(named) - FIGURES_SHOWN
        more = [f"{counted(rest, 'more figure')} in {SOURCE}"] if rest > 0 else []
        yield f"undefined, {reason}: {'; '.join([*named[:FIGURES_SHOWN], *more])}"
    rest = len(lines) - UNDEFINED_SHOWN
    if rest > 0:
        yield f"{counted(rest, 'more reason')} in {SOURCE}"


def _where(layers: Sequence[str]) -> str:
    """Say of how many layers a figure is undefined, and whether of the whole model too."""
    own = [layer for layer in layers if layer]
    if not own:
        return ""
    said = f"{counted(len(own), 'layer')}, first {short(own[0])}"
    return f" (whole model, {said})" if "" in layers else f" ({said})"


def definitions(found: Tendencies) -> Iterator[Table]:
    """Yield what each tendency is, with its source."""
    if not found.definitions:
        return
    heads = ("Tendency", "Definition", "Unit", SAID, "Source")
    yield Table(
        caption="What each tendency is",
        columns=tuple(Column(head, prose=head in ("Definition", "Source")) for head in heads),
        rows=tuple(
            tuple(
                Value(text)
                for text in (one.name, one.definition, one.unit or "none", _said(one), one.source)
            )
            for one in found.definitions
        ),
        few=0,
        folded=True,
    )
