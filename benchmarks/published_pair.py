"""All images of MLPerf Tiny's ResNet8 pair, through ``run`` and through a bare LiteRT loop.

``python benchmarks/published_pair.py FOLDER`` wants ``resnet8-fp32.tflite``,
``resnet8-int8.tflite`` and ``test.parquet`` (JPEG bytes in ``jpeg``, ``image_id``, ``class``) in a
folder. It times a whole ``quantassay.run`` of both models (the reference twice, as every run does;
every answer new) on one thread, and in the same process the loop that MLPerf Tiny's own test
script has: each image decoded, then one ``invoke``. The bar is 60 s for the run.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from io import BytesIO
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pyarrow.parquet as pq
from ai_edge_litert.interpreter import Interpreter
from PIL import Image

import quantassay as qa
from quantassay.engines.executor import machine

BAR = 60.0
MODELS = ("resnet8-fp32.tflite", "resnet8-int8.tflite")
RUBRIC = """
rubric: mlperf-tiny-resnet8/1
task:
  name: image classification
  data: {{path: {folder}/test.parquet, id: image_id, input: jpeg, target: class}}
  outputs:
    classes: [airplane, automobile, bird, cat, deer, dog, frog, horse, ship, truck]
  preprocess: {{image: {{layout: NHWC, divide: 1}}}}
  composition: CIFAR-10 test images as JPEG
  clusters: independent
strata: [class]
metrics: [{{name: top1, margin: 0.005}}]
reference: fp32
variants:
  fp32: {{model: {folder}/resnet8-fp32.tflite}}
  int8: {{model: {folder}/resnet8-int8.tflite}}
timing: null
"""


def bare(model: Path, images: list[bytes]) -> None:
    native = Interpreter(model_path=str(model), num_threads=1)
    native.allocate_tensors()
    (fed,), (made,) = native.get_input_details(), native.get_output_details()
    for image in images:
        pixels = np.asarray(Image.open(BytesIO(image)).convert("RGB"))
        whole = fed["dtype"] is np.int8
        ready = (pixels.astype(np.int16) - 128).astype(np.int8) if whole else pixels
        native.set_tensor(fed["index"], ready.astype(fed["dtype"])[None])
        native.invoke()
        native.get_tensor(made["index"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder.resolve()
    images = pq.read_table(folder / "test.parquet", columns=["jpeg"]).column(0).to_pylist()
    with tempfile.TemporaryDirectory() as work:
        os.environ["QUANTASSAY_CACHE"] = f"{work}/cache"
        rubric = Path(work) / "assay.yaml"
        rubric.write_text(RUBRIC.format(folder=folder))
        wall, processor = perf_counter(), process_time()
        result = qa.run(rubric, out=Path(work) / "run")
        ours, spent = perf_counter() - wall, process_time() - processor
    wall = perf_counter()
    for name in (MODELS[0], *MODELS):  # the reference twice, as the run has it
        bare(folder / name, images)
    theirs = perf_counter() - wall
    cell = next(one for one in result.comparison.cells if not one.stratum)
    here = machine()
    print(f"{here.processor}, {here.usable_cores} cores, one thread, {len(images):,} images")
    print(f"run: {ours:.1f} s ({spent:.1f} s of processor), bar {BAR:.0f} s; bare {theirs:.1f} s")
    print(f"ratio run / bare: {ours / theirs:.2f}")
    print(f"top1 {cell.reference_value:.4f} -> {cell.candidate_value:.4f}, loss {cell.loss:.4f} "
          f"{cell.interval}, {cell.verdict} at {cell.margin}")  # fmt: skip


if __name__ == "__main__":
    main()
