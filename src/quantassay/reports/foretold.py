"""How well tendencies foretold a loss, as a document: one table, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..records.foretelling import Foretelling, Foretold
from ..stats.ranks import FEWEST_GROUPS
from .blocks import Banner, Bullets, Code, Column, Document, Section, Table, Value
from .figures import NOT_APPLICABLE, UNDEFINED, bracket, confidence, number, probability, share
from .names import counted, several, short

SAID = "Said to go with a larger loss"
_FEW, _PASSED_SHOWN = 24, 20


def document(found: Foretelling) -> Document:
    """Return the report of `foretell`: how well each tendency went with the measured loss."""
    tasks = counted(len(found.names("task")), "task")
    return Document(
        title="How well tendencies foretold the measured loss",
        subtitle=f"loss of {several(found.names('metric'))}; {_size(found)}, {_schemes(found)}, "
        f"{tasks}; {found.made}",
        banner=Banner("unjudged", _headline(found), (), tuple(found.findings), word="TENDENCIES"),
        sections=(
            _table(found),
            Section("rests-on", "What this rests on", (Bullets(tuple(_rests_on(found))),), True),
            *_passed_over(found),
            _definitions(found),
            Section("reproduce", "Reproduce", (Code(found.reproduce),)),
        ),
        confidence=f"Intervals are two-sided at {confidence(found.confidence)}, each for itself.",
        footer=(f"quantassay {found.quantassay}",),
    )


def _size(found: Foretelling) -> str:
    return (
        f"{counted(len(found.triples), 'triple')} of {counted(len(found.names('model')), 'model')}"
    )


def _schemes(found: Foretelling) -> str:
    if found.scheme:
        return f"scheme {short(found.scheme)}"
    return counted(len(found.names("scheme")), "scheme")


def _headline(found: Foretelling) -> str:
    """Say what is settled, or why nothing can be; never that a tendency decides."""
    judged = [one for one in found.foretold if one.p_adjusted is not None]
    settled = [one for one in judged if one.settled]
    models = len(found.names("model"))
    if not found.foretold:
        text = "No tendency was seen in any triple"
    elif models < FEWEST_GROUPS:
        text = f"Described only: an interval takes {FEWEST_GROUPS} models, and there are {models}"
    elif settled:
        many = f"{len(settled)} of {counted(len(judged), 'tendency', 'tendencies')}"
        named = several(f"{short(one.name)} {_amount(one)}" for one in settled)
        text = f"{many} went with the loss beyond chance: {named}"
    else:
        many = counted(len(judged), "tendency", "tendencies")
        text = f"None of {many} is shown to go with the loss"
    return f"{text}. No verdict rests on this."


def _table(found: Foretelling) -> Section:
    level = confidence(found.confidence)
    uneven = len({(one.triples, one.models) for one in found.foretold}) > 1
    reasons = dict.fromkeys(one.reason for one in found.foretold)
    columns = (
        Column("Tendency"),
        Column(f"Rank correlation [{level}]", numeric=True),
        Column("Settled"),
        Column("p (Holm)", numeric=True, brief=False),
        Column(SAID, brief=False),
        Column("Triples", numeric=True, brief=uneven),
        Column("Models", numeric=True, brief=uneven),
        Column("Why no interval", prose=True, brief=len(reasons) > 1),
    )
    judged = sum(one.p_adjusted is not None for one in found.foretold)
    table = Table(
        "Rank correlation with the loss, positive where it went as is said; the strongest first",
        columns,
        tuple(_row(one) for one in found.foretold),
        f"Settled: the correlation is not zero, at {level} for the whole table (Holm over "
        f"{counted(judged, 'tendency', 'tendencies')})." if judged else _why(reasons),
        source="--json",
        few=_FEW,
    )  # fmt: skip
    return Section("foretold", "What foretold the loss", (table,), brief=True)


def _why(reasons: Iterable[str]) -> str:
    """Say why no correlation has an interval, where the reason is one for all."""
    one, *more = list(reasons) or [""]
    return f"No interval, {one}." if one and not more else ""


def _row(one: Foretold) -> tuple[Value, ...]:
    tested = one.p_adjusted is not None
    return (
        Value(short(one.name)),
        Value(_amount(one), one.correlation),
        Value(_settled(one) if tested else NOT_APPLICABLE),
        Value(probability(one.p_adjusted), one.p_adjusted),
        Value(f"{one.said} values"),
        Value(f"{one.triples:,}", one.triples),
        Value(f"{one.models:,}", one.models),
        Value(one.reason or NOT_APPLICABLE),
    )


def _settled(one: Foretold) -> str:
    if not one.settled or one.correlation is None:
        return "no"
    return "as said" if one.correlation > 0 else "the other way"


def _amount(one: Foretold) -> str:
    if one.correlation is None:
        return UNDEFINED
    ends = f" {bracket(one.interval)}" if one.interval else ""
    return f"{number(one.correlation)}{ends}"


def _rests_on(found: Foretelling) -> Iterator[str]:
    triples = len(found.triples)
    yield (
        f"{_size(found)}: what is drawn are models, with all their triples, so that many schemes "
        "of few models settle nothing; the models are those at hand, not drawn from all there are."
    )
    yield (
        f"In {found.clear:,} of {triples:,} triples ({share(found.clear / triples, 0)}) the "
        "interval of the loss leaves zero out. Where it does not, the measured loss is mostly "
        "noise of the test set, which draws every correlation towards zero."
    )
    if any(one.interval for one in found.foretold):
        yield (
            "Spearman's correlation, ties at the middle of their ranks; t on Fisher's scale, "
            "standard errors by leaving out each model whole, and never surer than as many "
            "independent pairs as there are models."
        )
    yield "A correlation over models says nothing of the next one: measure it."


def _passed_over(found: Foretelling) -> Iterator[Section]:
    items = [f"{short(one.what)}: {one.reason}" for one in found.passed_over]
    rest = len(items) - _PASSED_SHOWN
    if rest > 0:
        items = [*items[:_PASSED_SHOWN], f"and {rest:,} more (--json lists all)"]
    if items:
        yield Section("passed-over", "Passed over", (Bullets(tuple(items)),), brief=True)


def _definitions(found: Foretelling) -> Section:
    table = Table(
        "What each tendency is",
        (Column("Tendency"), Column("Definition", prose=True), Column("Unit"), Column(SAID)),
        tuple(
            (
                Value(one.name),
                Value(one.definition),
                Value(one.unit or "none"),
                Value(f"{one.said} values"),
            )
            for one in found.definitions
        ),
        few=0,
    )
    return Section("definitions", "Definitions", (table,))
