"""What holds for every scheme of ONNX Runtime."""

import errno
import logging
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from quantassay.errors import ArtifactError, DataError, PluginError
from quantassay.formats.onnx import Onnx
from quantassay.schemes import Scheme
from quantassay.schemes.onnxruntime.dynamic import OnnxRuntimeDynamic
from quantassay.schemes.onnxruntime.fp16 import OnnxRuntimeFp16
from quantassay.schemes.onnxruntime.int4 import OnnxRuntimeInt4
from quantassay.schemes.onnxruntime.static import OnnxRuntimeStatic
from quantassay.schemes.truth import compare

SCHEMES = [OnnxRuntimeStatic, OnnxRuntimeDynamic, OnnxRuntimeFp16, OnnxRuntimeInt4]
every = pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.name)


def answers(path, x):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: x})[0]


@every
def test_a_variant_differs_and_answers_alike(scheme: type[Scheme], classifier, batches, tmp_path):
    out = tmp_path / "made" / "variant.onnx"
    scheme.quantize(classifier, batches if scheme.needs_calibration else None, {}, out)
    x = batches[0][""]
    reference, variant = answers(classifier, x), answers(out, x)
    assert variant.shape == reference.shape
    allowed = 0.3 if scheme is OnnxRuntimeInt4 else 0.1
    assert 0 < np.abs(variant - reference).max() < allowed * np.abs(reference).max()
    truth = compare(Onnx.contents(classifier), Onnx.contents(out))
    assert truth.changed
    assert truth.lowered
    assert [path.name for path in out.parent.iterdir()] == ["variant.onnx"]


def test_the_same_order_makes_the_same_bytes_in_another_process(classifier, batches, tmp_path):
    np.savez(tmp_path / "batches.npz", *[batch[""] for batch in batches])
    program = (
        "import sys, numpy, pathlib; from quantassay.plugins import load\n"
        "model, feeds, folder, *names = sys.argv[1:]\n"
        "batches = [{'': array} for array in numpy.load(feeds).values()]\n"
        "for name in names:\n"
        "    out = pathlib.Path(folder, name)\n"
        "    load('schemes', name).quantize(pathlib.Path(model), batches, {}, out)\n"
    )
    names = [scheme.name for scheme in SCHEMES]
    for seed in ("1", "2"):
        arguments = [classifier, tmp_path / "batches.npz", tmp_path / seed, *names]
        subprocess.run(
            [sys.executable, "-c", program, *map(str, arguments)],
            env={**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": "1"},
            check=True,
        )
    for name in names:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


@every
def test_nothing_is_printed_and_nothing_left_behind(scheme, classifier, batches, tmp_path, capfd):
    handlers = list(logging.getLogger().handlers)
    scheme.quantize(classifier, batches, {}, tmp_path / "out.onnx")
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger().handlers == handlers
    assert logging.root.manager.disable == 0


@every
def test_a_scheme_that_would_change_nothing_refuses_its_name(
    scheme, without_layers, batches, tmp_path
):
    """Preparing folds what it can, which must not pass for quantization."""
    out = tmp_path / "out.onnx"
    options = {"exclude": ["only"], "keep_io": False} if scheme is OnnxRuntimeFp16 else {}
    with pytest.raises(ArtifactError, match=r"exp\.onnx: scheme .* changed nothing"):
        scheme.quantize(without_layers, batches, options, out)
    assert not out.exists()


@every
def test_a_node_that_is_not_there_is_an_error_with_the_nearest(
    scheme, classifier, batches, tmp_path
):
    with pytest.raises(
        PluginError, match=r"names a node 'midle'.*\(did you mean 'middle'\?\)"
    ) as raised:
        scheme.quantize(classifier, batches, {"exclude": ["midle"]}, tmp_path / "out.onnx")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("scheme", "option"),
    [
        (OnnxRuntimeStatic, "ops"),
        (OnnxRuntimeDynamic, "ops"),
        (OnnxRuntimeInt4, "ops"),
        (OnnxRuntimeFp16, "exclude_ops"),
    ],
)
def test_a_kind_of_operation_that_is_not_there_is_an_error(
    scheme, option, classifier, batches, tmp_path
):
    with pytest.raises(
        PluginError, match=r"names 'LSTM'.*(no such operation|not quantize here).*Gemm"
    ):
        scheme.quantize(classifier, batches, {option: ["LSTM"]}, tmp_path / "out.onnx")


