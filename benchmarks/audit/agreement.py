"""Agreement of the audit with labelled texts: precision, recall and F1 by column.

``python -m benchmarks.audit.agreement NAME FOLDER [--only A,B] [--without A,B] [--write]``

FOLDER holds texts and ``labels.csv`` (a row a text: ``file`` and a column an item, each yes,
partial or no). The texts are other people's, so they are not kept here; ``figures.csv`` holds what
this script counted, ``docs/audit.md`` is made from it.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import quantassay as qa

ANSWERS = ("yes", "partial", "no")
FIGURES = Path(__file__).parent / "figures.csv"
FIELDS = ("set", "texts", "column", "answer", "labelled", "given", "right", "misses")
Decision = tuple[str, str, str, str]


def decisions(folder: Path, only: Sequence[str], without: Sequence[str]) -> Iterator[Decision]:
    """Yield (text, column, label, answer) of every labelled item."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        text = row["file"].split("-")[0]
        if (only and text not in only) or text in without:
            continue
        items = qa.audit(folder / row["file"]).claims[0].items
        for column, item in items.items():
            if row.get(column) in ANSWERS:
                yield text, column, row[column], item.answer


def counted(name: str, found: Sequence[Decision]) -> list[dict[str, object]]:
    """Count every answer of every column."""
    columns = dict.fromkeys(column for _, column, _, _ in found)
    return [_row(name, column, answer, found) for column in columns for answer in ANSWERS]


def _row(name: str, column: str, answer: str, found: Sequence[Decision]) -> dict[str, object]:
    of = [one for one in found if one[1] == column]
    labelled = {text for text, _, label, _ in of if label == answer}
    given = {text for text, _, _, said in of if said == answer}
    return {
        "set": name, "texts": len(of), "column": column, "answer": answer,
        "labelled": len(labelled), "given": len(given), "right": len(labelled & given),
        "misses": " ".join(sorted(labelled - given)),
    }  # fmt: skip


def f1(row: Mapping[str, object]) -> float | None:
    """Return the F1 of one answer; None where it was neither labelled nor given."""
    whole = int(str(row["labelled"])) + int(str(row["given"]))
    return 2 * int(str(row["right"])) / whole if whole else None


def macro(rows: Sequence[Mapping[str, object]]) -> float:
    """Return the mean F1 over the answers of a column that occur."""
    scores = [score for row in rows if (score := f1(row)) is not None]
    return sum(scores) / len(scores)


def by_column(rows: Sequence[Mapping[str, object]]) -> dict[str, float]:
    """Return the macro-F1 of each column."""
    columns = dict.fromkeys(str(row["column"]) for row in rows)
    return {name: macro([row for row in rows if row["column"] == name]) for name in columns}


def main() -> None:
    """Count, print, and keep the figures where asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--without", default="")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    only, without = (list(filter(None, part.split(","))) for part in (given.only, given.without))
    found = list(decisions(given.folder, only, without))
    rows = counted(given.name, found)
    for text, column, label, answer in found:
        if label != answer:
            print(f"{text} {column}: labelled {label}, given {answer}", file=sys.stderr)
    scores = by_column(rows)
    for column, score in scores.items():
        print(f"{column:<16} {score:.3f}")
    seven = [score for column, score in scores.items() if column not in EXTRA]
    print(f"macro-F1 over {len(seven)} columns {sum(seven) / len(seven):.3f}")
    if given.write:
        _keep(given.name, rows)


EXTRA = ("composition", "sample_size")


def _keep(name: str, rows: Sequence[Mapping[str, object]]) -> None:
    with FIGURES.open(encoding="utf-8", newline="") as file:
        others = [row for row in csv.DictReader(file) if row["set"] != name]
    with FIGURES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows([*others, *rows])


if __name__ == "__main__":
    main()
