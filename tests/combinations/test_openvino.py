"""OpenVINO beside ONNX Runtime, on a real model."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("openvino", reason="openvino is not installed: make test")

from tests.models.file_types import MAGIKA, features, magika

from quantassay.engines.executor import machine
from quantassay.engines.onnxruntime.engine import OnnxRuntime
from quantassay.engines.openvino.engine import OpenVino


@pytest.fixture(scope="module")
def answers():
    """What ONNX Runtime says of some files."""
    (found,) = OnnxRuntime.open(magika(), {}).run({"": features(24)}).values()
    return found


@pytest.mark.combination(scheme=None, engine="openvino", model=MAGIKA)
def test_full_precision_agrees_with_onnxruntime(answers):
    session = OpenVino.open(magika(), {})
    (found,) = session.run({"": features(24)}).values()
    np.testing.assert_allclose(found, answers, atol=1e-3)
    np.testing.assert_array_equal(found.argmax(1), answers.argmax(1))
    use = session.use()
    assert (use.asked, use.precisions) == ("f32", ())
    assert use.full_precision["FullyConnected"] == 2


def test_left_alone_it_runs_in_bf16_and_says_so(answers):
    if not {"avx512_bf16", "amx_bf16"} & set(machine().instructions):
        pytest.skip("this processor has no BF16 unit")
    session = OpenVino.open(magika(), {"precision": "default"})
    (found,) = session.run({"": features(24)}).values()
    assert np.abs(found - answers).max() > 1e-3
    use = session.use()
    assert use.asked == "default"
    assert {"FullyConnected", "Convolution"} <= {
        item.op for item in use.precisions if item.precision == "bf16"
    }
