"""Preprocessing and serving of one's own, as a rubric names them.

``preprocess: own:prepare`` gets the rows of the data and returns what the model takes;
``engine: python:own:predict`` gets that and returns what the model answers. Both are looked up
beside the rubric, take one batch at a time and keep its order.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

MODEL = Path(__file__).parent.parent / "digits" / "fp32.onnx"
Array = NDArray[np.float32]


def prepare(rows: pa.RecordBatch) -> Array:
    """Turn 64 grey levels of 0 to 16 into images [N, 1, 8, 8] of 0 to 1."""
    levels = rows.column("pixels").flatten().to_numpy(zero_copy_only=False)
    return (levels.reshape(-1, 1, 8, 8) / 16).astype(np.float32)


def predict(images: Array) -> Array:
    """Answer a batch: logits [N, 10]."""
    return session().run(["logits"], {"pixels": images})[0]


@cache
def session() -> Any:
    """Load the model once, with its weights rounded to 8 bits: here one's own stack would start."""
    import onnx
    import onnxruntime
    from onnx import numpy_helper

    model = onnx.load(MODEL)
    for weights in model.graph.initializer:
        if len(weights.dims) > 1:
            rounded = to_8_bits(numpy_helper.to_array(weights))
            weights.CopyFrom(numpy_helper.from_array(rounded, weights.name))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString(), options)


def to_8_bits(weights: Array) -> Array:
    """Round weights to 255 equal steps, symmetric around zero."""
    step = np.abs(weights).max() / 127
    return (np.rint(weights / step) * step).astype(np.float32)
