import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from quantassay.errors import ArtifactError
from quantassay.formats.onnx import Onnx
from quantassay.records.contents import Contents, Weight
from quantassay.schemes.onnxruntime.dynamic import OnnxRuntimeDynamic
from quantassay.schemes.onnxruntime.fp16 import OnnxRuntimeFp16
from quantassay.schemes.onnxruntime.static import OnnxRuntimeStatic
from quantassay.schemes.truth import compare


def compare_onnx(reference, variant):
    return compare(Onnx.contents(reference), Onnx.contents(variant))


def stored_precision(path):
    return Onnx.contents(path).stored


@pytest.fixture
def edited(classifier, tmp_path):
    """Save the classifier with a change."""

    def make(change):
        model = onnx.load(str(classifier))
        change(model)
        path = tmp_path / "edited.onnx"
        onnx.save(model, str(path))
        return path

    return make


def test_a_copy_changed_nothing(classifier, edited):
    truth = compare_onnx(classifier, edited(lambda model: None))
    assert not truth.changed
    assert not truth.lowered
    assert truth.summary.startswith("changed nothing")
    assert (truth.weights_changed, truth.low_precision_share) == (0, 0)
    assert truth.bits_per_weight == pytest.approx(32)


def test_other_names_are_no_change(classifier, edited):
    def rename(model):
        for at, node in enumerate(model.graph.node):
            node.name = f"other{at}"
            for names in (node.input, node.output):
                names[:] = [name if name in "xy" else f"_{name}" for name in names]
        for tensor in model.graph.initializer:
            tensor.name = f"_{tensor.name}"
        model.doc_string = "exported again"

    truth = compare_onnx(classifier, edited(rename))
    assert not truth.changed


def test_one_weight_is_a_change(classifier, edited):
    def nudge(model):
        tensor = next(t for t in model.graph.initializer if t.name == "k")
        array = numpy_helper.to_array(tensor).copy()
        array[0, 0] += 1e-3
        tensor.CopyFrom(numpy_helper.from_array(array, "k"))

    truth = compare_onnx(classifier, edited(nudge))
    assert truth.changed
    assert not truth.lowered
    assert truth.weights_changed == 1


def test_one_attribute_is_a_change(classifier, edited):
    """The same operations and weights, computing something else."""

    def widen(model):
        gemm = next(node for node in model.graph.node if node.op_type == "Gemm")
        gemm.attribute.append(helper.make_attribute("alpha", 0.5))

    truth = compare_onnx(classifier, edited(widen))
    assert truth.changed
    assert not truth.lowered
    assert "attribute" in truth.summary


def test_constants_in_nodes_are_weights(classifier, edited):
    def inline(model):
        tensor = next(t for t in model.graph.initializer if t.name == "k")
        model.graph.node.insert(0, helper.make_node("Constant", [], ["k"], value=tensor))
        model.graph.initializer.remove(tensor)

    assert not compare_onnx(classifier, edited(inline)).changed


def test_static_int8(classifier, batches, tmp_path):
    out = tmp_path / "out.onnx"
    OnnxRuntimeStatic.quantize(classifier, batches, {}, out)
    truth = compare_onnx(classifier, out)
    assert truth.lowered
    assert truth.ops_added["QuantizeLinear"] > 0
    assert 0.8 < truth.low_precision_share < 1
    assert 8 < truth.bits_per_weight < 24
    assert stored_precision(out) == "int8"


def test_only_some_layers(classifier, batches, tmp_path):
    out = tmp_path / "out.onnx"
    OnnxRuntimeStatic.quantize(classifier, batches, {"exclude": ["first", "middle"]}, out)
    truth = compare_onnx(classifier, out)
    assert "only 1 of 3 layers" in truth.summary
    assert truth.low_precision_share == pytest.approx(40 / (72 + 8 + 64 + 8 + 40), abs=0.02)


