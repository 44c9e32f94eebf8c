import numpy as np
import onnx
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

from quantassay.engines.onnxruntime import OnnxRuntime
from quantassay.engines.precision import precisions

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
    assert use["Conv", "float16"] == (1, "emulated")
    assert use["Gemm", "float16"] == (1, "emulated")


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
