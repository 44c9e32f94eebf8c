"""Run small networks times four schemes through `quantassay run`, and tabulate tendencies.

``python -m benchmarks.foretelling.run FOLDER [COUNT]`` writes each network (60 by default), its
rubric and its run folder under ``FOLDER/<network>/``; what is there already is not made again. It
needs torch. Then ``figures.csv`` here is what this says of them, scheme by scheme and pooled:

    quantassay foretell FOLDER/*/run --metric brier [--scheme onnxruntime-int4]
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import pyarrow.parquet as pq

import quantassay as qa

from .networks import design, make

DIGITS = Path(__file__).parents[2] / "examples" / "digits"
COUNT = 60
FIGURES = Path(__file__).parent / "figures.csv"
METRICS = ("brier", "top1")
SCHEMES = (None, "onnxruntime-static", "onnxruntime-dynamic", "onnxruntime-int4")
FIELDS = (
    "metric", "scheme", "tendency", "correlation", "low", "high", "p_adjusted", "triples", "models",
    "clear", "reason",
)  # fmt: skip
RUBRIC = """
rubric: foretelling-{name}/1
task:
  name: handwritten-digits
  data: {{path: {digits}/test.parquet, id: image_id, input: pixels, target: digit}}
  preprocess: {{tensor: {{shape: [1, 8, 8], divide: 16}}}}
  outputs: {{kind: logits}}
  composition: half in-domain, half rotated by 5 to 15 degrees with added noise
  clusters: {{column: original, between: unknown}}
metrics:
  - {{name: top1, margin: 0.02}}
  - {{name: brier, margin: 0.02}}
reference: fp32
variants:
  fp32: {{model: {name}.onnx}}
  fp16: {{scheme: onnxruntime-fp16, of: fp32}}
  dynamic: {{scheme: onnxruntime-dynamic, of: fp32}}
  static: {{scheme: onnxruntime-static, of: fp32, calibration: some}}
  int4: {{scheme: onnxruntime-int4, of: fp32}}
calibrations:
  some:
    data: {{path: {digits}/train.parquet, id: image_id, input: pixels}}
    samples: 128
timing: null
tendencies: {{samples: 64, budget: 60s, pruned: [0.3], perturbed: [0.02]}}
seed: 2026
"""


def one(folder: Path, seed: int) -> None:
    """Make and run one network, unless that was done."""
    name, drawn = f"n{seed:02d}", design(seed)
    here = folder / name
    here.mkdir(parents=True, exist_ok=True)
    if not (here / f"{name}.onnx").exists():
        make(drawn, pq.read_table(DIGITS / "train.parquet"), here / f"{name}.onnx")
    rubric = here / "assay.yaml"
    rubric.write_text(RUBRIC.format(name=name, digits=DIGITS), encoding="utf-8")
    if not (here / "run" / "tendencies.json").exists():
        qa.run(rubric, here / "run")
    print(f"{name}: {drawn}", flush=True)


def tabulated(folders: Sequence[Path]) -> Iterator[dict[str, object]]:
    """Yield how well each tendency foretold the loss, by metric, pooled and within each scheme."""
    for metric, scheme in product(METRICS, SCHEMES):
        found = qa.foretell(folders, metric, scheme)
        for one in found.foretold:
            low, high = one.interval or ("", "")
            figures = (
                metric, scheme or "", one.name, one.correlation, low, high, one.p_adjusted,
                one.triples, one.models, f"{found.clear}/{len(found.triples)}", one.reason,
            )  # fmt: skip
            yield dict(zip(FIELDS, map(_text, figures), strict=True))


def _text(value: object) -> object:
    return f"{value:.4g}" if isinstance(value, float) else "" if value is None else value


def main(folder: Path, count: int = COUNT) -> None:
    for seed in range(count):
        one(folder, seed)
    rows = list(tabulated([folder / f"n{seed:02d}" / "run" for seed in range(count)]))
    with FIGURES.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, FIELDS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    for row in rows:
        print(*row.values(), sep="  ")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:3]))