def test_dynamic_int8(classifier, tmp_path):
    out = tmp_path / "out.onnx"
    OnnxRuntimeDynamic.quantize(classifier, None, {}, out)
    truth = compare_onnx(classifier, out)
    assert truth.lowered
    assert "ConvInteger" in truth.ops_added
    assert truth.low_precision_share > 0.8


def test_half_precision(classifier, tmp_path):
    out = tmp_path / "out.onnx"
    OnnxRuntimeFp16.quantize(classifier, None, {}, out)
    truth = compare_onnx(classifier, out)
    assert truth.lowered
    assert truth.low_precision_share == 1
    assert truth.bits_per_weight == pytest.approx(16)
    assert stored_precision(out) == "fp16"


def test_folding_alone_lowers_nothing(classifier, tmp_path):
    """An optimized float model differs, yet must not pass for a quantized one."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(tmp_path / "folded.onnx")
    onnxruntime.InferenceSession(str(classifier), options, providers=["CPUExecutionProvider"])
    truth = compare_onnx(classifier, tmp_path / "folded.onnx")
    assert truth.changed
    assert not truth.lowered
    assert "lower precision" in truth.summary


def test_weights_kept_outside(classifier, tmp_path):
    apart = tmp_path / "apart.onnx"
    model = onnx.load(str(classifier))
    onnx.save(model, str(apart), save_as_external_data=True, size_threshold=0, location="w.bin")
    assert not compare_onnx(classifier, apart).changed


def test_what_cannot_be_read(classifier, tmp_path):
    (tmp_path / "broken.onnx").write_bytes(b"nonsense")
    with pytest.raises(ArtifactError, match="broken"):
        compare_onnx(classifier, tmp_path / "broken.onnx")


def test_a_model_without_weights(without_weights):
    truth = compare_onnx(without_weights, without_weights)
    assert (truth.low_precision_share, truth.bits_per_weight) == (None, None)
    assert stored_precision(without_weights) == "no weights"


def test_packed_int4(classifier, edited):
    def pack(model):
        tensor = next(t for t in model.graph.initializer if t.name == "d")
        scale = numpy_helper.from_array(np.ones(1, np.float32).reshape(()), "s")
        packed = helper.make_tensor("q", onnx.TensorProto.INT4, [8, 8], [1] * 64)
        model.graph.initializer.remove(tensor)
        model.graph.initializer.extend([packed, scale])
        model.graph.node.insert(0, helper.make_node("DequantizeLinear", ["q", "s"], ["d"]))

    truth = compare_onnx(classifier, edited(pack))
    assert truth.lowered
    elements = 72 + 8 * 5 + 64 + 8 + 40
    assert truth.bits_per_weight == pytest.approx((4 * 64 + 32 * (elements - 64 + 1)) / elements)


def made(form="onnx", kind="fp16", bits=16, digest="a", **more):
    """Return what a model of one matrix of 100 weights holds."""
    weight = Weight(kind, 2, 100, 100 * bits, parameter=False, digest=digest)
    return Contents(form, {}, {}, (weight,), (int(bits <= 16), 1), digest, **more)


def test_fewer_bits_than_a_half_precision_reference_are_lower():
    truth = compare(made(), made(kind="int4", bits=4, digest="b"))
    assert truth.lowered
    assert (truth.stored, truth.bits_per_weight) == ("int4", 4)


def test_as_many_bits_are_not_lower():
    assert not compare(made(), made(digest="b")).lowered


def test_other_formats_are_not_compared_operation_by_operation():
    truth = compare(made(), made("openvino", "int8", 8, "b"))
    assert truth.changed and truth.lowered
    assert truth.weights_total == 0
    assert truth.summary == (
        "stored as openvino, so operations and tensors are not compared; 1 of 1 layers in lower "
        "precision"
    )


@pytest.mark.parametrize(("macs", "share"), [((30, 40), 0.75), (None, None), ((0, 0), None)])
def test_share_of_multiplications(macs, share):
    assert compare(made(), made(digest="b", macs=macs)).low_macs_share == share
