import sys
from importlib import metadata

import numpy as np
import pytest
from onnx import TensorProto, helper

from quantassay.engines import Engine, Session
from quantassay.engines.openvino.engine import OpenVino
from quantassay.errors import ArtifactError, DataError, PluginError
from quantassay.testing import check_engine

X = np.arange(6, dtype=np.float32).reshape(2, 3)
Y = X @ np.array([[1, 0], [0, 1], [1, 1]], np.float32)


@pytest.fixture
def ir(linear, tmp_path):
    """The linear model as OpenVINO IR."""
    import openvino

    openvino.save_model(openvino.Core().read_model(linear()), tmp_path / "l.xml", False)
    return tmp_path / "l.xml"


def test_it_keeps_the_contract(linear, ir):
    for artifact in (linear(), ir):
        engine: type[Engine] = OpenVino
        session = engine.open(artifact, {})
        assert isinstance(session, Session)
        assert (session.inputs, session.outputs) == (("x",), ("y",))
        assert session.fixed_batch is None
        session.close()
        check_engine(OpenVino, artifact, {"": X})


@pytest.mark.parametrize("name", ["x", ""])
def test_runs_a_batch(ir, name):
    outputs = OpenVino.open(ir, {}).run({name: X})
    assert outputs.keys() == {"y"}
    np.testing.assert_array_equal(outputs["y"], Y)


def test_runs_several_inputs_and_outputs(two_inputs):
    session = OpenVino.open(two_inputs, {})
    a, b = np.ones((2, 2), np.float32), np.full((2, 2), 3, np.float32)
    outputs = session.run({"b": b, "a": a})
    assert list(outputs) == ["sum", "difference"]
    np.testing.assert_array_equal(outputs["difference"], a - b)


@pytest.mark.parametrize("feeds", [{"z": X}, {"a": X}, {"": X}, {"a": X, "b": X, "c": X}])
def test_names_must_match(two_inputs, feeds):
    with pytest.raises(DataError, match=r"inputs are 'a', 'b', got .*map them in 'input"):
        OpenVino.open(two_inputs, {}).run(feeds)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (X.astype(np.float64), r"'x' takes float32, got float64; declare 'preprocess"),
        (X.astype(np.int32), r"'x' takes float32, got int32"),
        (X[0], r"'x' has 2 dimensions, got shape \(3,\)"),
        (np.zeros((2, 4), np.float32), r"'x' takes shape \(any, 3\), got \(2, 4\)"),
    ],
)
def test_wrong_arrays_are_named_in_one_line(linear, array, message):
    """OpenVINO itself casts the first two in silence."""
    with pytest.raises(DataError, match=message) as raised:
        OpenVino.open(linear(), {}).run({"x": array})
    assert "\n" not in str(raised.value)


def test_a_wrong_shape_never_comes_back_as_no_rows(tmp_path, save_nodes):
    """Of an elementwise model, OpenVINO answers a wrong shape with zero rows and no error."""
    model = save_nodes([helper.make_node("Relu", ["x"], ["y"])], [("x", ["N", 4])])
    with pytest.raises(DataError, match=r"takes shape \(any, 4\), got \(2, 5\)"):
        OpenVino.open(model, {}).run({"": np.ones((2, 5), np.float32)})


@pytest.fixture
def save_nodes(tmp_path):
    import onnx

    def make(nodes, inputs, kind=TensorProto.FLOAT, made=TensorProto.FLOAT):
        taken = [helper.make_tensor_value_info(name, kind, shape) for name, shape in inputs]
        given = [helper.make_tensor_value_info("y", made, None)]
        graph = helper.make_graph(nodes, "tiny", taken, given)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
        model.ir_version = 9
        onnx.save(model, str(tmp_path / "nodes.onnx"))
        return tmp_path / "nodes.onnx"

    return make


def test_whole_numbers_are_fed_as_they_are(save_nodes):
    nodes = [helper.make_node("Add", ["x", "x"], ["y"])]
    model = save_nodes(nodes, [("x", ["N", 2])], TensorProto.INT64, TensorProto.INT64)
    session, given = OpenVino.open(model, {}), np.array([[2**29, -3]])
    (found,) = session.run({"": given}).values()
    np.testing.assert_array_equal(found, given * 2)
    assert found.dtype == np.int64


def test_whole_numbers_that_openvino_would_cut_are_refused(save_nodes):
    """It computes 64-bit numbers in 32 bits: 2**40 + 2**40 is 0, with no error."""
    nodes = [helper.make_node("Add", ["x", "x"], ["y"])]
    model = save_nodes(nodes, [("x", ["N", 2])], TensorProto.INT64, TensorProto.INT64)
    with pytest.raises(DataError, match=r"int64 as int32, which values from -3 to 1099511627776 "):
        OpenVino.open(model, {}).run({"": np.array([[2**40, -3]])})


