import pytest

from quantassay.engines.onnxruntime.provider_files import calibration_table, recorded
from quantassay.errors import ArtifactError

TRT = "TensorrtExecutionProvider"


def test_an_engine_cache_is_recorded_by_content_not_by_place(tmp_path):
    found = []
    for name, content in (("here", b"engine"), ("there", b"engine"), ("other", b"another")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "model.engine").write_bytes(content)
        options = {"trt_engine_cache_enable": "True", "trt_engine_cache_path": str(folder)}
        found.append(recorded(((TRT, options),)))
    assert found[0] == found[1] != found[2]
    assert found[0]["providers"] == TRT
    assert found[0]["Tensorrt trt_engine_cache_enable"] == "True"
    assert found[0]["Tensorrt trt_engine_cache_path"].startswith("1 file, sha256 ")


def test_a_cache_that_is_not_there_yet_is_said(tmp_path):
    options = {"trt_engine_cache_path": str(tmp_path / "later")}
    assert recorded(((TRT, options),))["Tensorrt trt_engine_cache_path"] == "nothing there yet"


def test_a_calibration_table_is_recorded_by_content(tmp_path):
    options = {
        "trt_int8_enable": "True",
        "trt_engine_cache_path": str(tmp_path),
        "trt_int8_calibration_table_name": "ranges",
    }
    with pytest.raises(ArtifactError, match="no such calibration table"):
        calibration_table(options)
    (tmp_path / "ranges").write_bytes(b"1")
    first = recorded(((TRT, options),))["Tensorrt trt_int8_calibration_table_name"]
    (tmp_path / "ranges").write_bytes(b"2")
    second = recorded(((TRT, options),))["Tensorrt trt_int8_calibration_table_name"]
    assert first.startswith("ranges, 1 file, sha256 ")
    assert first != second


def test_providers_without_options_are_named_only():
    assert recorded((("CPUExecutionProvider", {}),)) == {"providers": "CPUExecutionProvider"}
