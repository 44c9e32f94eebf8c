"""Every format that is registered obeys, and what does not is named."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest
from tests.models.gguf_bytes import F16, SAID, header
from tests.models.tflite import float_dense
from tests.models.two_layers import two_layers

from quantassay import plugins
from quantassay.errors import ArtifactError
from quantassay.formats.onnx.format import Onnx
from quantassay.records.artifacts import Artifact
from quantassay.testing import check_format


def onnx(folder):
    return two_layers(folder / "m.onnx")


def openvino(folder):
    runtime = pytest.importorskip("openvino", reason="openvino is not installed: make test")
    runtime.save_model(runtime.Core().read_model(onnx(folder)), folder / "ir" / "m.xml")
    return folder / "ir" / "m.xml"


def tflite(folder):
    pytest.importorskip("ai_edge_litert", reason="not installed: make test")
    return float_dense(folder / "m.tflite", np.ones((3, 8), np.float32), np.ones(3))


def gguf(folder):
    content = header(SAID, [("blk.0.ffn_up.weight", (32, 4), F16)])
    (folder / "m.gguf").write_bytes(content[:-256] + bytes(256))  # not drawn: zeros are numbers
    return folder / "m.gguf"


def transformers(folder):
    made = folder / "m"
    made.mkdir()
    (made / "config.json").write_text(json.dumps({"architectures": ["TinyForCausalLM"]}))
    said = {"model.layer.weight": {"dtype": "F32", "shape": [4, 4], "data_offsets": [0, 64]}}
    text = json.dumps(said).encode()
    (made / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + bytes(64))
    return made


def state_dict(folder):
    weights, other = _of_torch().write_states(folder)
    other.unlink()  # else it would be taken for a file of the same model
    return weights


def exported(folder):
    return _of_torch().write_program(folder / "m.pt2")


def _of_torch():
    pytest.importorskip("torch", reason="torch is not installed: make test-torch")
    return pytest.importorskip("tests.models.torch_digits")


MODELS = {
    made.__name__: made
    for made in (onnx, openvino, tflite, gguf, transformers, state_dict, exported)
}


@pytest.mark.parametrize("name", plugins.names("formats"))
def test_formats(name, tmp_path):
    check_format(plugins.load("formats", name), MODELS[name](tmp_path))


class ByName(Onnx):
    @staticmethod
    def identify(path):
        if not path.is_file():
            raise ArtifactError("none")
        return Artifact(path, path.name, path.stat().st_size)


class Small(Onnx):
    @staticmethod
    def identify(path):
        return Artifact(path, Onnx.identify(path).digest, 1)


class Lenient(ByName):
    @staticmethod
    def identify(path):
        made = ByName.identify(path)
        return Artifact(path, str(hash(path.read_bytes())), made.bytes)

    @staticmethod
    def contents(path):
        if not path.is_file():
            raise ArtifactError("none")
        return None


class Other(Onnx):
    name = "other"


class Torn(Onnx):
    @staticmethod
    def stored_weights(path):
        return [None]


@pytest.mark.parametrize(
    ("format_", "words"),
    [
        (ByName, "onnx: identifies every byte: byte 0 of m.onnx makes no difference"),
        (Small, "bytes is 1; its files have"),
        (Lenient, "refuses what is cut short: 0 of .* bytes: no ArtifactError"),
        (Other, "other: counts what it holds: they are of format 'onnx'"),
        (Torn, "NoneType is no StoredWeight"),
    ],
)
def test_a_format_that_breaks_a_law(format_, words, tmp_path):
    with pytest.raises(AssertionError, match=words):
        check_format(format_, onnx(tmp_path))
