"""What a variant takes besides time, and whether it answered alike while it was timed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ..records.speed import Sameness, Saturation, Speed, Warmup
from .blocks import Column, Table, Value
from .figures import bytes_text, number, significant
from .names import counted, several, short


def resources(speeds: Sequence[Speed]) -> Table:
    """Tabulate what each variant takes; why a figure is not there is said once below."""
    return Table(
        caption="What each variant takes, and whether it answered alike while it was timed",
        columns=(
            Column("Variant"),
            Column("Warm-up until steady", numeric=True),
            Column("Knee, samples per query", numeric=True),
            Column("Load, s", numeric=True),
            Column("Peak memory", numeric=True),
            Column("Size on disk", numeric=True),
            Column("Energy per sample", numeric=True),
            Column("Outputs as in the accuracy pass", prose=True),
        ),
        rows=tuple(_row(speed) for speed in speeds),
        note=" ".join(_notes(speeds)),
    )


def _row(speed: Speed) -> tuple[Value, ...]:
    found = speed.saturation
    return (
        Value(short(speed.variant)),
        _warmup(speed.warmup),
        Value("not looked for" if found is None
              else "not found" if found.knee is None else f"{found.knee:,}",
              None if found is None else found.knee),
        Value("not measured") if speed.load_seconds is None
        else Value(number(speed.load_seconds, 3), speed.load_seconds),
        Value(bytes_text(speed.peak_memory) if speed.peak_memory is not None else "not available",
              speed.peak_memory),
        Value(bytes_text(speed.artifact_bytes), speed.artifact_bytes),
        Value("not available") if speed.energy is None
        else Value(f"{significant(1e3 * speed.energy)} mJ", speed.energy),
        Value(_alike(speed.same_outputs)),
    )  # fmt: skip


def _warmup(found: Warmup | None) -> Value:
    if found is None:
        return Value("not measured")
    took = f"{number(found.seconds)} s, {counted(found.queries, 'query', 'queries')}"
    return Value(took if found.steady else f"never steady in {took}", found.seconds)


def _alike(found: Sameness | None) -> str:
    if found is None or not found.n:
        return "not compared"
    largest = "" if found.largest is None else f"; largest difference {significant(found.largest)}"
    if not found.changed and not found.largest:
        return f"the same on {counted(found.n, 'sample')}"
    return f"{found.changed:,} of {counted(found.n, 'answer')} changed{largest}"


def _notes(speeds: Sequence[Speed]) -> Iterator[str]:
    yield "Knee: from how many samples per query on throughput hardly grows."
    yield from _once(speeds, "Knee", lambda one: _knee_note(one.saturation))
    yield from _once(speeds, "Peak memory", lambda one: one.memory_note)
    yield from _once(speeds, "Energy", lambda one: one.energy_note)
    yield from _once(
        speeds, "Outputs", lambda one: "" if one.same_outputs is None else one.same_outputs.note
    )


def _knee_note(found: Saturation | None) -> str:
    return "" if found is None else found.note


def _once(speeds: Sequence[Speed], what: str, note: Callable[[Speed], str]) -> Iterator[str]:
    """Say a note once where it is the same of all, else of whom it is."""
    found: dict[str, list[str]] = {}
    for speed in speeds:
        if note(speed):
            found.setdefault(note(speed).rstrip("."), []).append(short(speed.variant))
    for text, who in found.items():
        of = "" if len(who) == len(speeds) else f" of {several(who)}"
        yield f"{what}{of}: {text}."
