"""Record predictions as another team or a vendor would hand them over.

``python examples/own/record.py`` writes ``recorded.parquet``: an id, an answer and ten
probabilities for each in-domain image, from a statically quantized model. It stands for
predictions made elsewhere: the rubric is told their claimed precision, and nothing more.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnxruntime
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    quant_pre_process,
    quantize_static,
)

HERE = Path(__file__).parent
DIGITS = HERE.parent / "digits"
sys.path.insert(0, str(HERE))

from own import prepare  # noqa: E402

Array = NDArray[np.float32]


class Images(CalibrationDataReader):
    """Hands one image at a time to the quantizer."""

    def __init__(self, images: Array) -> None:
        self._feeds: Iterator[dict[str, Array]] = ({"pixels": one[None]} for one in images)

    def get_next(self) -> dict[str, Array] | None:
        """Return the next image, or None after the last."""
        return next(self._feeds, None)


def images_of(table: pa.Table) -> Array:
    return prepare(table.combine_chunks().to_batches()[0])


def quantized(path: Path) -> Path:
    """Quantize the digits model to int8 beside ``path``."""
    calibration = images_of(pq.read_table(DIGITS / "train.parquet").slice(0, 32))
    prepared = path.with_name("prepared.onnx")
    quant_pre_process(DIGITS / "fp32.onnx", prepared, skip_symbolic_shape=True)
    quantize_static(prepared, path, Images(calibration), quant_format=QuantFormat.QDQ)
    return path


def softmax(logits: Array) -> Array:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def main() -> None:
    test = pq.read_table(DIGITS / "test.parquet")
    rows = test.filter(pc.equal(test["domain"], "in-domain"))
    with tempfile.TemporaryDirectory() as folder:
        model = quantized(Path(folder, "int8.onnx"))
        session = onnxruntime.InferenceSession(str(model))
        probabilities = softmax(session.run(["logits"], {"pixels": images_of(rows)})[0])
    columns = {f"p{digit}": probabilities[:, digit] for digit in range(10)}
    answers = {"image_id": rows["image_id"], "prediction": probabilities.argmax(axis=1)}
    pq.write_table(pa.table(answers | columns), HERE / "recorded.parquet", compression="zstd")


if __name__ == "__main__":
    main()
