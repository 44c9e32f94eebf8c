"""The page of the audit: what is asked, which rules there are, how well it agrees with labels."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence

from benchmarks.audit.agreement import ANSWERS, EXTRA, FIGURES, by_column

from quantassay.claims.audit.rules import RULES
from quantassay.records.audit import ITEMS

from .tables import page, table

Row = Mapping[str, str]
INTRO = """`quantassay audit PATH...` reads a claim file, a Hugging Face model folder (README with
front matter, `config.json`, `quantize_config.json`, `recipe.yaml`, `.eval_results`), a Markdown,
HTML or reST table, a pull request's text or diff, or plain prose; `-` reads stdin. It needs no
network and no language model.

```console
$ quantassay audit card.md              # every item with the words that disclose it
$ quantassay audit card.md --reply      # what to ask the author, as Markdown
$ quantassay audit cards/*.md --json    # an object a line, schema quantassay/audit/1
$ quantassay audit card.md --strict     # exit 1 where an item is missing or does not agree
$ quantassay audit card.md --sarif audit.sarif
```

Presence is not truth: an item is `yes` where the text discloses it, whatever it discloses. What
does not follow from the figures, and what contradicts itself, is listed apart. Where a text holds
several claims, the headline comes first. Of several sources, `--json` prints an object a line. At
most 250,000 characters are read for disclosures, and a finding says so where there are more."""
ASKED: Mapping[str, tuple[str, str]] = {
    "task": ("a named dataset, benchmark or suite", "a family of tasks, or an unnamed set"),
    "model_base": ("a model with size or version, an architecture with depth", "a family"),
    "model_quantized": ("an artefact, or a format with its scheme or tool", "bits or a method"),
    "metric": ("the scoring rule", "a score whose rule is open, such as accuracy on ImageNet"),
    "reference": ("the precision it ran in", "a word: float, original, dense, baseline"),
    "calibration": (
        "data and procedure, or that none is needed",
        "a procedure that settles whether it happens, or data alone",
    ),
    "strata": ("parts of the task, each with a figure", "several tasks, or parts without figures"),
    "composition": ("what the test set is made of", "the split alone"),
    "sample_size": ("how many samples were scored", "of some sets, or a bound"),
}
EXTEND = """Names are data: YAML files in `src/quantassay/claims/lexicons/data`, described in the
README beside them; a new dataset, metric, model family or format is a line there. A reading of your
own overrules ours item by item:

```python
def read(text):  # quantassay audit card.md --extractor my_reader:read
    return {"task": {"answer": "yes", "quotes": ["TinyImages v2"], "why": "our in-house set"}}
```

A quote that is not in the text is refused."""


def audit_page() -> str:
    """Return the page."""
    with FIGURES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return page(
        "Audit",
        INTRO,
        "## What is asked",
        table(["item", "yes", "partial"], [[f"`{name}`", *ASKED[name]] for name in ITEMS]),
        "A claim is of decision grade with the first seven, where the base and the quantized model "
        "count as one item of six.",
        "## What is checked",
        "A finding that raises a doubt makes `--strict` fail; the others are information.",
        table(["rule", "says", "raises a doubt"], [_rule(name) for name in RULES]),
        "## How well it agrees with labelled texts",
        _agreement(rows),
        "## Extend it",
        EXTEND,
    )


def _rule(name: str) -> list[str]:
    rule = RULES[name]
    return [f"`{name}`", rule.says, "yes" if rule.doubt else "no"]


def _agreement(rows: Sequence[Row]) -> str:
    names = list(dict.fromkeys(row["set"] for row in rows))
    parts = [AGREEMENT]
    for name in names:
        parts += [f"### {name}", _one_set([row for row in rows if row["set"] == name])]
    return "\n\n".join(parts)


AGREEMENT = """Texts by others, labelled by one written guideline. Precision and recall of each
answer: of those given, and of those labelled, the share that is right, with counts. The texts
belong to their authors and are not in this repository: `python -m benchmarks.audit.agreement NAME
FOLDER` counts a folder of texts with its `labels.csv`, and names every miss.

Rules were written while reading the first and the third set, so those figures flatter. The second
set was never read: it is what to expect of a new text, as far as eight can tell."""


def _one_set(rows: Sequence[Row]) -> str:
    scores = by_column(rows)
    seven = [score for name, score in scores.items() if name not in EXTRA]
    lines = [
        [f"`{name}`", f"{score:.2f}", *(_answer(rows, name, one) for one in ANSWERS),
         _misses(rows, name)]
        for name, score in scores.items()
    ]  # fmt: skip
    head = ["column", "macro-F1", *(f"{one}: precision, recall" for one in ANSWERS), "missed"]
    texts = max(int(row["texts"]) for row in rows)
    said = f"{texts} texts; macro-F1 over {len(seven)} columns **{sum(seven) / len(seven):.3f}**."
    return f"{said}\n\n{table(head, lines)}"


def _answer(rows: Sequence[Row], column: str, answer: str) -> str:
    row = next(one for one in rows if one["column"] == column and one["answer"] == answer)
    right, given, labelled = (int(row[key]) for key in ("right", "given", "labelled"))
    return f"{_share(right, given)}, {_share(right, labelled)}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f} ({part}/{whole})" if whole else "none"


def _misses(rows: Sequence[Row], column: str) -> str:
    return " ".join(sorted({
        text for row in rows if row["column"] == column for text in row["misses"].split()
    }))  # fmt: skip