@every
def test_unknown_options_are_errors(scheme, classifier, batches, tmp_path):
    with pytest.raises(PluginError, match=r"has no option 'exclud' \(did you mean 'exclude'\?\)"):
        scheme.quantize(classifier, batches, {"exclud": []}, tmp_path / "out.onnx")


@every
def test_a_truncated_model_is_an_error_and_leaves_no_file(scheme, classifier, batches, tmp_path):
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(classifier.read_bytes()[:-200])
    out = tmp_path / "made" / "out.onnx"
    with pytest.raises(ArtifactError, match=r"broken\.onnx: truncated"):
        scheme.quantize(broken, batches, {}, out)
    with pytest.raises(ArtifactError, match="no such model file"):
        scheme.quantize(tmp_path / "absent.onnx", batches, {}, out)
    assert not out.exists()


@every
def test_an_old_file_survives_a_failure(scheme, classifier, batches, tmp_path):
    out = tmp_path / "out.onnx"
    out.write_bytes(b"old")
    with pytest.raises(PluginError):
        scheme.quantize(classifier, batches, {"no such": 1}, out)
    assert out.read_bytes() == b"old"


@pytest.mark.parametrize("method", ["minmax", "entropy", "percentile"])
@pytest.mark.parametrize("format", ["QDQ", "QOperator"])
def test_static_methods_and_formats(method, format, classifier, batches, tmp_path):
    out = tmp_path / "out.onnx"
    options = {"method": method, "format": format}
    OnnxRuntimeStatic.quantize(classifier, batches, options, out)
    x = batches[0][""]
    reference = answers(classifier, x)
    assert np.abs(answers(out, x) - reference).max() < 0.3 * np.abs(reference).max()
    ops = {node.op_type for node in onnx.load(str(out)).graph.node}
    assert ("QLinearConv" in ops) is (format == "QOperator")


def test_static_ranges_come_from_the_calibration_samples(classifier, batches, tmp_path):
    made = []
    for name, factor in (("near", 1), ("far", 100)):
        feeds = [{"": batch[""] * np.float32(factor)} for batch in batches]
        OnnxRuntimeStatic.quantize(classifier, feeds, {}, tmp_path / name)
        made.append(answers(tmp_path / name, batches[0][""]))
    reference = answers(classifier, batches[0][""])
    errors = [np.abs(answer - reference).max() for answer in made]
    assert errors[1] > 5 * errors[0]


def test_static_per_channel_is_the_default(classifier, batches, tmp_path):
    for name, options in (("channel", {}), ("tensor", {"per_channel": False})):
        OnnxRuntimeStatic.quantize(classifier, batches, options, tmp_path / name)

    def scales(name):
        model = onnx.load(str(tmp_path / name))
        return max(int(np.prod(t.dims)) for t in model.graph.initializer if "scale" in t.name)

    assert (scales("channel"), scales("tensor")) == (8, 1)


def test_static_leaves_out_what_it_is_told_to(classifier, batches, tmp_path):
    out = tmp_path / "out.onnx"
    OnnxRuntimeStatic.quantize(classifier, batches, {"exclude": ["first", "middle"]}, out)
    names = {tensor.name: tensor.data_type for tensor in onnx.load(str(out)).graph.initializer}
    floats = [name for name, kind in names.items() if kind == onnx.TensorProto.FLOAT]
    assert "d" in floats
    assert "k" not in floats


