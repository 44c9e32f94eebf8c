"""What MLPerf's text summaries say: an accuracy of all samples, a throughput without accuracy."""

from __future__ import annotations

import re
from pathlib import Path

from quantassay.readers.files.listing import head

LONGEST = 1 << 20
SHOWN = 160
ACCURACY = re.compile(r"accuracy\s*=\s*([\d.]+)\s*%", re.IGNORECASE)
COUNTS = re.compile(r"good\s*=\s*(\d+)\s*,\s*total\s*=\s*(\d+)", re.IGNORECASE)
LINE = re.compile(r"^\s*([^:\n]+?)\s*:\s*(.+?)\s*$", re.MULTILINE)
# key figure of each scenario, in the words of the summary
SPEEDS = {
    "Samples per second": "{} samples/s",
    "Completed samples per second": "{} samples/s",
    "Scheduled samples per second": "{} samples/s",
    "90th percentile latency (ns)": "90th percentile of latency {} ns",
    "99th percentile latency (ns)": "99th percentile of latency {} ns",
}


def says_accuracy(path: Path) -> bool:
    """Return whether a file is written like the accuracy of a data set's script."""
    return bool(COUNTS.search(_text(path)))


def accuracy_note(path: Path, right: int | None = None, n: int = 0) -> tuple[str, ...]:
    """Return what ``accuracy.txt`` says, beside what single answers give where they are known."""
    text = _text(path)
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if not line:
        return ()
    said = f"{path.name} says: {line[:SHOWN]}"
    counts, share = COUNTS.search(text), ACCURACY.search(text)
    if right is None or not (counts or share):
        return (said,)
    same = (
        (int(counts[1]), int(counts[2])) == (right, n)
        if counts
        else abs(float(share[1] if share else "nan") - 100 * right / n) < 0.01
    )
    own = f"{right} of {n} right"
    return (f"{said}; so say its answers" if same else f"{said}; but its answers are {own}",)


def throughput_note(path: Path) -> tuple[str, ...]:
    """Return the key figure of ``mlperf_log_summary.txt``: a throughput without its accuracy."""
    found = dict(lines(path))
    scenario, mode = found.get("Scenario", "?"), found.get("Mode", "?")
    speed = next((words.format(found[key]) for key, words in SPEEDS.items() if key in found), "")
    if not speed or "Accuracy" in mode:
        return ()
    valid = found.get("Result is", "")
    state = f", {valid}" if valid else ""
    return (
        f"{path.name} says: {speed} ({scenario}, {mode}{state}): a throughput of a run that kept "
        "no answers",
    )


def lines(path: Path) -> list[tuple[str, str]]:
    """Return what stands before and after the colon of every line that has one."""
    return LINE.findall(_text(path))


def _text(path: Path) -> str:
    return head(path, LONGEST).decode(errors="replace")
