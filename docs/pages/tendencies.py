"""What each tendency is, how to look for one, and how well they foretold a loss here."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from quantassay.records.tendencies import Definition
from quantassay.tendencies.definitions import DEFINITIONS

from .tables import page, table

FIGURES = Path(__file__).parents[2] / "benchmarks" / "foretelling" / "figures.csv"
INTRO = """
Tendencies are shown, never decisive: no verdict, margin or exit code rests on any of them. They are
figures of models and layers of which it is said that they go with a loss. Whether one does is a
question to many measured triples of model, task and scheme; what the next triple loses, only its
own measurement tells.

    quantassay diagnose assay.yaml             # look for tendencies, beside what was measured
    quantassay foretell runs/* studies/mine    # how well each foretold the measured loss

In Python: `qa.foretell(["runs/a", "runs/b"])`.
"""
LOOK = """
## What each is

Of a model means: the figure by which it is ranked against others. Each stands by layer too. Those
that compare a candidate with the reference are of a triple; all others are of the reference alone,
and the same for every scheme.
"""
HOW = """
## Looking for them

`diagnose` runs `tendencies.samples` inputs of the test set, drawn with the rubric's seed, and what
runs a model many times for `tendencies.budget` seconds: weights of the reference pruned and
perturbed, checkpoints, then the layers of each candidate, one in low precision at a time. Each may
take an equal part of what is left. A figure of a model for which there was no time to look at all
layers says of how many it is. It writes `tendencies.json`, `.md` and `.html` into the run folder,
beside a finished run if there is one, and touches nothing else there.

What was looked at is kept in the cache under all that it depends on: models, samples, versions,
processor. What is of the reference is not looked at again for other candidates, and what the
budget cut short is looked at again.

What enters and leaves layers is watched in copies of ONNX models whose outputs those tensors are.
An engine cannot fuse operations across an output, so these figures are of the copies. Of models in
other formats the noise of the outputs is told, and what the stored weights tell where the format
says which numbers they stand for.

`quantassay run` looks too where the rubric says so ([keys](rubric.md#tendencies)):

```yaml
tendencies: {samples: 64, budget: 60s}
```

## How well they foretell

`foretell` reads run folders, and study folders with a run in each cell, and tabulates Spearman's
rank correlation of each tendency with the measured loss on the whole test set: by the first metric
of each run or by `--metric`, with its sign, so that a gain counts as less than no loss. The
correlation is positive where it went as is said, whichever way round that is.

- **Models are drawn, not triples.** What is seen in the reference is the same for all its schemes,
  and five schemes of one model are not five models. A model is the bytes of the reference's file;
  files whose figures of weights are the same to the last bit are one.
  Each is left out whole; the interval is never narrower than as many independent pairs as there are
  models. How far that holds was simulated ([validity](validity.md)): an end at .025 misses in .031
  of draws at most, and in .053 where losses spread out with the tendency. Percentile, BCa and other
  intervals from whole models drawn again miss in up to .12 where few models have a loss.
- **Below 10 models** a correlation is described: no interval, no p.
- **Settled** is a tendency whose correlation is not zero by Holm's rule over the whole table. Many
  tendencies are looked at; the largest of many correlations is large by chance.
- **Schemes are pooled** unless `--scheme` names one. A correlation then mixes how schemes differ
  with how models do: noise of the outputs foretells that 4 bits lose more than 16 without telling
  one model from another.
- **A loss is measured with noise**, and that draws every correlation towards zero: by about the
  square root of the share of the losses' variance that is not noise. Where half of it is noise, a
  tendency that tells the true loss perfectly shows about .7. The report says in how many triples
  the interval of the loss leaves zero out; larger test sets raise that.
- **The models are those at hand.** Intervals are of models like these, however many there are.

What was passed over is listed with the reason: a run without tendencies or without an end,
tendencies of other model files than the run measured, a reference without a model file, a triple
that was there before, a scheme that changed nothing. A figure of a model that is of some of its
layers alone, for want of time, is not ranked.
"""
MEASURED = """
## Measured here

Sixty small networks for handwritten digits that differ in width, depth, activation, normalization
and weight decay, most of those with ReLU with outlier channels that leave the function as it is;
times fp16, dynamic and static int8 and int4 of onnxruntime. Each is trained apart: no two are
twins. 1,792 images, half of them rotated and noisy.

    python -m benchmarks.foretelling.run FOLDER
    quantassay foretell FOLDER/*/run --metric brier

Brackets are 95 % intervals, each for itself; a star marks what is settled within its column, and
nothing is adjusted for there being eight columns. Thirty networks were run first and settled
nothing; thirty more followed, so that what is settled here is a hint. That most networks hardly
lose anything is as it is: where few losses leave zero out, no tendency has much to foretell.
"""
NAMES = {"brier": "Brier score", "top1": "right answer (top1)"}


def tendencies_page() -> str:
    """Return the page."""
    return page(
        "Tendencies",
        INTRO,
        LOOK,
        definitions(list(DEFINITIONS.values())),
        HOW,
        MEASURED,
        *measured(),
    )


def definitions(found: Sequence[Definition]) -> str:
    """Return the table of what each tendency is."""
    head = ["tendency", "what it is", "unit", "of", "said to go with a larger loss", "source"]
    rows = [
        [
            f"`{one.name}`",
            one.definition,
            one.unit or "none",
            "a candidate against the reference" if one.pair else "the reference",
            f"{one.said} values",
            one.source,
        ]
        for one in found
    ]
    return table(head, rows)


def figures() -> list[dict[str, str]]:
    """Return what was measured."""
    with FIGURES.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def measured() -> list[str]:
    """Return the tables of what was measured, one of each metric."""
    return [
        part
        for metric, rows in groupby(figures(), lambda one: one["metric"])
        for part in _by_scheme(metric, list(rows))
    ]


def _by_scheme(metric: str, rows: list[dict[str, str]]) -> list[str]:
    """Return a table with a column for all schemes pooled, and one for each."""
    schemes = list(dict.fromkeys(one["scheme"] for one in rows))
    names = list(dict.fromkeys(one["tendency"] for one in rows))
    cells = {(one["tendency"], one["scheme"]): one for one in rows}
    clear = {one["scheme"]: one["clear"] for one in rows}
    head = ["tendency", *(f"`{scheme}`" if scheme else _of(scheme) for scheme in schemes)]
    told = ["triples whose loss leaves zero out", *(clear[s].replace("/", " of ") for s in schemes)]
    lines = [[f"`{name}`", *(_cell(cells.get((name, s))) for s in schemes)] for name in names]
    settled = [f"`{one['tendency']}` ({_of(one['scheme'])})" for one in rows if _settled(one)]
    said = f"Settled: {', '.join(settled)}." if settled else "Nothing is settled."
    return [f"### Loss by the {NAMES.get(metric, metric)}", said, table(head, [told, *lines])]


def _settled(one: dict[str, str]) -> bool:
    return bool(one["p_adjusted"]) and float(one["p_adjusted"]) <= 0.05


def _of(scheme: str) -> str:
    return scheme or "all pooled"


def _cell(one: dict[str, str] | None) -> str:
    if one is None or not one["correlation"]:
        return one["reason"] if one else ""
    shown = f"{float(one['correlation']):.2f}"
    if not one["low"]:
        return f"{shown} ({one['reason']})"
    star = "\\*" if _settled(one) else ""
    return f"{shown}{star} [{float(one['low']):.2f}, {float(one['high']):.2f}]"