def test_texts_are_fed(tmp_path):
    import openvino
    from openvino import opset15 as op

    x = op.parameter([-1], openvino.Type.string, name="x")
    parts = op.string_tensor_unpack(x)
    lengths = op.subtract(parts.output(1), parts.output(0))
    openvino.save_model(openvino.Model([op.result(lengths)], [x], "m"), tmp_path / "t.xml")
    session = OpenVino.open(tmp_path / "t.xml", {})
    for texts in (np.array(["a", "bbb"], object), np.array(["a", "bbb"])):
        (found,) = session.run({"": texts}).values()
        assert found.tolist() == [1, 3]


@pytest.mark.parametrize("batch", [1, 4])
def test_a_fixed_batch_is_told_and_kept(linear, batch):
    session = OpenVino.open(linear(batch=batch), {})
    assert session.fixed_batch == batch
    session.run({"x": np.zeros((batch, 3), np.float32)})
    with pytest.raises(DataError, match=rf"exactly {batch}, got 2; "):
        session.run({"x": X})


def test_a_state_begins_anew_with_each_batch(tmp_path):
    """The state adds up what was fed; it must not reach into the next batch."""
    import openvino
    from openvino import opset13 as op

    x = op.parameter([-1, 2], np.float32, name="x")
    x.output(0).set_names({"x"})
    held = op.read_value(op.constant(np.zeros((1, 2), np.float32)), "v", np.float32, [1, 2])
    total = op.add(held, op.reduce_sum(x, op.constant(np.array([0])), True))
    kept = op.assign(total, "v")
    y = op.add(x, total)
    y.output(0).set_names({"y"})
    model = openvino.Model([op.result(y)], [kept], [x], "state")
    openvino.save_model(model, tmp_path / "state.xml", False)
    session = OpenVino.open(tmp_path / "state.xml", {})
    once = session.run({"": np.ones((2, 2), np.float32)})["y"]
    np.testing.assert_array_equal(once, session.run({"": np.ones((2, 2), np.float32)})["y"])
    np.testing.assert_array_equal(once, np.full((2, 2), 3))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"thread": 2}, r"no option 'thread' \(did you mean 'threads'\?\)"),
        ({"threads": 0}, r"'threads'.* whole number of at least 1; got 0"),
        ({"streams": True}, r"'streams'.* whole number"),
        ({"precision": "fp32"}, r"'precision'.* one of f32, bf16, f16, default; got 'fp32'"),
        ({"device": "NPU9"}, r"no device 'NPU9'; there are: .*CPU"),
    ],
)
def test_options_are_checked(linear, options, message):
    with pytest.raises(PluginError, match=message):
        OpenVino.open(linear(), options)


def test_what_was_chosen_is_recorded(linear):
    use = OpenVino.open(linear(), {"threads": 2}).use()
    assert (use.engine, use.threads, use.provider) == ("openvino", 2, "CPU")
    assert use.version == metadata.version("openvino")
    assert use.asked == use.options["precision"] == "f32"
    assert use.options["model cache"] == "off"
    assert use.options["dynamic quantization group"] == "0"
    assert use.options["device"]


def test_missing_and_broken_models(tmp_path, linear, ir):
    with pytest.raises(ArtifactError, match="no such model file"):
        OpenVino.open(tmp_path / "absent.onnx", {})
    with pytest.raises(ArtifactError, match="needs a model file"):
        OpenVino.open(None, {})
    (tmp_path / "m.pt").write_bytes(b"x")
    with pytest.raises(ArtifactError, match=r"opens .xml \(with its .bin\) and .onnx"):
        OpenVino.open(tmp_path / "m.pt", {})
    ir.with_suffix(".bin").write_bytes(b"")
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(linear().read_bytes()[:-30])
    cut = tmp_path / "cut.xml"
    cut.write_bytes(ir.read_bytes()[:200])
    for path in (broken, cut, ir):
        with pytest.raises(ArtifactError, match="OpenVINO cannot read this model") as raised:
            OpenVino.open(path, {})
        assert "\n" not in str(raised.value)


def test_one_thread_repeats_to_the_bit(convolution):
    session = OpenVino.open(convolution, {})
    rng = np.random.default_rng(1)
    x, other = (rng.normal(size=(n, 1, 8, 8)).astype(np.float32) for n in (5, 3))
    assert session.deterministic is True
    first = session.run({"": x})["y"]
    for _ in range(20):
        session.run({"": other})
        np.testing.assert_array_equal(first, session.run({"": x})["y"])
    assert OpenVino.open(convolution, {"threads": 2}).deterministic is None


def test_a_random_operation_is_not_deterministic(save_nodes):
    nodes = [
        helper.make_node("RandomNormalLike", ["x"], ["noise"]),
        helper.make_node("Add", ["x", "noise"], ["y"]),
    ]
    assert OpenVino.open(save_nodes(nodes, [("x", ["N", 2])]), {}).deterministic is False


def test_nothing_is_printed(linear, tmp_path, capfd):
    session = OpenVino.open(linear(), {})
    session.use()
    (tmp_path / "no.onnx").write_bytes(b"not a model")
    with pytest.raises(ArtifactError):
        OpenVino.open(tmp_path / "no.onnx", {})
    assert capfd.readouterr() == ("", "")


def test_a_missing_package_names_its_extra(linear, monkeypatch):
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(PluginError, match=r"pip install 'quantassay\[openvino\]'"):
        OpenVino.open(linear(), {})
