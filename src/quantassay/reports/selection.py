"""A selection as a document: who was chosen, what was tried, how seldom that is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from ..records.cells import Comparison
from ..records.selection import Attempt, Selection
from .blocks import Banner, Bullets, Column, Document, Ruling, Section, Table, Value
from .figures import NOT_APPLICABLE, estimate, known, nominal, ratio
from .names import counted, several, short
from .subject import Subject
from .timing_conditions import in_one_line
from .wording import one_line, tone, verdict_value

EMPTY = Comparison("", 0.95, None, {}, ())


def document(found: Selection) -> Document:
    """Return the report of a selection, the chosen candidate first."""
    level = 1 - 2 * found.level
    looks = found.comparison is not None and found.comparison.stopping is not None
    return Document(
        title=f"{short(found.rubric)}: {short(found.task)}",
        subtitle=f"{counted(found.test_set, 'test sample')}, reference {short(found.reference)}, "
        f"{found.procedure} among {counted(found.candidates, 'candidate')}; {found.made}",
        banner=Banner(
            tone(found.verdict), _headline(found), tuple(_rulings(found)), tuple(_cautions(found))
        ),
        sections=(_attempts(found), _rests_on(found), _findings(found)),
        confidence=one_line(level, looks),
        footer=(f"quantassay {found.quantassay}", f"rubric {found.rubric_digest}"),
    )


def _headline(found: Selection) -> str:
    attempt = _of(found, found.chosen)
    if attempt is None:
        return f"None was chosen: {found.reason}."
    many = {1: "its gate cell", 2: "both gate cells"}
    cells = many.get(attempt.gates, f"all {attempt.gates:,} gate cells")
    shared = found.level < found.alpha
    at = f"{nominal(found.alpha)}/{found.candidates}" if shared else nominal(found.alpha)
    return f"{short(attempt.candidate)}: {_speed(attempt).text}, passes {cells} at alpha {at}."


def _cautions(found: Selection) -> Iterator[str]:
    if found.amendments:
        keys = several(dict.fromkeys(one.key for one in found.amendments))
        yield (
            f"changed after results were seen in this folder: {keys}; the guarantee is that of "
            "a rubric fixed beforehand"
        )
    if found.looks > 1:
        yield f"different results were computed {found.looks} times under this rubric"
    own = _of(found, found.chosen)
    if own is None or own.speed is None or own.speed.ratio is None:
        return
    if own.speed.ratio_interval is None or own.speed.ratio_interval[0] <= 1:
        yield (
            f"{short(own.candidate)} is not shown to be faster than the reference "
            f"{short(found.reference)}"
        )
    faster = [
        f"{short(one.candidate)} ({_speed(one).text})"
        for one in found.attempts
        if one.verdict == "pass" and one.speed and (one.speed.ratio or 0.0) > own.speed.ratio
    ]
    if faster:
        yield (
            f"timed faster, and passed too, earlier in the sequence: {'; '.join(faster)}; the "
            "guarantee holds for every candidate that passes"
        )


def _of(found: Selection, name: str | None) -> Attempt | None:
    return next((one for one in found.attempts if one.candidate == name), None)


def _rulings(found: Selection) -> Iterator[Ruling]:
    """Yield why each candidate got its verdict, and why one was left out."""
    for one in found.attempts:
        if one.verdict is not None or one.left_out:
            yield Ruling(short(one.candidate), tone(one.verdict), True, _why(found, one))


def _why(found: Selection, one: Attempt) -> str:
    """Give the reason of a verdict, and the look at which it fell."""
    stopping = found.comparison and found.comparison.stopping
    if one.stop is None or not stopping:
        return one.reason
    return f"{one.reason} (look {one.stop.look} of {len(stopping.looks)})"


def _attempts(found: Selection) -> Section:
    subject = Subject(found.comparison or EMPTY, (found.comparison or EMPTY).metrics)
    level, any_ = f"{100 * (1 - 2 * found.level):.3g} %", found.comparison is not None
    columns = (
        Column("Candidate"),
        Column("Verdict"),
        Column(f"Throughput [{level}]", numeric=True, brief=any_),
        Column(f"Loss of {subject.main or 'the first metric'}", numeric=True, brief=any_),
        Column("Samples", numeric=True, brief=any_),
        Column("Look", numeric=True, brief=False),
        Column("Why", brief=False, prose=True),
    )
    rows = tuple(_row(subject, one) for one in found.attempts)
    untried = dict.fromkeys(one.reason for one in found.attempts if one.verdict is None)
    notes = [f"{text[:1].upper()}{text[1:]}." for text in untried]
    if any(not one.samples for one in found.attempts):
        notes.append("A throughput is shown only beside an accuracy.")
    table = Table(
        f"In the order tried; throughput as a multiple of that of {short(found.reference)}",
        columns,
        rows,
        " ".join(notes),
        "selection.json",
    )
    return Section("attempts", "Candidates", (table,), brief=True)


def _row(subject: Subject, one: Attempt) -> tuple[Value, ...]:
    cell = subject.whole(one.candidate, subject.main)
    none = Value(NOT_APPLICABLE)
    loss = none
    if cell is not None:
        loss = Value(estimate(cell, subject.scale(cell.metric)), known(cell.loss))
    stopping = subject.comparison.stopping
    look = Value(f"{one.stop.look} of {len(stopping.looks)}") if stopping and one.stop else none
    return (
        Value(short(one.candidate)),
        Value("NOT TRIED") if one.verdict is None else verdict_value(one.verdict),
        _speed(one) if one.speed is not None else none,
        loss,
        Value(f"{one.samples:,}", one.samples) if one.samples else none,
        look,
        Value(one.reason),
    )


def _speed(one: Attempt) -> Value:
    if one.speed is None:
        return Value("throughput not measured")
    return Value(ratio(one.speed.ratio, one.speed.ratio_interval), known(one.speed.ratio))


def _rests_on(found: Selection) -> Section:
    return Section("rests-on", "What this rests on", (Bullets(tuple(_lines(found))),), brief=True)


def _lines(found: Selection) -> Iterator[str]:
    yield f"{found.guarantee}."
    if found.chosen is not None:
        yield f"{short(found.chosen)}: {found.after_choice}."
    if found.procedure == "fastest-first":
        yield (
            "the order is that of the measured ratios; whether neighbours in it really differ in "
            "speed was not tested."
        )
    share = f", {100 * found.samples_run / found.samples_full:.0f} %" if found.samples_full else ""
    yield (
        f"{counted(found.samples_run, 'sample')} run, of {found.samples_full:,} that every "
        f"candidate and the reference on the whole test set would take{share}."
    )
    if found.conditions is not None:
        yield in_one_line(found.conditions)


def _findings(found: Selection) -> Section:
    own = () if found.comparison is None else found.comparison.findings
    items = tuple(dict.fromkeys((*found.findings, *own)))
    return Section("findings", "Findings", (Bullets(items),), brief=bool(items))
