from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from quantassay.engines import Engine, Session
from quantassay.engines.onnxruntime.engine import OnnxRuntime
from quantassay.errors import ArtifactError, DataError, PluginError

X = np.arange(6, dtype=np.float32).reshape(2, 3)
Y = X @ np.array([[1, 0], [0, 1], [1, 1]], np.float32)


def magika_model() -> Path:
    package = find_spec("magika")
    return next(Path(package.origin).parent.glob("models/*/model.onnx"))


def test_it_keeps_the_contract(linear):
    engine: type[Engine] = OnnxRuntime
    session = engine.open(linear(), {})
    assert isinstance(session, Session)
    assert (session.inputs, session.outputs) == (("x",), ("y",))
    assert session.load_seconds > 0
    assert session.fixed_batch is None
    session.close()


@pytest.mark.parametrize("name", ["x", ""])
def test_runs_a_batch(linear, name):
    outputs = OnnxRuntime.open(linear(), {}).run({name: X})
    assert outputs.keys() == {"y"}
    np.testing.assert_array_equal(outputs["y"], Y)


def test_runs_several_inputs_and_outputs(two_inputs):
    session = OnnxRuntime.open(two_inputs, {})
    a, b = np.ones((2, 2), np.float32), np.full((2, 2), 3, np.float32)
    outputs = session.run({"b": b, "a": a})
    assert list(outputs) == ["sum", "difference"]
    np.testing.assert_array_equal(outputs["difference"], a - b)


@pytest.mark.parametrize("feeds", [{"z": X}, {"a": X}, {"": X}, {"a": X, "b": X, "c": X}])
def test_names_must_match(two_inputs, feeds):
    with pytest.raises(DataError, match=r"inputs are 'a', 'b', got .*map them in 'input"):
        OnnxRuntime.open(two_inputs, {}).run(feeds)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (X.astype(np.float64), r"'x' takes float32, got float64; declare 'preprocess"),
        (X.astype(str), r"'x' takes float32, got text; declare a 'preprocess' of your own"),
        (X.astype(np.int32), r"'x' takes float32, got int32"),
        (X[0], r"'x' has 2 dimensions, got shape \(3,\)"),
        (np.zeros((2, 4), np.float32), r"refused a batch: .*dimensions for input: x"),
    ],
)
def test_wrong_arrays_are_named_in_one_line(linear, array, message):
    with pytest.raises(DataError, match=message) as raised:
        OnnxRuntime.open(linear(), {}).run({"x": array})
    assert "\n" not in str(raised.value)


def test_a_fixed_batch_is_told_and_kept(linear):
    session = OnnxRuntime.open(linear(batch=1), {})
    assert session.fixed_batch == 1
    session.run({"x": X[:1]})
    with pytest.raises(DataError, match=r"exactly 1, got 2; set 'inference: \{batch: 1\}'"):
        session.run({"x": X})


def test_a_fixed_batch_of_several_says_so_too(linear):
    with pytest.raises(DataError, match=r"exactly 4, got 2; export it with a dynamic batch"):
        OnnxRuntime.open(linear(batch=4), {}).run({"x": X})


@pytest.mark.parametrize("name", ["CPU", "cpu", "CPUExecutionProvider"])
def test_providers_by_name(linear, name):
    use = OnnxRuntime.open(linear(), {"providers": [name]}).use()
    assert use.provider == "CPUExecutionProvider"


def test_a_provider_that_is_not_there_is_an_error_that_names_those_that_are(linear):
    there = onnxruntime.get_available_providers()
    absent = "CUDA" if "CUDAExecutionProvider" not in there else "QNN"
    with pytest.raises(PluginError, match=rf"no provider '{absent}'.*there are: .*CPU"):
        OnnxRuntime.open(linear(), {"providers": [absent, "CPU"]})


def test_a_provider_that_does_not_start_is_an_error(linear, monkeypatch):
    """A GPU build without its libraries lists the provider, then falls back in silence."""
    listed = ["CUDAExecutionProvider", *onnxruntime.get_available_providers()]
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: listed)
    real = onnxruntime.InferenceSession

    def fall_back(path, options, providers, **_):
        return real(path, options, providers=["CPUExecutionProvider"])

    monkeypatch.setattr(onnxruntime, "InferenceSession", fall_back)
    with pytest.raises(
        PluginError, match=r"did not start CUDAExecutionProvider .*would run on CPU"
    ):
        OnnxRuntime.open(linear(), {"providers": ["CUDA"]})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"thread": 2}, r"no option 'thread' \(did you mean 'threads'\?\)"),
        ({"threads": 0}, r"'threads'.* whole number of at least 1; got 0"),
        ({"threads": True}, r"whole number"),
        ({"graph": "most"}, r"'graph'.* one of disable, basic, extended, all; got 'most'"),
        ({"providers": []}, r"must be a list of names"),
        ({"providers": ["CPUU"]}, r"no provider 'CPUU' \(did you mean 'CPU'\?\)"),
    ],
)
def test_options_are_checked(linear, options, message):
    with pytest.raises(PluginError, match=message):
        OnnxRuntime.open(linear(), options)


def test_what_was_chosen_is_recorded(linear):
    use = OnnxRuntime.open(linear(), {"threads": 2, "graph": "basic"}).use()
    assert (use.engine, use.threads, use.graph_level) == ("onnxruntime", 2, "basic")
    assert use.version == metadata.version("onnxruntime")


def test_missing_and_broken_models(tmp_path, linear):
    with pytest.raises(ArtifactError, match="no such model file"):
        OnnxRuntime.open(tmp_path / "absent.onnx", {})
    with pytest.raises(ArtifactError, match="needs a model file"):
        OnnxRuntime.open(None, {})
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(linear().read_bytes()[:-30])
    with pytest.raises(ArtifactError, match="cannot load this model") as raised:
        OnnxRuntime.open(broken, {})
    assert "\n" not in str(raised.value)


def test_one_thread_on_the_cpu_repeats_to_the_bit(convolution):
    session = OnnxRuntime.open(convolution, {})
    x = np.random.default_rng(1).normal(size=(5, 1, 8, 8)).astype(np.float32)
    assert session.deterministic is True
    np.testing.assert_array_equal(session.run({"": x})["y"], session.run({"": x})["y"])
    assert OnnxRuntime.open(convolution, {"threads": 2}).deterministic is None


def test_a_random_operation_is_not_deterministic(tmp_path):
    graph = helper.make_graph(
        [
            helper.make_node("RandomNormalLike", ["x"], ["noise"]),
            helper.make_node("Add", ["x", "noise"], ["y"]),
        ],
        "noisy",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 2])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 2])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    onnx.save(model, str(tmp_path / "noisy.onnx"))
    assert OnnxRuntime.open(tmp_path / "noisy.onnx", {}).deterministic is False


def test_nothing_is_printed(linear, capfd):
    session = OnnxRuntime.open(linear(), {})
    session.use()
    with pytest.raises(DataError):
        session.run({"x": np.zeros((1, 9), np.float32)})
    assert capfd.readouterr() == ("", "")


def test_a_real_model():
    session = OnnxRuntime.open(magika_model(), {})
    x = np.full((2, 2048), 256, np.int32)
    (scores,) = session.run({"": x}).values()
    assert scores.shape[0] == 2
    np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-4)
    assert session.use().precisions == ()
