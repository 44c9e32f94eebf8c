"""The user's own function as an engine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from quantassay.engines.python import Python
from quantassay.testing import check_engine

DIGITS = Path(__file__).parents[2] / "examples" / "digits" / "fp32.onnx"
SERVING = f"""
import onnxruntime

session = onnxruntime.InferenceSession({str(DIGITS)!r}, providers=["CPUExecutionProvider"])
name = session.get_inputs()[0].name


def predict(images):
    return session.run(None, {{name: images}})[0]
"""


@pytest.mark.combination(
    scheme=None, engine="python", model="digits, behind a function of the user's own"
)
def test_a_function_that_serves_digits(tmp_path: Path) -> None:
    (tmp_path / "own_serving.py").write_text(SERVING)
    images = np.random.default_rng(0).random((8, 1, 8, 8), np.float32)
    options = {"function": "own_serving:predict", "folder": tmp_path}
    check_engine(Python, None, {"": images}, options)
    session = Python.open(None, options)
    assert session.run({"": images})["output"].shape == (8, 10)
    assert not session.use().tells
