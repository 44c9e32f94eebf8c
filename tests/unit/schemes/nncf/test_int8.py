import subprocess
import sys

import numpy as np
import onnx
import openvino
import pytest

from quantassay.errors import ArtifactError, DataError, PluginError
from quantassay.formats.recognized import format_of
from quantassay.schemes.nncf.int8 import NncfInt8
from quantassay.testing import check_scheme


@pytest.fixture
def ir(classifier):
    """The classifier as OpenVINO IR."""
    path = classifier.with_suffix(".xml")
    openvino.save_model(openvino.Core().read_model(classifier), path, compress_to_fp16=False)
    return path


def made(reference, batches, out, **options):
    NncfInt8.quantize(reference, batches, options, out)
    return format_of(out).contents(out)


def test_it_keeps_the_contract(classifier, ir, batches):
    check_scheme(NncfInt8, classifier, batches)
    check_scheme(NncfInt8, ir, batches)


def test_every_layer_is_quantized_in_both_formats(classifier, ir, batches, tmp_path):
    for reference in (classifier, ir):
        found = made(reference, batches, tmp_path / f"q{reference.suffix}")
        assert found.layers == (3, 3)
        assert found.stored == "int8"


def test_names_of_inputs_and_outputs_stay(ir, batches, tmp_path):
    made(ir, batches, tmp_path / "q.xml")
    model = openvino.Core().read_model(tmp_path / "q.xml")
    assert [port.any_name for port in (*model.inputs, *model.outputs)] == ["x", "y"]


def test_what_is_ignored_stays(classifier, ir, batches, tmp_path):
    assert made(classifier, batches, tmp_path / "a.onnx", ignored=["last"]).layers == (2, 3)
    assert made(classifier, batches, tmp_path / "b.onnx", ignored_ops=["Conv"]).layers == (2, 3)
    assert made(ir, batches, tmp_path / "c.xml", ignored_ops=["Convolution"]).layers == (2, 3)


def test_a_transformer_may_be_named_and_is_not_smoothed(classifier, batches, tmp_path):
    made(classifier, batches, tmp_path / "q.onnx", model_type="transformer", preset="mixed")
    nodes = onnx.load(tmp_path / "q.onnx").graph.node
    assert not any("smooth_quant" in node.name for node in nodes)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"preset": "mixt"}, "'preset' .* one of auto, performance, mixed; got 'mixt'"),
        ({"model_type": None}, "'model_type' .* one of any, transformer; got None"),
        ({"ignore": []}, r"no option 'ignore' \(did you mean 'ignored'\?\)"),
        ({"ignored": ["lost"]}, r"'ignored' .* no 'lost' \(did you mean 'last'\?\)"),
        ({"ignored_ops": ["Convolution"]}, "'ignored_ops' .* the model has no 'Convolution'"),
    ],
)
def test_options_are_checked(classifier, batches, tmp_path, options, message):
    with pytest.raises(PluginError, match=message):
        NncfInt8.quantize(classifier, batches, options, tmp_path / "q.onnx")
    assert not (tmp_path / "q.onnx").exists()


def test_nothing_to_quantize_is_told(without_weights, tmp_path):
    batch = {"": np.ones((4, 4), np.float32)}
    with pytest.raises(ArtifactError, match="'nncf-int8' found no operation that it could"):
        NncfInt8.quantize(without_weights, [batch], {"ignored_ops": ["Add"]}, tmp_path / "q.onnx")
    assert not (tmp_path / "q.onnx").exists()


def test_samples_that_do_not_fit(classifier, tmp_path):
    with pytest.raises(DataError, match="takes shape"):
        NncfInt8.quantize(
            classifier, [{"": np.ones((4, 3, 8, 8), np.float32)}], {}, tmp_path / "q.onnx"
        )


def test_damaged_models(ir, batches, tmp_path):
    ir.with_suffix(".bin").write_bytes(b"")
    with pytest.raises(ArtifactError, match=r"damaged, without its .bin, or not OpenVINO IR"):
        NncfInt8.quantize(ir, batches, {}, tmp_path / "q.xml")
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no model")
    with pytest.raises(ArtifactError, match="truncated or not an ONNX model"):
        NncfInt8.quantize(broken, batches, {}, tmp_path / "q.onnx")


def test_nothing_is_printed(classifier, batches, tmp_path, capfd):
    made(classifier, batches, tmp_path / "q.onnx")
    assert capfd.readouterr() == ("", "")


def test_a_missing_package_names_its_extra(classifier, batches, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "nncf", None)
    with pytest.raises(PluginError, match=r"pip install 'quantassay\[quant\]'"):
        NncfInt8.quantize(classifier, batches, {}, tmp_path / "q.onnx")


def test_it_keeps_to_itself(tmp_path):
    """OpenVINO and NNCF would report their use, and write into the user's home."""
    code = (
        "import logging\n"
        "from quantassay.schemes.nncf.library import require_nncf\n"
        "from quantassay.engines.openvino.options import require_openvino\n"
        "require_openvino(); require_nncf()\n"
        "import nncf.telemetry.wrapper as w\n"
        "assert type(w.telemetry).__name__ == 'MagicMock', w.telemetry\n"
        "assert logging.getLoggerClass() is logging.Logger\n"
        "import openvino_telemetry"
    )
    home = tmp_path / "home"
    home.mkdir()
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "ORT_DISABLE_TELEMETRY": "1"}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, cwd=tmp_path)
    assert list(home.iterdir()) == []
