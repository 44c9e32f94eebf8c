"""What a draft tells its author: what was seen, and what only a person can declare."""

from __future__ import annotations

from collections.abc import Iterator

from .drafting import Seen
from .margins import DISCORDANCES, MARGINS, table


def declarations(seen: Seen, file: str) -> Iterator[str]:
    """Yield one line for each thing seen or left to declare, and the table of margins."""
    yield from _seen(seen)
    yield ""
    yield f"Only a person can declare these; {file} says DECLARE at each:"
    yield from (f"  {line}" for line in _to_declare(seen))
    yield ""
    yield "What a margin on top1 means and costs, at 95 % confidence. 'n at' is what gives power"
    shares = ", ".join(f"{psi * 100:g} %" for psi in DISCORDANCES)
    yield f"0.9 where nothing is lost and {shares} of the answers change; strata need as much each:"
    yield from (f"  {line}" for line in table(seen.costs, seen.data.rows, len(seen.strata)))
    yield ""
    yield f"Then: quantassay plan {file}, quantassay run {file}"


def _seen(seen: Seen) -> Iterator[str]:
    found = seen.guess
    roles = {"id": found.id, "target": found.target}
    named = [f"{role} {name!r}" for role, name in roles.items() if name is not None]
    if isinstance(found.input, str):
        named.insert(1, f"input {found.input!r}")
    elif isinstance(found.input, list):
        first, last = found.input[0], found.input[-1]
        named.insert(1, f"input of {len(found.input)} columns, {first!r} to {last!r}")
    yield f"data: {seen.rows}; {', '.join(named) or 'no column was recognized'}"
    if seen.signature is not None:
        takes = ", ".join(map(str, seen.signature.inputs))
        yield f"model: takes {takes}; gives {', '.join(map(str, seen.signature.outputs))}"
    yield from _tried(seen)
    yield from _repeated(seen)


def _tried(seen: Seen) -> Iterator[str]:
    trial = seen.trial
    if trial.why:
        yield f"outputs: not seen ({trial.why})"
        return
    answers = f"outputs: {trial.kind}, from {trial.samples} samples"
    if trial.right is None:
        yield f"{answers}; whether they are right could not be told"
    elif trial.right * 2 < trial.samples:
        yield (
            f"{answers}; only {trial.right} are right: check preprocess, classes and target "
            "before anything else"
        )
    else:
        yield f"{answers}; {trial.right} are right"


def _repeated(seen: Seen) -> Iterator[str]:
    name = seen.guess.input
    column = seen.data.column(name) if isinstance(name, str) else None
    if column is not None and column.repeated:
        yield (
            f"repeated: {column.repeated:,} inputs occur more than once, so samples are not "
            "independent: name a column for 'clusters', or remove them"
        )


def _to_declare(seen: Seen) -> Iterator[str]:
    usual = ", ".join(f"{margin * 100:g}" for margin in MARGINS)
    yield f"margin: the largest loss that you accept ({usual} percentage points are shown below)"
    yield "composition: is the test set clean, in-domain, out-of-distribution, as in production?"
    groups = ", ".join(repr(name) for name in seen.guess.groups)
    hint = f"; may be {groups}" if groups else ""
    yield f"clusters: which samples belong together, such as pictures of one patient{hint}"
    yield "critical strata: the parts that must not be hurt, whatever the average says"
    yield "calibration: which samples, not of the test set, set the ranges of a static scheme"
    if seen.trial.classes is not None:
        yield "classes: the order of the model's outputs; the file guesses the alphabet's"
    if seen.trial.unnamed:
        yield (
            f"classes: what the model's {seen.trial.width} outputs stand for, in their order; the "
            "targets are neither their numbers nor as many"
        )
    if seen.signature is not None and seen.signature.quantized:
        yield "reference: this model is quantized already; name the one it was made from"
    if seen.guess.target is None:
        yield "target: the column with the gold answer; none was recognized"
    if seen.guess.input is None:
        yield "input: the column that feeds the model, or a list of columns"
    if seen.model is None:
        yield "model: the reference's file; none was given"
