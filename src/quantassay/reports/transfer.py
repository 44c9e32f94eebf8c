"""A transfer as a document: verdict first, then axes, worst first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..records.transfer import Axis, CriticalReading, Reweighted, Status, Transfer
from .blocks import (
    Banner,
    Bullets,
    Column,
    Document,
    Paragraph,
    Ruling,
    Section,
    Table,
    Tone,
    Value,
)
from .figures import alpha, confidence
from .names import short
from .transfer_mix import critical, mixes, readings, shifts
from .transfer_production import production
from .wording import tone

STANDING: Mapping[Status, Tone] = {"same": "plain", "differs": "warning", "implicit": "warning"}
LONGEST = 240
# marks an axis that does not gate
LOOSE = "*"
LAYER, NOT_SAID = "executor: ", "not said"


def document(found: Transfer) -> Document:
    """Return the report of a transfer."""
    return Document(
        title=f"{short(found.claim)} at {short(found.deployment)}",
        subtitle=f"reference {short(found.reference)}, {confidence(found.confidence)} confidence",
        banner=_banner(found),
        sections=(
            _axes(found),
            *mixes(found),
            *critical(found),
            *shifts(found),
            *production(found),
            _weakest(found),
            _notes(found),
        ),
        confidence="Loss: positive is worse. [Brackets]: nominal "
        f"{confidence(found.confidence)} two-sided interval, alpha {alpha(found.confidence)} per "
        "side, of the paired samples of the claim. Each reading is judged on its own.",
        footer=("quantassay transfer",),
    )


def _banner(found: Transfer) -> Banner:
    if found.travels:
        kind, said = tone("pass"), "The claim travels"
    elif found.verdict == "fail":
        kind, said = tone("fail"), "The claim does not travel"
    else:
        open_kind: Tone = "insufficient" if found.verdict == "insufficient" else "inconclusive"
        kind, said = open_kind, "Whether the claim travels cannot be determined"
    return Banner(kind, f"{said}: {found.reason}.", tuple(_rulings(found)))


def _rulings(found: Transfer) -> Iterator[Ruling]:
    for name, one in found.candidates.items():
        own: list[Reweighted | CriticalReading] = [*found.reweighted, *found.critical]
        facts = tuple(text for each in own if each.candidate == name for text in readings(each))
        yield Ruling(short(name), tone(one.verdict), True, one.reason, facts)


def _axes(found: Transfer) -> Section:
    columns = (
        Column("axis", prose=True),
        Column("standing"),
        Column("why", prose=True),
        Column("gates", brief=False),
        Column("claim", brief=False, prose=True),
        Column("deployment", brief=False, prose=True),
    )
    rows = tuple(_axis(axes) for axes in _alike(found.axes))
    caption = "by digest: the same bytes; by definition or words: both say the same, no more"
    note = (
        "Implicit: one side does not say. A claim travels where every axis that gates is same; "
        f"one marked {LOOSE} does not gate."
    )
    return Section(
        "axes",
        f"Axes of {short(found.worst)}, the worst first",
        (Table(caption, columns, rows, note),),
        brief=True,
    )


def _alike(axes: Iterable[Axis]) -> Iterator[list[Axis]]:
    """Put layers of the executor together of which the same is to be said."""
    groups: dict[tuple[str, ...], list[Axis]] = {}
    for axis in axes:
        layer = axis.name.startswith(LAYER)
        why = "" if axis.status == "same" else axis.why
        key = (LAYER, axis.status, why, str(axis.gates)) if layer else (axis.name,)
        groups.setdefault(key, []).append(axis)
    yield from groups.values()


def _axis(axes: list[Axis]) -> tuple[Value, ...]:
    axis = axes[0]
    same = axis.status == "same"
    why = axis.why if not same else f"by {axis.by}" if axis.by else ""
    names = [one.name.removeprefix(LAYER) for one in axes]
    loose = not axis.gates and not same
    return (
        Value(f"{LAYER if axis.name.startswith(LAYER) else ''}{', '.join(names)}"),
        Value(
            f"{axis.status}{LOOSE if loose else ''}",
            tone=STANDING[axis.status] if axis.gates else "plain",
        ),
        Value(_cut(why)),
        Value("no" if loose else "yes"),
        Value(_cut("; ".join(one.claim or NOT_SAID for one in axes))),
        Value(_cut("; ".join(one.deployment or NOT_SAID for one in axes))),
    )


def _cut(text: str) -> str:
    """Keep whole words, so that no number is cut."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rpartition(' ')[0]} …"


def _weakest(found: Transfer) -> Section:
    title = "Most likely not to survive"
    if found.weakest is None or found.measurement is None:
        said = "No axis: every one is the same as far as both sides say."
        return Section("weakest", title, (Paragraph(said),), brief=True)
    one = found.measurement
    axis = next(each for each in found.axes if each.name == found.weakest)
    lines = (f"{axis.name}: {_cut(axis.why)}", f"what would settle it: {one.words}")
    command = f"{'n comes from' if one.source == 'plan' and one.n else 'next'}: {one.command}"
    return Section("weakest", title, (Bullets((*lines, command)),), brief=True)


def _notes(found: Transfer) -> Section:
    return Section("notes", "What this rests on", (Bullets(found.notes),), brief=True)