@pytest.mark.parametrize("calibration", [None, []])
def test_static_needs_samples(calibration, classifier, tmp_path):
    with pytest.raises(DataError, match="needs calibration samples"):
        OnnxRuntimeStatic.quantize(classifier, calibration, {}, tmp_path / "out.onnx")


@pytest.mark.parametrize(
    "feeds", [{"": np.zeros((2, 3), np.float32)}, {"x": np.zeros((2, 1, 8, 8))}, {"other": None}]
)
def test_static_samples_must_fit_the_model(feeds, classifier, tmp_path):
    with pytest.raises(ArtifactError, match=r"failed on this model") as raised:
        OnnxRuntimeStatic.quantize(classifier, [feeds], {}, tmp_path / "out.onnx")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "kl"}, "one of minmax, entropy, percentile; got 'kl'"),
        ({"per_channel": "yes"}, "must be true or false; got 'yes'"),
        ({"percentile": "99"}, "must be a number; got '99'"),
        ({"ops": "Conv"}, "must be .*got 'Conv'"),
        ({"weight": "QInt4"}, "one of QUInt8, QInt8"),
    ],
)
def test_static_options_are_checked(options, message, classifier, batches, tmp_path):
    with pytest.raises(PluginError, match=message):
        OnnxRuntimeStatic.quantize(classifier, batches, options, tmp_path / "out.onnx")


def test_weights_kept_outside_come_inside(classifier, batches, tmp_path):
    (tmp_path / "apart").mkdir()
    apart = tmp_path / "apart" / "m.onnx"
    model = onnx.load(str(classifier))
    onnx.save(model, str(apart), save_as_external_data=True, size_threshold=0, location="w.bin")
    for name, source in (("a", classifier), ("b", apart)):
        OnnxRuntimeStatic.quantize(source, batches, {}, tmp_path / name)
    x = batches[0][""]
    np.testing.assert_array_equal(answers(tmp_path / "a", x), answers(tmp_path / "b", x))


def test_fp16_keeps_inputs_unless_told(classifier, tmp_path):
    OnnxRuntimeFp16.quantize(classifier, None, {}, tmp_path / "kept")
    OnnxRuntimeFp16.quantize(classifier, None, {"keep_io": False}, tmp_path / "half")

    def kind(name):
        return onnx.load(str(tmp_path / name)).graph.input[0].type.tensor_type.elem_type

    assert (kind("kept"), kind("half")) == (onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16)


@pytest.mark.parametrize("scheme", [OnnxRuntimeStatic, OnnxRuntimeFp16])
def test_a_model_without_weights(scheme, without_weights, tmp_path):
    """FP16 still rounds what passes through; INT8 has QLinearAdd to make."""
    feeds = [{"": np.random.default_rng(0).normal(size=(4, 4)).astype(np.float32)}]
    out = tmp_path / "out.onnx"
    scheme.quantize(without_weights, feeds, {}, out)
    assert compare(Onnx.contents(without_weights), Onnx.contents(out)).changed


@pytest.mark.parametrize("scheme", [OnnxRuntimeDynamic, OnnxRuntimeInt4])
def test_a_model_without_weights_has_none_to_quantize(scheme, without_weights, tmp_path):
    with pytest.raises(ArtifactError, match="the model has no layer with weights"):
        scheme.quantize(without_weights, None, {}, tmp_path / "out.onnx")


@every
def test_no_file_appears_in_the_current_folder(scheme, classifier, batches, tmp_path, monkeypatch):
    """Also where symbolic shapes cannot be inferred, which onnxruntime dumps a file about."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    scheme.quantize(classifier, batches, {}, Path("out.onnx"))
    assert [path.name for path in here.iterdir()] == ["out.onnx"]
    assert Path.cwd() == here


def test_a_full_disk_is_one_line(classifier, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ArtifactError, match=r"out\.onnx: cannot be written: No space left"):
        OnnxRuntimeFp16.quantize(classifier, None, {}, tmp_path / "out.onnx")
