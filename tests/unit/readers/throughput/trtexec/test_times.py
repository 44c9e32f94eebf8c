"""Files by hand, in the form that TensorRT's samples write: the program did not run."""

import json

import numpy as np
import pytest

from quantassay.errors import DataError
from quantassay.readers.throughput.trtexec.times import read_times


def query(start, h2d=0.1, compute=0.5, d2h=0.2, **other):
    at = {"startH2dMs": start, "endD2hMs": start + h2d + compute + d2h}
    parts = {"h2dMs": h2d, "computeMs": compute, "d2hMs": d2h, "latencyMs": h2d + compute + d2h}
    return {"startEnqMs": start, **at, **parts, **other}


def layer(name, written, kind="CaskConvolution"):
    tensor = {"Name": "t", "Dimensions": [1, 3], "Format/Datatype": written}
    return {"Name": name, "LayerType": kind, "Inputs": [tensor], "Outputs": [tensor]}


@pytest.fixture
def export(tmp_path):
    def write(name, value):
        (tmp_path / name).write_text(json.dumps(value), encoding="utf-8")
        return tmp_path / name

    return write


LAYERS = {
    "Layers": [
        layer("a", "Four wide channel vectorized row major Int8 format"),
        layer("b", "Row major linear FP32"),
        layer("c", "Half"),
        layer("d", "Int8"),
        layer("quantize", "Row major linear FP32", "Reformat"),
        {"Name": "constant", "LayerType": "Constant", "Inputs": []},
    ],
    "Bindings": ["x", "y"],
}


def test_times_become_seconds(export):
    found = read_times(export("times.json", [query(10), query(11, compute=0.7)]))
    assert found.queries == 2
    np.testing.assert_allclose(found.latencies, [0.0008, 0.001])
    np.testing.assert_allclose(found.compute, [0.0005, 0.0007])
    assert found.span == pytest.approx(0.002)
    assert (found.layers, found.layer_seconds) == ({}, {})
    assert found.throughput == pytest.approx(2 / 0.002)
    assert (found.source, found.unit) == ("trtexec, times.json", "queries")


def test_layers_tell_what_they_read(export):
    times, layers = export("times.json", [query(0)]), export("layers.json", LAYERS)
    assert read_times(times, layers).layers == {"fp16": 1, "fp32": 1, "int8": 2, "reformat": 1}


def test_a_profile_adds_time_up_by_precision(export):
    profile = [
        {"count": 4},
        {"name": "a", "timeMs": 3, "averageMs": 0.75, "percentage": 50},
        {"name": "d", "timeMs": 1, "averageMs": 0.25, "percentage": 16.7},
        {"name": "c", "timeMs": 2, "averageMs": 0.5, "percentage": 33.3},
        {"name": "elsewhere", "timeMs": 0.5, "averageMs": 0.1, "percentage": 0},
    ]
    files = export("t", [query(0)]), export("l", LAYERS), export("p", profile)
    assert read_times(*files).layer_seconds == pytest.approx(
        {"int8": 0.004, "fp16": 0.002, "unknown": 0.0005}
    )


@pytest.mark.parametrize(
    ("times", "message"),
    [
        ([], "holds no query"),
        ({"a": 1}, "holds no query"),
        ([[1]], "holds list, not an object"),
        ([{"latencyMs": 1}], "does not tell 'startH2dMs'"),
        ([query(0, latencyMs=9)], "'latencyMs' is 9, but the sum of its parts is 0.8"),
        ([query(0, computeMs="0.5")], "'computeMs' is '0.5', no figure"),
        ([query(0, computeMs=True)], "'computeMs' is True, no figure"),
        ([query(0, computeMs=-1)], "'computeMs' is -1, no figure"),
        ([query(0, computeMs=float("nan"))], "'computeMs' is nan, no figure"),
        ([query(0, computeMs=10**400)], "'computeMs' is 1000.*, no figure"),
        ([query(9, endD2hMs=1)], "ends before it starts"),
        ([query(0, h2d=0, compute=0, d2h=0)], "took no time"),
    ],
)
def test_damaged_times_are_one_line(export, times, message):
    with pytest.raises(DataError, match=message) as raised:
        read_times(export("times.json", times))
    assert "\n" not in str(raised.value)
    assert "times.json" in str(raised.value)


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ({"Layers": ["conv + relu"]}, r"only a name.*--profilingVerbosity=detailed"),
        ({"Layers": []}, "tells of no layer"),
        ([1], "not what trtexec exports here"),
        ({"Layers": [layer("a", "Odd")]}, "is 'Odd', no precision"),
        ({"Layers": [layer("a", None)]}, "is None, no precision"),
        ({"Layers": [layer("a", "Half"), layer("a", "Half")]}, "layer 'a' is there twice"),
    ],
)
def test_damaged_layers_are_one_line(export, layers, message):
    with pytest.raises(DataError, match=message) as raised:
        read_times(export("times.json", [query(0)]), export("layers.json", layers))
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "profile", [[], [{"name": "z", "timeMs": 1}], [{"name": ["a"], "timeMs": 1}]]
)
def test_a_profile_of_another_engine_is_refused(export, profile):
    files = export("t", [query(0)]), export("l", LAYERS), export("p", profile)
    with pytest.raises(DataError, match="names no layer that the layer information has"):
        read_times(*files)


def test_a_file_that_is_cut_short_is_one_line(export):
    path = export("times.json", [query(0), query(1)])
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match=r"times\.json"):
        read_times(path)
