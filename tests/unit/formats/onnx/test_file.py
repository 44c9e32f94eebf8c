from hashlib import sha256

import numpy as np
import onnx
import pytest

from quantassay.errors import ArtifactError, QuantassayError
from quantassay.formats.digests import by_bytes
from quantassay.formats.onnx.file import inspect_onnx


@pytest.fixture
def external(linear, tmp_path):
    """Write a model whose weight is kept at ``location``, with ``size`` bytes of data there."""

    def make(location="w.bin", size=24, folder="model", where="model/w.bin"):
        model = onnx.load(str(linear()))
        tensor = model.graph.initializer[0]
        tensor.ClearField("raw_data")
        tensor.data_location = onnx.TensorProto.EXTERNAL
        for key, value in {"location": location, "offset": "0", "length": "24"}.items():
            entry = tensor.external_data.add()
            entry.key, entry.value = key, value
        (tmp_path / folder).mkdir(exist_ok=True)
        if where:
            (tmp_path / where).write_bytes(np.zeros(size, np.uint8).tobytes())
        path = tmp_path / folder / "m.onnx"
        path.write_bytes(model.SerializeToString())
        return path

    return make


def test_a_single_file_is_its_own_digest(linear):
    path = linear()
    artifact = inspect_onnx(path)
    assert artifact.path == path
    assert artifact.bytes == path.stat().st_size
    assert artifact.digest == f"sha256:{sha256(path.read_bytes()).hexdigest()}"


def test_external_data_counts(external):
    path = external()
    before = inspect_onnx(path)
    assert before.bytes == path.stat().st_size + 24
    (path.parent / "w.bin").write_bytes(b"\1" * 24)
    assert inspect_onnx(path).digest != before.digest


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"location": "../w.bin", "where": "w.bin"}, "outside the model's folder"),
        ({"location": "/etc/hostname", "where": None}, "absolute path"),
        ({"location": "\\\\host\\w.bin", "where": None}, "absolute path"),
        ({"location": "absent.bin", "where": None}, "which is missing"),
        ({"location": "", "where": None}, "which is missing"),
        ({"size": 20}, "truncated"),
    ],
)
def test_bad_external_data_is_refused(external, changes, message):
    with pytest.raises(ArtifactError, match=message) as raised:
        inspect_onnx(external(**changes))
    assert "\n" not in str(raised.value)


def test_a_link_out_of_the_folder_is_refused(external, tmp_path):
    path = external(where=None)
    (tmp_path / "outside.bin").write_bytes(b"\0" * 24)
    (path.parent / "w.bin").symlink_to(tmp_path / "outside.bin")
    with pytest.raises(ArtifactError, match="outside"):
        inspect_onnx(path)


def test_every_truncation_is_refused(linear, tmp_path):
    whole = linear().read_bytes()
    cut = tmp_path / "cut.onnx"
    for length in range(len(whole)):
        cut.write_bytes(whole[:length])
        with pytest.raises(ArtifactError, match="truncated"):
            inspect_onnx(cut)


@pytest.mark.parametrize("content", [b"", b"not a model", b"PK\3\4" * 100])
def test_what_is_not_onnx_is_refused(tmp_path, content):
    path = tmp_path / "m.onnx"
    path.write_bytes(content)
    with pytest.raises(QuantassayError, match=r"ONNX model"):
        inspect_onnx(path)


def test_a_missing_file(tmp_path):
    with pytest.raises(ArtifactError, match="no such model file"):
        inspect_onnx(tmp_path / "m.onnx")


def test_a_file_of_another_format_is_its_bytes(tmp_path):
    path = tmp_path / "model.bin"
    path.write_bytes(b"weights")
    found = by_bytes(path)
    assert (found.path, found.bytes) == (path, 7)
    assert found.digest == f"sha256:{sha256(b'weights').hexdigest()}"
