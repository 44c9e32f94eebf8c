"""A throughput measured elsewhere joined to the accuracy of the same model on the same executor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from quantassay.claims.executors.reading import read_executor
from quantassay.claims.join.claim import joined_claim
from quantassay.claims.join.executor_of_log import told_of_executor
from quantassay.claims.join.halves import (
    ALONE,
    EXECUTOR,
    MODEL,
    AccuracyHalf,
    accuracy_half,
    require_own_log,
)
from quantassay.claims.join.outside import outside_speed
from quantassay.claims.join.same_executor import application, same_executor, untold
from quantassay.claims.join.same_model import of_model, require_same_model, told_of_model
from quantassay.claims.reading import ClaimFile, parsed, read_claim_file
from quantassay.errors import InputError, nearest
from quantassay.formats.digests import by_bytes, several
from quantassay.formats.recognized import identify
from quantassay.readers.throughput.fields import printable
from quantassay.readers.throughput.recognized import throughput_reader_of
from quantassay.records.artifacts import Artifact
from quantassay.records.executor_comparison import ExecutorComparison
from quantassay.records.joined import Joined
from quantassay.records.recorded_speed import RecordedSpeed
from quantassay.records.speed import Speed
from quantassay.runs.files import write_text
from quantassay.runs.finished import claim_in

MOST_SAMPLES = 1_000_000


@dataclass(frozen=True)
class Pair:
    """A joined claim: its ``text``, the claim, the throughput that came to it, findings on that."""

    text: str
    file: ClaimFile
    speed: Speed
    joined: Joined
    findings: tuple[str, ...]


def join(
    claim: str | Path,
    log: str | Path,
    *,
    variant: str | None = None,
    model: str | Path | None = None,
    executor: str | Path | None = None,
    reader: str | None = None,
    measurement: str | None = None,
    samples_per_query: int | None = None,
    out: str | Path | None = None,
) -> Pair:
    """Join the throughput that another program recorded to a claim, or refuse.

    Parameters
    ----------
    claim
        The accuracy half: a claim file, or the run folder that holds it.
    log
        The throughput half: what mlperf, trtexec, onnxruntime_perf_test, vllm or llama_bench wrote.
    variant
        Whose throughput it is; the only candidate by default.
    model
        The model file that was timed.
    executor
        What ``quantassay executor`` wrote where the log was made.
    reader
        The log's format; recognized by default.
    measurement
        Which measurement of a log that holds several.
    samples_per_query
        Samples that each query or request of the log held.
    out
        Where the joined claim is written.

    Returns
    -------
    Pair
        The joined claim. The one that it was joined to is left as it is.

    Raises
    ------
    InputError
        If either half, the model or the executor is missing, or they do not belong together.
    """
    if samples_per_query is not None and not 1 <= samples_per_query <= MOST_SAMPLES:
        given = str(samples_per_query)[:20]
        msg = f"--samples-per-query {given}: a query holds at least one sample, at most a million"
        raise InputError(msg)
    log, half = Path(log), accuracy_half(read_claim_file(claim_in(Path(claim))), variant)
    _spare(out, half.file.path, log, model, executor)
    found, artifact = _measured(log, reader, measurement, model), _model(half, model)
    notes = list(told_of_model(log, found, artifact))
    compared, of_executor = _executor(log, found, half, executor)
    notes += [*of_executor, *_held(samples_per_query, half), *found.notes]
    digest = _digest(log, found)
    require_own_log(half, digest, found)
    speed = outside_speed(found, half, log, digest, samples_per_query)
    joined = _joined(half, found, digest, compared)
    return _written(joined_claim(half, speed, joined, notes), half, speed, joined, out)


def _executor(
    log: Path, found: RecordedSpeed, half: AccuracyHalf, executor: str | Path | None
) -> tuple[ExecutorComparison, list[str]]:
    """Hold the executor of a log to that of the accuracy half, and the log to both."""
    if executor is None:
        msg = f"{log}: {ALONE.format(what=EXECUTOR)}"
        raise InputError(msg)
    compared = same_executor(half, Path(executor))
    there = read_executor(Path(executor))
    return compared, [*told_of_executor(log, found, half, there), *untold(compared)]


def _joined(
    half: AccuracyHalf, found: RecordedSpeed, digest: str, compared: ExecutorComparison
) -> Joined:
    return Joined(
        variant=half.variant,
        origin=half.file.digest,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        program=found.program,
        file=found.file,
        log=digest,
        measurement=found.name,
        model=half.artifact.digest,
        executor=compared.other,
        application=application(compared),
        facts=_facts(found),
    )


def _spare(out: str | Path | None, *read: str | Path | None) -> None:
    """Refuse to write over what is read, the claim that a run committed to among it."""
    places = [Path(one).resolve() for one in read if one is not None]
    if out is not None and Path(out).resolve() in places:
        msg = f"--out {out}: is read, and what is joined is left as it is; name another file"
        raise InputError(msg)


def _model(half: AccuracyHalf, model: str | Path | None) -> Artifact:
    """Return the model file that was timed, shown to be that of the accuracy half."""
    assert model is not None
    path = Path(model)
    found = by_bytes(path)
    if found.digest != half.artifact.digest:  # a model of several files has its format's digest
        found = identify(path)
    require_same_model(half, found)
    return found


def _measured(
    log: Path, reader: str | None, measurement: str | None, model: str | Path | None
) -> RecordedSpeed:
    """Return the measurement of a log that is asked for, of the model named."""
    if model is None:
        msg = f"{log}: {ALONE.format(what=MODEL)}"
        raise InputError(msg)
    found = of_model(throughput_reader_of(log, reader).read_speed(log), Path(model))
    names = [one.name for one in found]
    chosen = [one for one in found if measurement in (None, one.name)]
    if len(chosen) == 1:
        return replace(chosen[0], file=printable(log.resolve().name))
    listed = ", ".join(map(repr, dict.fromkeys(names)))
    if measurement is None:
        msg = f"{log}: holds several measurements; name one with --measurement: {listed}"
    elif chosen:
        msg = f"{log}: {len(chosen)} measurements are called {measurement!r}; keep one of them"
    else:
        near = nearest(measurement, names)
        msg = f"{log}: no measurement is called {measurement!r}{near}; there are: {listed}"
    raise InputError(msg)


def _digest(log: Path, found: RecordedSpeed) -> str:
    """Return the SHA-256 of all that a measurement was read from."""
    files = {file.name: file for file in found.files}
    return (several(log, files) if len(files) > 1 else by_bytes(log)).digest


def _held(samples: int | None, half: AccuracyHalf) -> list[str]:
    """Say what was declared of a query, and whether answers were measured at that batch."""
    if samples is None:
        return []
    own = half.use.batch if half.use else None
    said = [f"samples a query were declared, not read from the log: {samples}"]
    if own is not None and own != samples:
        said.append(f"accuracy was measured at batch {own}: another batch can change answers")
    return said


def _facts(found: RecordedSpeed) -> dict[str, str]:
    layers = ", ".join(f"{count} {kind}" for kind, count in found.layers.items())
    told = {"model": found.model, "processor": found.processor, "device": found.device}
    threads = "" if found.threads is None else str(found.threads)
    own = {**told, "threads": threads, "layers": layers}
    return {**{key: text for key, text in own.items() if text}, **found.facts}


def _written(
    text: str, half: AccuracyHalf, speed: Speed, joined: Joined, out: str | Path | None
) -> Pair:
    """Write a joined claim that reads back whole."""
    path = Path(out) if out is not None else half.file.path
    file = parsed(text.encode(), path)
    if file.problems:
        msg = f"{half.file.path}: cannot be joined: {file.problems[0]}"
        raise InputError(msg)
    if out is not None:
        write_text(path, text)
    findings = tuple(file.raw["findings"][len(half.file.raw["findings"]) :])
    return Pair(text, file, speed, joined, findings)
