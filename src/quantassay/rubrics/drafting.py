"""A first rubric, from what can be seen in the data and the model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import PurePath
from typing import Any

from .columns import Column, Sighting
from .drafted_preprocessing import preprocessing_lines
from .guesses import Guess
from .margins import DISCORDANCES, MarginCost, table
from .schema import FILE
from .signature import Signature
from .trial import Trial
from .yaml_text import aligned, wrapped, yaml_text

PRECISIONS = {"float32": "fp32", "float16": "fp16", "bfloat16": "bf16", "float64": "fp64"}
MOST_STRATA = 250


@dataclass(frozen=True)
class Seen:
    """Everything that was seen; ``path`` and ``model`` are relative to the rubric's folder.

    ``schemed`` says whether the schemes that a draft proposes start from such a model.
    """

    title: str
    path: str
    data: Sighting
    guess: Guess
    model: str | None
    signature: Signature | None
    trial: Trial
    costs: tuple[MarginCost, ...]
    schemed: bool = True

    @property
    def target(self) -> Column | None:
        """The column with the gold answer."""
        return None if self.guess.target is None else self.data.column(self.guess.target)

    @property
    def reference(self) -> str:
        """What the reference is called: its precision, where that is known."""
        return PRECISIONS.get(self.signature.precision, "reference") if self.signature else "fp32"

    @property
    def rows(self) -> str:
        """How many rows there are, in words."""
        return f"{self.data.rows:,} rows" if self.data.whole else f"over {self.data.rows:,} rows"

    @property
    def strata(self) -> dict[Any, int]:
        """Sizes of the strata by target class; empty where there are none or too many."""
        column = self.target
        return dict(column.counts) if column and len(column.counts) <= MOST_STRATA else {}


def draft_text(seen: Seen) -> str:
    """Write a rubric that loads without errors and judges nothing until a margin is declared."""
    return "\n".join(
        [
            *_head(seen),
            *_task(seen),
            *_strata(seen),
            *_metrics(seen),
            *_variants(seen),
            *_rest(seen),
            "",
        ]
    )


def _head(seen: Seen) -> Iterator[str]:
    made = f"{_file(seen.path)} ({seen.rows})"
    made += f" and {_file(seen.model)}" if seen.model else ""
    yield f"# yaml-language-server: $schema={FILE}"
    yield "#"
    yield f"# Drafted from {made}."
    yield "# What stands here was seen in them. What says DECLARE only a person can say, and before"
    yield "# anything is measured; `quantassay plan` on this file shows what each choice costs."
    yield ""
    yield f"rubric: {yaml_text(f'{seen.title}-{seen.reference}/1')}"


def _file(path: str) -> str:
    return yaml_text(PurePath(path).name)


def _task(seen: Seen) -> Iterator[str]:
    yield ""
    yield "task:"
    yield from aligned(
        [(f"  name: {yaml_text(seen.title)}", "DECLARE what the model is asked to do")]
    )
    yield "  data:"
    yield from aligned(list(_source(seen)))
    yield from _outputs(seen)
    yield from preprocessing_lines(seen.data, seen.guess, seen.signature)
    yield from aligned(
        [
            (
                "  composition: undeclared",
                "DECLARE clean, in-domain, out-of-distribution, production-matched, or your words",
            ),
            ("  clusters: unknown", _clusters(seen)),
        ]
    )


def _source(seen: Seen) -> Iterator[tuple[str, str]]:
    found = seen.guess
    yield f"    path: {yaml_text(seen.path)}", seen.rows
    if found.id is not None:
        yield f"    id: {yaml_text(found.id)}", "each value once"
    else:
        yield "    # id:", "no column was seen to name each sample: the row number does"
    if isinstance(found.input, str):
        yield f"    input: {yaml_text(found.input)}", _input(seen, found.input)
    elif isinstance(found.input, list):
        yield from _listed(seen, found.input)
    elif found.input is not None:
        pairs = ", ".join(f"{yaml_text(k)}: {yaml_text(v)}" for k, v in found.input.items())
        yield f"    input: {{{pairs}}}", "columns called as the model's inputs"
    else:
        yield "    # input:", "DECLARE the column that feeds the model, or a list of columns"
    if found.target is not None:
        yield f"    target: {yaml_text(found.target)}", _classes(seen)
    else:
        yield "    # target:", "DECLARE the column with the gold answer; none was recognized"


def _listed(seen: Seen, names: list[str]) -> Iterator[tuple[str, str]]:
    """Write a list of columns over as many lines as it needs."""
    takes = f"; the model takes {seen.signature.inputs[0]}" if seen.signature else ""
    lines = wrapped("    input: [", [yaml_text(name) for name in names], "]")
    notes = [f"{len(names)} numeric columns, in the file's order{takes}"]
    yield from zip_longest(lines, notes, fillvalue="")


def _input(seen: Seen, name: str) -> str:
    column = seen.data.column(name)
    takes = f"; the model takes {seen.signature.inputs[0]}" if seen.signature else ""
    if column is None:
        return takes.removeprefix("; ")
    sizes = " x ".join(map(str, column.shape))
    ends = f", {column.low:g} to {column.high:g}" if column.low is not None else ""
    return f"{f'{sizes} ' if sizes else ''}{column.dtype}{ends}{takes}"


def _classes(seen: Seen) -> str:
    sizes = seen.strata.values()
    if not sizes:
        column = seen.target
        return f"{column.distinct:,} different values" if column else ""
    few, most = min(sizes), max(sizes)
    return f"{len(sizes)} classes of {f'{few:,} to ' if few < most else ''}{most:,} samples"


def _outputs(seen: Seen) -> Iterator[str]:
    trial = seen.trial
    rows = [(f"    kind: {trial.kind}", _kind(trial))]
    if trial.classes is not None:
        names = ", ".join(yaml_text(name) for name in trial.classes)
        rows.append((f"    classes: [{names}]", "DECLARE the order: this one is the alphabet's"))
    elif trial.unnamed:
        note = f"DECLARE what the model's {trial.width} outputs stand for, in their order"
        rows.append(("    # classes: []", note))
    yield "  outputs:"
    yield from aligned(rows)


def _kind(trial: Trial) -> str:
    if trial.why:
        return f"a guess ({trial.why}); or logits, probabilities, labels"
    if trial.kind == "scores":
        return f"rows of {trial.samples} samples do not sum to one; or logits, if they are"
    seen = "sum to one" if trial.kind == "probabilities" else "are single answers"
    return f"rows of {trial.samples} samples {seen}"


def _clusters(seen: Seen) -> str:
    columns = ", ".join(yaml_text(name) for name in seen.guess.groups[:3])
    also = f" (such as {columns}?)" if columns else ""
    return f"DECLARE independent, or the column{also} whose equal values belong together"


def _strata(seen: Seen) -> Iterator[str]:
    name = seen.guess.target
    yield ""
    if seen.strata and name is not None:
        yield "strata:"
        yield f"  - {yaml_text(name)}"
        value = yaml_text(next(iter(seen.strata)))
        where = f"{{{yaml_text(name)}: [{value}]}}"
    else:
        yield "strata: []"
        where = "{column: [value]}"
    yield "  # DECLARE the parts that must not be hurt, whatever the average says:"
    yield f"  # - {{name: critical, where: {where}, critical: true}}"


def _metrics(seen: Seen) -> Iterator[str]:
    strata = len(seen.strata)
    yield ""
    yield "metrics:"
    yield "  # DECLARE the largest loss that you accept, by removing the '#' before 'margin' (and"
    yield "  # 'by', for each stratum) below. Until then nothing is judged. 0.01 is one percentage"
    yield "  # point. Samples are for each part that carries the margin, at 95 % confidence: the"
    yield "  # least at which a pass is possible, and what gives power 0.9 where nothing is lost,"
    shares = ", ".join(f"{psi * 100:g} %" for psi in DISCORDANCES)
    yield f"  # when {shares} of the answers change between right and wrong."
    yield from (f"  #   {line}" for line in table(seen.costs, seen.data.rows, strata))
    yield "  - name: top1"
    yield "    # margin: 0.02"
    if seen.strata and seen.guess.target is not None:
        yield f"    # by: {{{yaml_text(seen.guess.target)}: 0.1}}"
    if seen.trial.kind == "probabilities":
        yield "  - name: brier"
        yield "    # margin: 0.01"


def _variants(seen: Seen) -> Iterator[str]:
    name = seen.reference
    model = yaml_text(seen.model or "model.onnx")
    note = _reference_note(seen)
    yield ""
    yield from aligned([(f"reference: {name}", note)])
    yield ""
    yield "variants:"
    yield from aligned(
        [(f"  {name}: {{model: {model}}}", "" if seen.model else "DECLARE: none was given")]
    )
    if not seen.schemed:
        yield "  # DECLARE what is judged: a file made elsewhere, or a scheme that starts from such"
        yield "  # a model (`quantassay list schemes`)."
        yield f"  candidate: {{model: {model}}}"
        return
    yield f"  int8-dynamic: {{scheme: onnxruntime-dynamic, of: {name}}}"
    yield "  # A static scheme sets its ranges from samples that are not the test set. DECLARE"
    yield "  # them: put their file below, and remove the '#' here and at 'calibrations'."
    yield f"  # int8-static: {{scheme: onnxruntime-static, of: {name}, calibration: train}}"
    yield ""
    yield "# calibrations:"
    yield f"#   train: {{data: {{path: train{PurePath(seen.path).suffix}}}, samples: 256}}"


def _reference_note(seen: Seen) -> str:
    if seen.signature and seen.signature.quantized:
        ops = ", ".join(seen.signature.quantized)
        return f"DECLARE: this model is quantized already ({ops}); is it the reference?"
    return "" if seen.signature else "DECLARE: the precision was not seen"


def _rest(seen: Seen) -> Iterator[str]:
    yield ""
    yield from aligned([("confidence: 0.95", "of the two-sided interval: 0.025 on each side")])
    sizes = {tensor.shape[0] for tensor in seen.signature.inputs} if seen.signature else {None}
    fixed = next(iter(sizes - {None}), None)
    why = "the model takes no other" if fixed else "can change answers, so it is declared"
    yield from aligned([(f"inference: {{batch: {fixed or 64}}}", why)])
    yield "# Every variant is timed too: in batches ('offline'), unless said otherwise. To ask one"
    yield "# sample at a time, and to demand a speed-up of every candidate:"
    yield "# timing: {protocol: single-stream, duration: 10s, speedup: 1.2}"
    yield "seed: 0"
