"""What the journal tells of a rubric: amendments after results were seen, and looks at them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from quantassay.errors import RunFolderError
from quantassay.records.cells import Cell, stratum_label
from quantassay.records.plain import plain

from .journal import Entries, Entry, Journal, read_entries

COUNTED = (
    "metric", "stratum", "n", "reference_value", "candidate_value", "losses", "gains", "clusters",
)  # fmt: skip
Changes = Callable[[Mapping[str, Any], Mapping[str, Any]], list[tuple[str, str, str]]]


def note_rubric(
    journal: Journal,
    digest: str,
    canonical: Mapping[str, Any],
    data_digest: str,
    changes: Changes,
) -> None:
    """Write down the rubric before anything is measured; say what changed since answers were seen.

    Parameters
    ----------
    journal
        Of the run folder.
    digest, canonical
        Of the rubric.
    data_digest
        Of the test set.
    changes
        Gives (key, old, new) of two canonical forms.
    """
    earlier = journal.find("rubric")
    seen = any(journal.find(event) for event in ("look", "measured", "timed", "results"))
    if earlier and earlier[-1].data["digest"] == digest and earlier[-1].data["data"] == data_digest:
        journal.append("resumed", digest=digest)
        return
    if earlier and seen:
        last = earlier[-1].data
        for key, old, new in changes(last["canonical"], canonical):
            journal.append("amendment", key=key, old=old, new=new)
        if last["data"] != data_digest:
            journal.append("amendment", key="test set", old=last["data"], new=data_digest)
    journal.append("rubric", digest=digest, canonical=dict(canonical), data=data_digest)


def note_look(
    journal: Journal,
    candidate: str,
    pair: tuple[str, str],
    n: int,
    cells: Sequence[Cell],
    answered: Mapping[str, str] | None = None,
) -> None:
    """Write down a declared look at one candidate: what was seen of each cell that is judged.

    A look that is only repeated, after a run was cut off, is not written again. ``answered`` says
    by digest what answered under which name; what is not what it was is an amendment.
    """
    judged = [_seen(cell) for cell in cells if cell.look is not None and cell.margin is not None]
    data: dict[str, Any] = {
        "candidate": candidate, "pair": list(pair), "n": n, "cells": judged,
        "outcome": outcome(journal, pair, cells), "answered": dict(answered or {}),
    }  # fmt: skip
    if not any(entry.data == data for entry in journal.find("look")):
        _note_changed(journal, data["answered"])
        journal.append("look", **data)


def _seen(cell: Cell) -> dict[str, Any]:
    assert cell.look is not None
    return {
        "metric": cell.metric,
        "stratum": stratum_label(cell.stratum),
        "look": cell.look.number,
        "n": cell.n,
        "level": cell.look.level,
        "interval": None if cell.interval is None else list(cell.interval),
        "p_within": cell.p_within,
        "p_beyond_adjusted": cell.p_beyond_adjusted,
        "verdict": cell.verdict,
    }


def note_results(
    journal: Journal,
    results: str,
    outcomes: Mapping[str, Mapping[str, str]] | None = None,
    written: str | None = None,
) -> int:
    """Write down the digest of results; return how many different results were seen here.

    Parameters
    ----------
    journal
        Of the run folder.
    results
        Those of accuracy alone: a throughput differs at every run, and is no look at it.
    outcomes
        What `outcome` gives of every candidate; what looks showed counts too.
    written
        What stands in ``verdicts.json``; None: the results.
    """
    more: dict[str, Any] = {}
    if outcomes is not None:
        more["outcomes"] = {k: dict(v) for k, v in outcomes.items()}
    if written is not None and written != results:
        more["file"] = sha256(written.encode()).hexdigest()
    journal.append("results", digest=sha256(results.encode()).hexdigest(), **more)
    return looks_at(journal, outcomes or {})


def written_digest(results: Entry) -> str:
    """Return the digest of the file that an entry of results speaks of."""
    return str(results.data.get("file", results.data["digest"]))


def note_timed(journal: Journal, pairs: Mapping[str, tuple[str, str]], digest: str) -> None:
    """Write down that candidates were timed beside their reference, before it is judged.

    Parameters
    ----------
    journal
        Of the run folder.
    pairs
        Reference and candidate, as `outcome` has them, by candidate.
    digest
        Of all trials.
    """
    of = {name: _digest(list(pair)) for name, pair in pairs.items()}
    journal.append("timed", of=of, digest=digest)


def times_timed(journal: Entries, pair: tuple[str, str], digest: str) -> int:
    """Return which timing of a pair this is, 1 the first, whatever the rubric said then.

    A changed rubric is no fresh start: what was timed is the same, and was seen.
    """
    of = _digest(list(pair))
    seen = [one.data["digest"] for one in journal.find("timed") if of in one.data["of"].values()]
    return list(dict.fromkeys([*seen, digest])).index(digest) + 1


def looks_at(journal: Entries, outcomes: Mapping[str, Mapping[str, str]]) -> int:
    """Return how many different results a journal tells of, at least 1."""
    times = [times_seen(journal, name, one) for name, one in outcomes.items()]
    return max(len({entry.data["digest"] for entry in journal.find("results")}), *times, 1)


def outcome(journal: Entries, pair: tuple[str, str], cells: Iterable[Cell]) -> dict[str, str]:
    """Return what was measured (rubric, reference, candidate) and what came out, as digests."""
    rubrics = journal.find("rubric")
    rubric = str(rubrics[-1].data["digest"]) if rubrics else ""
    # what was counted, not what follows from it: a better method is no further look
    seen = [plain([getattr(cell, field) for field in COUNTED]) for cell in cells]
    return {"of": _digest([rubric, *pair]), "digest": _digest(seen)}


def times_seen(journal: Entries, candidate: str, now: Mapping[str, str]) -> int:
    """Return how many different outcomes of one pair under one rubric were seen, this one too.

    Looks at a run that was cut off were seen as well: those that differ at the same n.
    """
    before = [entry.data.get("outcomes", {}).get(candidate) for entry in journal.find("results")]
    same = {one["digest"] for one in before if one and one["of"] == now["of"]}
    looks: dict[int, set[str]] = {}
    for entry in journal.find("look"):
        one = entry.data.get("outcome")
        if one and entry.data["candidate"] == candidate and one["of"] == now["of"]:
            looks.setdefault(entry.data["n"], set()).add(one["digest"])
    return max(len(same | {now["digest"]}), *map(len, looks.values()), 1)


def _digest(value: Any) -> str:
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def note_measured(journal: Journal, variants: Mapping[str, str]) -> None:
    """Write down which model files answered, by digest, or by origin where there is none.

    One that is not what it was when results, or a look, were seen under the same name is an
    amendment.
    """
    _note_changed(journal, variants)
    journal.append("measured", variants=dict(variants))


def _note_changed(journal: Journal, variants: Mapping[str, str]) -> None:
    """Write down as an amendment what answers under a name whose figures were seen with another."""
    before: dict[str, str] = {}
    seen = journal.find("results")
    for entry in journal.entries:
        if entry.event == "look":
            before |= entry.data.get("answered", {})
        elif entry.event == "measured" and seen:
            before |= entry.data["variants"]
    for name, identity in variants.items():
        if before.get(name, identity) != identity:
            key = f"variants.{name} (what answered)"
            journal.append("amendment", key=key, old=before[name], new=identity)


def amendments(journal: Entries) -> list[tuple[str, str, str, str]]:
    """Return (time, key, old, new) of every amendment, oldest first."""
    return [
        (entry.time, entry.data["key"], entry.data["old"], entry.data["new"])
        for entry in journal.find("amendment")
    ]
