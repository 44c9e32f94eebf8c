"""MLPerf Tiny's ResNet8 pair on JPEG copies of the test images, through ``run``."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

import quantassay as qa
from quantassay.records.result import Result
from quantassay.stats import area_under_roc

MARGIN = 0.005
CLASSES = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)
RUBRIC = f"""
rubric: reproductions-tiny-resnet8/1
task:
  name: image classification
  data: {{{{path: {{folder}}/test.parquet, id: image_id, input: jpeg, target: class}}}}
  outputs:
    classes: [{", ".join(CLASSES)}]
  preprocess: {{{{image: {{{{layout: NHWC, divide: 1}}}}}}}}
  composition: CIFAR-10 test images as JPEG
  clusters: independent
strata: [class]
metrics: [{{{{name: top1, margin: {MARGIN}}}}}]
reference: fp32
variants:
  fp32: {{{{model: {{folder}}/resnet8-fp32.tflite}}}}
  int8: {{{{model: {{folder}}/resnet8-int8.tflite}}}}
timing: null
"""
# Outputs of the int8 model are codes from -128 up, each 1/256 of probability.
CODES, ZERO = 256, -128


@dataclass(frozen=True)
class Areas:
    """Mean over classes of the area under the ROC curve, and as MLPerf Tiny's script has it."""

    exact: float
    simplified: float


@dataclass(frozen=True)
class Ran:
    """What ``run`` found, and areas of float32, of int8 as probabilities and as codes."""

    result: Result
    areas: dict[str, Areas]


def simplified_area(score: np.ndarray, positive: np.ndarray) -> float:
    """Integrate the ROC curve over the thresholds 0, .01, ... 1, as the published script defines.

    The first point is (1, 1); what lies beyond the last threshold is left out.
    """
    thresholds = np.arange(0.0, 1.01, 0.01)
    above = score[:, None] > thresholds
    rates = [above[group].mean(axis=0) for group in (positive, ~positive)]
    for rate in rates:
        rate[0] = 1.0
    true, false = rates
    return float(((true[:-1] + true[1:]) / 2 * (false[:-1] - false[1:])).sum())


def areas(scores: np.ndarray, targets: np.ndarray) -> Areas:
    """Return both means over classes of one-against-the-rest areas."""
    groups = [targets == name for name in CLASSES]
    return Areas(
        float(np.mean([area_under_roc(scores[:, k], of) for k, of in enumerate(groups)])),
        float(np.mean([simplified_area(scores[:, k], of) for k, of in enumerate(groups)])),
    )


def kept(folder: Path, variant: str) -> np.ndarray:
    """Read the scores that a run kept, (n, 10)."""
    column = pq.read_table(folder / "predictions" / f"{variant}.parquet")["scores"]
    return np.array(column.to_pylist())


def ran(folder: Path) -> Ran:
    """Judge the pair of a folder; 20 seconds."""
    with tempfile.TemporaryDirectory() as work:
        rubric, out = Path(work) / "assay.yaml", Path(work) / "run"
        rubric.write_text(RUBRIC.format(folder=folder), encoding="utf-8")
        result = qa.run(rubric, out=out)
        targets = np.array(pq.read_table(folder / "test.parquet", columns=["class"])["class"])
        fp32, int8 = kept(out, "fp32"), kept(out, "int8")
    return Ran(
        result,
        {
            "fp32, probabilities": areas(fp32, targets),
            "int8, probabilities": areas(int8, targets),
            "int8, codes": areas(int8 * CODES + ZERO, targets),
        },
    )
