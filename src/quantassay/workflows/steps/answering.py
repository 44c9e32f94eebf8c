"""Every variant's answers to the exam, from its model or as recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantassay.engines.contract import Session
from quantassay.engines.executor import machine
from quantassay.errors import InputError
from quantassay.pairing.join import join, same_targets
from quantassay.readers.outputs import interpret, refuse_unknown_targets
from quantassay.readers.recognized import reader_of
from quantassay.records.executor import EngineUse
from quantassay.records.samples import Predictions
from quantassay.runs.cache import OutputCache, cache_root
from quantassay.runs.folder import RunFolder
from quantassay.runs.inference import predict
from quantassay.runs.recording import record_predictions

from .asking import Exam
from .progress import Progress
from .question import needs_answers
from .searching import Corpus
from .sides import Part, Source, refuse_other_identity, side_of
from .tables import Columns
from .unanswered import refuse_misspelt
from .variants import Prepared


@dataclass(frozen=True)
class Answers:
    """Predictions and engine use of every variant; ``repeated`` are the reference's again."""

    predictions: Mapping[str, Predictions]
    repeated: Predictions | None
    uses: Mapping[str, EngineUse]


def scope_of(folder: RunFolder) -> object:
    """Return what outlives a run that was cut off, and no other."""
    return str(folder.path.resolve()), len(folder.journal.find("finished"))


def answer_all(
    exam: Exam,
    variants: Mapping[str, Prepared],
    folder: RunFolder,
    allow_missing: bool,
    progress: Progress,
) -> Answers:
    """Run every variant over the test set, the reference twice; keep predictions in the folder."""
    found: dict[str, Predictions] = {}
    uses: dict[str, EngineUse] = {}
    scope, n = scope_of(folder), len(exam.samples)
    for name, variant in variants.items():
        if variant.recorded is not None:
            found[name] = recorded(exam, variant, allow_missing)
        else:
            found[name], uses[name] = answers(exam, variant, n, scope, progress)
        record_predictions(folder.path / "predictions" / f"{name}.parquet", found[name])
    deciding = variants[exam.rubric.references[0]]
    repeated = None
    if deciding.recorded is None:
        repeated, _ = answers(exam, deciding, n, scope, progress, replicate=1)
    return Answers(found, repeated, uses)


def answers(
    exam: Exam, variant: Prepared, n: int, scope: object, progress: Progress, replicate: int = 0
) -> tuple[Predictions, EngineUse]:
    """Run a variant over the first ``n`` samples; what was run before is not run again."""
    part = "" if exam.order is None else f", {n:,} of at most {exam.order.ends[-1]:,} samples"
    text = f"running {variant.name}{' again' if replicate else ''}{part}"
    advance = progress.stage(text, n)
    session = variant.open()
    use = replace(session.use(), batch=exam.rubric.inference.batch)
    outputs, key = exam.rubric.task.outputs, _cache_key(exam, variant, use, replicate, scope)
    raw = predict(
        session.run,
        lambda start: exam.batches(start, n),
        n,
        outputs.name,
        OutputCache(cache_root(), key),
        advance,
    )
    ids = exam.samples.ids[:n]
    if exam.corpus is None:
        fields = interpret(raw, outputs.kind, outputs.classes, ids)
    else:
        advance = progress.stage(f"{text}: the corpus", len(exam.corpus))
        documents = _documents(exam, exam.corpus, session, key, advance)
        fields = exam.corpus.found(raw, documents, exam.samples)
    if getattr(session, "learns_from_a_batch", False):
        use = replace(_after_a_batch(exam, session, n), batch=use.batch)
    session.close()
    if exam.samples.target is not None and "classes" in fields:
        refuse_unknown_targets(exam.samples.target, fields["classes"], exam.samples.ids)
    return Predictions(ids, absent=np.zeros(n, bool), **fields), use


def _after_a_batch(exam: Exam, session: Session, n: int) -> EngineUse:
    """Describe an engine that knows what it runs only once it ran: the first batch, if none yet."""
    if not session.outputs:
        session.run(next(exam.batches(0, n))[1])
    return session.use()


def _documents(
    exam: Exam,
    corpus: Corpus,
    session: Session,
    key: Mapping[str, Any],
    advance: Callable[[int], object],
) -> NDArray[Any]:
    """Return a variant's embeddings of the corpus, which do not depend on the order of samples."""
    source = corpus.source
    own = {"data": corpus.digest, "input": source.input or key["input"], "where": source.where}
    kept = {name: value for name, value in key.items() if name != "order"}
    return predict(
        session.run,
        exam.stream(source).resumed,
        len(corpus),
        exam.rubric.task.outputs.name,
        OutputCache(cache_root(), {**kept, **own}),
        advance,
    )


def _cache_key(
    exam: Exam, variant: Prepared, use: EngineUse, replicate: int, scope: object
) -> dict[str, Any]:
    preprocess = exam.rubric.task.preprocess
    own = preprocess and (preprocess.function or preprocess.image)
    unseen = variant.artifact is None or own or "module" in variant.engine_options
    here = machine()
    return {
        # what a user's own code or a server does, and what image files hold, is known only while
        # one run lasts
        "scope": scope if unseen else None,
        "artifact": variant.artifact.digest if variant.artifact else None,
        "data": exam.samples.digest,
        "input": exam.rubric.task.data.input,
        "where": exam.rubric.task.data.where,
        "preprocess": exam.preprocess.source_digest,
        "output": exam.rubric.task.outputs.name,
        "batch": exam.rubric.inference.batch,
        "engine": (use.engine, use.version, use.provider, use.threads, use.graph_level),
        "options": (sorted(use.options.items()), sorted(variant.engine_options.items())),
        "processor": (here.processor, here.instructions),
        "replicate": replicate,
        **({} if exam.order is None else {"order": exam.order.digest}),
    }


def _part(exam: Exam, variant: Prepared) -> Part:
    """Read what a variant recorded of the task: from a table, or from a log of several tasks."""
    data = exam.rubric.task.data
    assert variant.recorded is not None
    gold = [exam.loaded.resolve(each) for each in data.gold]
    log = hasattr(reader_of(variant.recorded), "read_log")
    answered = any(needs_answers(asked.metric) for asked in exam.question.metrics)
    source = Source(Columns(), gold if log else (), predicted=answered)
    parts = side_of(variant.recorded, variant.name, source).parts
    if len(parts) == 1:
        return next(iter(parts.values()))
    if data.task is None or data.task not in parts:
        msg = f"{variant.recorded}: no task {data.task!r}; there are: {', '.join(parts)}"
        raise InputError(msg)
    return parts[data.task]


def recorded(exam: Exam, variant: Prepared, allow_missing: bool) -> Predictions:
    """Read a variant's answers to all samples."""
    assert variant.recorded is not None
    part = _part(exam, variant)
    found = part.recorded
    own = exam.samples.ids, exam.samples.table, exam.identity
    refuse_other_identity(own, part, ("the test set", variant.name))
    predictions = join(exam.samples.ids, found.predictions, variant.name, allow_missing)
    if found.target is not None and exam.samples.target is not None:
        where = dict(zip(exam.samples.ids.tolist(), exam.samples.target.tolist(), strict=True))
        gold = [where[i] for i in found.predictions.ids.tolist()]
        same_targets(
            found.predictions.ids, np.array(gold), found.target, ("the test set", variant.name)
        )
    metrics = [asked.metric for asked in exam.question.metrics]
    refuse_misspelt(metrics, exam.samples, [predictions], f" ({variant.recorded.name})")
    return predictions
