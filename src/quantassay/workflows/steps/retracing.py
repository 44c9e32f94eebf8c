"""What the journal of a run folder says of a claim and of the files that it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from quantassay.claims.consistency import grouped
from quantassay.claims.differences import Difference, differences
from quantassay.claims.join.consistent import origins
from quantassay.claims.reading import ClaimFile
from quantassay.errors import RunFolderError
from quantassay.records.result import Result
from quantassay.records.verification import (
    CLAIM_FILE,
    EXPECTED,
    FILES,
    JOURNAL,
    Check,
    agrees,
    differs,
    unchecked,
)
from quantassay.rubrics.digest import differences as amended
from quantassay.runs.history import amendments, written_digest
from quantassay.runs.journal import Entries, Entry, read_entries
from quantassay.runs.published import committed, digest_of

OLDER = "the run folder is of an older version, which committed itself to no files; run again"
CUT_OFF = "the journal was cut off"
MOST_BYTES = 256 << 20


@dataclass(frozen=True)
class Trail:
    """A journal, and what came of following it; None of ``entries`` where it cannot be read."""

    folder: Path
    entries: Entries | None
    checks: list[Check]

    @property
    def rubric(self) -> Mapping[str, Any] | None:
        """The canonical form that was locked last, before results."""
        found = self.entries.find("rubric") if self.entries else []
        return found[-1].data["canonical"] if found else None


def inside(folder: Path, name: str) -> Path | None:
    """Return a file within a folder by name; None where there is none, or it leads out of it."""
    path = within(folder, name)
    return path if path is not None and path.is_file() else None


def within(folder: Path, name: str) -> Path | None:
    """Return a file or folder within a folder, as `inside` does: a model may be a folder."""
    try:
        path = folder / name
        return path if folder.resolve() in path.resolve().parents and path.exists() else None
    except (OSError, ValueError, RuntimeError):  # a name that no file can have
        return None


def retrace(file: ClaimFile, result: Result | None, folder: Path) -> Trail:
    """Follow the journal of a run folder as far as it tells of a claim."""
    path = folder / "journal.jsonl"
    try:
        if path.stat().st_size > MOST_BYTES:
            return Trail(folder, None, [differs("journal", "", "too long to be a run's")])
        entries = Entries(entry for entry, _ in read_entries(path))
    except RunFolderError as error:
        return Trail(folder, None, [differs("journal's chain", "", error)])
    except OSError as error:
        return Trail(folder, None, [differs("journal", "", f"journal.jsonl: {error.strerror}")])
    checks = [agrees("journal's chain", f"{len(entries.entries)} entries")]
    try:
        checks += [*_finished(entries), *_committed(file, entries, folder)]
        if result is not None:
            checks += _told(entries, result)
        checks += _verdicts(entries, folder)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        checks.append(differs("journal's entries", "", f"not those of a run: {error!r} in one"))
        return Trail(folder, None, checks)
    return Trail(folder, entries, checks)


def _finished(entries: Entries) -> Iterator[Check]:
    last = entries.entries[-1].event if entries.entries else "nothing"
    if last != "finished":
        yield differs("run", "", f"{CUT_OFF} after {last!r}: it does not say 'finished'")


def _committed(file: ClaimFile, entries: Entries, folder: Path) -> Iterator[Check]:
    entry = committed(entries)
    if entry is None:
        last = entries.entries[-1].event if entries.entries else "nothing"
        if last != "finished":
            yield differs(
                "files", "", f"what the run committed to is open: {CUT_OFF} after {last!r}"
            )
            return
        # a claim of this version always comes with what it was committed to
        older = file.claim is None
        yield unchecked("files", OLDER) if older else differs("files", "", OLDER)
        return
    files = dict(entry.data["files"])
    claimed = files.pop("claim.json", "nothing")
    if claimed == file.digest:
        yield agrees("claim as committed", f"{file.digest}, {entry.time}")
    elif claimed in origins(file.claim):
        yield agrees("claim that it was joined from as committed", f"{claimed}, {entry.time}")
    else:
        yield differs("claim as committed", file.digest, claimed, CLAIM_FILE)
    changed = _changed(files, folder)
    yield from grouped("files as committed", changed, f"{len(files)} files", FILES)


def _changed(files: Mapping[str, str], folder: Path) -> Iterator[Difference]:
    for name, digest in files.items():
        path = inside(folder, name)
        found = "not there" if path is None else digest_of(path)
        if found != digest:
            yield name, found, digest


def _told(entries: Entries, result: Result) -> Iterator[Check]:
    locked = entries.find("rubric")
    if not locked:
        yield differs("rubric", result.rubric_digest, "nothing", JOURNAL)
        return
    yield from grouped("rubric as locked", _rubric(locked[-1], result), locked[-1].time, JOURNAL)
    yield from grouped("locked before results", _late(entries), locked[-1].time, EXPECTED)
    data = differences(result.test_set.digest, locked[-1].data["data"])
    yield from grouped("test set as locked", data, result.test_set.digest, JOURNAL)
    told = [list(one) for one in amendments(entries)]
    said = [[one.time, one.key, one.old, one.new] for one in result.amendments]
    changes = differences(said, told)
    yield from grouped("amendments", changes, f"{len(told)}", JOURNAL)
    measured = entries.find("measured")
    answered = measured[-1].data["variants"] if measured else {}
    models = _models(answered, result)
    yield from grouped("models as measured", models, f"{len(result.variants)} variants", JOURNAL)


def _rubric(entry: Entry, result: Result) -> Iterator[Difference]:
    yield from differences(result.rubric_digest, entry.data["digest"], "digest")
    yield from differences(result.rubric_locked, entry.time, "locked")
    for key, new, old in amended(result.rubric_declared or {}, entry.data["canonical"]):
        yield key, new, old


def _late(entries: Entries) -> Iterator[Difference]:
    events = [entry.event for entry in entries.entries]
    last = len(events) - 1 - events[::-1].index("rubric")
    for event in ("measured", "results"):
        if event not in events[last:]:
            yield event, "after the rubric", "before it"


def _models(answered: Mapping[str, str], result: Result) -> Iterator[Difference]:
    for variant in result.variants:
        told = answered.get(variant.name, "nothing")
        if variant.artifact is not None and variant.artifact.digest != told:
            yield variant.name, variant.artifact.digest, told


def _verdicts(entries: Entries, folder: Path) -> Iterator[Check]:
    results, path = entries.find("results"), folder / "verdicts.json"
    told = written_digest(results[-1]) if results else "nothing"
    found = sha256(path.read_bytes()).hexdigest() if path.is_file() else "not there"
    differing = [] if found == told else [("verdicts.json", found, told)]
    yield from grouped("verdicts as noted", differing, "verdicts.json", FILES)
