import json
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    quantize_dynamic,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process
from onnxruntime.transformers.float16 import convert_float_to_float16

from quantassay.engines.onnxruntime import options as onnx_options
from quantassay.engines.onnxruntime.engine import OnnxRuntime
from quantassay.engines.onnxruntime.precision import full_precision, precisions

pytestmark = pytest.mark.filterwarnings("ignore")


class Feeds(CalibrationDataReader):
    def __init__(self):
        rng = np.random.default_rng(0)
        self.left = [{"x": rng.normal(size=(8, 1, 8, 8)).astype(np.float32)} for _ in range(2)]

    def get_next(self):
        return self.left.pop() if self.left else None


@pytest.fixture
def quantized(convolution, tmp_path):
    def make(kind):
        out = str(tmp_path / f"{kind}.onnx")
        prepared = str(tmp_path / "prepared.onnx")
        quant_pre_process(str(convolution), prepared, skip_symbolic_shape=True)
        if kind == "fp16":
            model = convert_float_to_float16(onnx.load(str(convolution)), keep_io_types=True)
            onnx.save(model, out)
        elif kind == "dynamic":
            quantize_dynamic(prepared, out)
        else:
            quantize_static(
                prepared,
                out,
                Feeds(),
                quant_format=QuantFormat[kind],
                per_channel=True,
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QInt8,
            )
        return tmp_path / f"{kind}.onnx"

    return make


def found(path, **options):
    use = OnnxRuntime.open(path, options).use()
    return {(item.op, item.precision): (item.count, item.execution) for item in use.precisions}


@pytest.mark.parametrize("kind", ["QDQ", "QOperator"])
def test_merged_int8_runs_in_integer_kernels(quantized, kind):
    use = found(quantized(kind))
    assert use["QLinearConv", "int8"] == (1, "native")
    assert use["QGemm", "int8"] == (1, "native")
    assert not any(execution == "emulated" for _, execution in use.values())


@pytest.mark.parametrize("graph", ["disable", "basic"])
def test_pairs_that_are_not_merged_run_in_float(quantized, graph):
    use = found(quantized("QDQ"), graph=graph)
    assert use["Conv", "int8"] == (1, "emulated")
    assert use["Gemm", "int8"] == (1, "emulated")
    assert not any(execution == "native" for _, execution in use.values())


def test_dynamic_int8_runs_in_integer_kernels(quantized):
    use = found(quantized("dynamic"))
    assert use["ConvInteger", "int8"] == (1, "native")
    assert any(op.startswith(("MatMulInteger", "DynamicQuantizeMatMul")) for op, _ in use)


def test_half_precision_on_a_cpu_is_cast_to_float(quantized):
    use = found(quantized("fp16"))
    assert use["Conv", "fp16"] == (1, "emulated")
    assert use["Gemm", "fp16"] == (1, "emulated")


def test_a_float_model_has_none(convolution):
    assert found(convolution) == {}


@pytest.mark.parametrize("provider", ["CUDAExecutionProvider", "CPUExecutionProvider"])
def test_what_cannot_be_seen_is_unknown(quantized, provider):
    source = onnx.load(str(quantized("QDQ")))
    uses = precisions(source, None, provider, ())
    assert {use.op for use in uses} >= {"Conv", "Gemm"}
    assert {use.execution for use in uses} == {"unknown"}


def test_every_line_says_why(quantized):
    use = OnnxRuntime.open(quantized("QDQ"), {}).use()
    assert all(item.why for item in use.precisions)


def packed(accuracy):
    node = onnx.helper.make_node(
        "MatMulNBits", ["x", "w", "s"], ["y"], domain="com.microsoft",
        K=32, N=4, bits=4, block_size=32, accuracy_level=accuracy,
    )  # fmt: skip
    graph = onnx.helper.make_graph([node], "packed", [], [])
    return onnx.helper.make_model(graph)


@pytest.mark.parametrize(
    ("accuracy", "execution"), [(0, "emulated"), (1, "emulated"), (4, "unknown")]
)
def test_packed_weights_are_expanded(accuracy, execution):
    model = packed(accuracy)
    (use,) = precisions(model, model, "CPUExecutionProvider", ("avx2",))
    assert (use.op, use.precision, use.execution) == ("MatMulNBits", "int4", execution)


@pytest.mark.parametrize("kind", ["QDQ", "QOperator", "dynamic", "fp16"])
def test_the_rewritten_graph_is_what_the_profile_says_ran(quantized, kind, tmp_path):
    path = quantized(kind)
    options = onnxruntime.SessionOptions()
    options.enable_profiling = True
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    options.profile_file_prefix = str(tmp_path / "profile")
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    session.run(None, {"x": np.zeros((3, 1, 8, 8), np.float32)})
    events = json.loads(Path(session.end_profiling()).read_text())
    ran = Counter(one["args"]["op_name"] for one in events if one["name"].endswith("_kernel_time"))
    _, optimized = onnx_options.resolved({}, onnxruntime).graphs(path)
    assert ran == Counter(node.op_type for node in optimized.graph.node)
    assert ran.total() > 0


def test_what_ran_in_full_precision_is_counted(convolution, quantized):
    whole = OnnxRuntime.open(convolution, {}).use()
    assert whole.asked == "fp32"
    assert whole.full_precision["Conv"] == 1
    assert whole.full_precision.keys() & {"Gemm", "FusedGemm"}
    assert OnnxRuntime.open(quantized("QDQ"), {}).use().full_precision == {}
    cast = OnnxRuntime.open(quantized("fp16"), {}).use()
    assert cast.asked == "fp16"
    assert cast.full_precision["Conv"] == 1


def test_what_a_provider_may_lower_is_counted_as_lower(convolution):
    source = onnx.load(str(convolution))
    uses = precisions(source, None, "TensorrtExecutionProvider", (), ("int8", "fp16"))
    found = {use.op: (use.precision, use.execution, use.why) for use in uses}
    why = "Tensorrt may compute it in int8 or fp16, and does not tell"
    assert found["Conv"] == ("int8", "unknown", why)
    assert precisions(source, None, "TensorrtExecutionProvider", ()) == ()


def test_what_follows_an_integer_kernel_is_no_float():
    """A pool between two integer convolutions moves 8-bit numbers."""
    model = onnx.helper.make_model(
        onnx.helper.make_graph(
            [
                onnx.helper.make_node(
                    "QLinearConv", ["x", "s", "z", "w", "s", "z", "s", "z"], ["c"]
                ),
                onnx.helper.make_node("NhwcMaxPool", ["c"], ["p"], domain="com.microsoft"),
            ],
            "g",
            [],
            [],
            [
                onnx.numpy_helper.from_array(np.float32(1), "s"),
                onnx.numpy_helper.from_array(np.int8(0), "z"),
            ],
        )
    )
    assert full_precision(model) == {}
