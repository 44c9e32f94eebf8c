"""Model files that are missing, truncated, unsafe, or that nothing here can run."""

from __future__ import annotations

import shutil

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

SCHEMES = {
    "static": {"model": ..., "scheme": "onnxruntime-static", "of": "fp32", "calibration": "train"},
    "dynamic": {"model": ..., "scheme": "onnxruntime-dynamic", "of": "fp32"},
}
TRAIN = {"train": {"data": {"path": "train.parquet"}, "samples": 32}}


@pytest.mark.parametrize("name", ["fp32.onnx", "low.onnx"])
def test_a_model_that_is_missing(run, assay, name):
    (assay.folder / name).unlink()
    line = run().refused("no such file", name)
    assert f"variants.{name.removesuffix('.onnx')}.model" in line and "assay.yaml:" in line


@pytest.mark.parametrize("keep", [0, 1, 20, 0.5, 0.9, -1])
@pytest.mark.parametrize("name", ["fp32.onnx", "low.onnx"])
def test_a_truncated_model(run, assay, name, keep):
    path = assay.folder / name
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep) if isinstance(keep, float) else keep])
    run().refused(name)
    assert not (assay.out / "verdicts.json").exists()


@pytest.mark.parametrize("content", [b"not a model", b"\x00" * 4096, b"PK\x03\x04" * 100])
def test_a_file_that_is_no_model(run, assay, content):
    (assay.folder / "low.onnx").write_bytes(content)
    run().refused("low.onnx", "ONNX")


def test_a_model_that_is_a_folder(run, assay):
    (assay.folder / "low.onnx").unlink()
    (assay.folder / "low.onnx").mkdir()
    run().refused("low.onnx")


@pytest.fixture
def outside(assay):
    """Store the weights of a model in another file, under any name."""

    def store(location, write=True):
        model = onnx.load(str(assay.folder / "low.onnx"))
        weight = model.graph.initializer[0]
        content = numpy_helper.to_array(weight).tobytes()
        weight.ClearField("raw_data")
        weight.data_location = onnx.TensorProto.EXTERNAL
        weight.external_data.add(key="location", value=location)
        weight.external_data.add(key="length", value=str(len(content)))
        (assay.folder / "low.onnx").write_bytes(model.SerializeToString())
        target = (assay.folder / location).resolve()
        if write:
            target.write_bytes(content)
        return target

    return store


def test_external_data_beside_the_model_is_read(run, outside):
    outside("weights.bin")
    assert run().code == 0


@pytest.mark.parametrize("location", ["../stolen.bin", "a/../../stolen.bin", "", "weights.bin"])
def test_external_data_that_is_outside_or_missing(run, outside, assay, location):
    (assay.folder / "a").mkdir()
    outside(location, write="stolen" in location)
    run().refused("low.onnx", "weight 'w'", repr(location))


def test_external_data_at_an_absolute_path(run, outside, tmp_path):
    outside(str(tmp_path / "weights.bin"))
    run().refused("low.onnx", "absolute")


def test_external_data_behind_a_link(run, outside, tmp_path_factory, assay):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "weights.bin"
    target = outside("weights.bin")
    shutil.move(target, elsewhere)
    target.symlink_to(elsewhere)
    run().refused("low.onnx", "outside")


def test_external_data_that_is_truncated(run, outside):
    target = outside("weights.bin")
    target.write_bytes(target.read_bytes()[:-4])
    run().refused("weights.bin", "truncated")


def test_external_data_that_changed_is_measured_anew(run, outside):
    target = outside("weights.bin")
    assert run().code == 0
    target.write_bytes((np.eye(4, dtype=np.float32) * -1).tobytes())
    outcome = run()
    assert (outcome.code, outcome.verdict()) == (1, "fail")


def test_a_provider_that_is_not_there_is_no_silent_fall_back(run):
    changes = {"variants": {"low": {"engine_options": {"providers": ["CUDA"]}}}}
    run(changes).refused("'CUDA'", "there are: ", "CPU")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"thread": 1}, ("'thread'", "did you mean 'threads'?")),
        ({"threads": 0}, ("'threads'", "got 0")),
        ({"graph": "most"}, ("'graph'", "'most'")),
        ({"providers": []}, ("'providers'",)),
    ],
)
def test_an_engine_option_that_is_not_there(run, options, words):
    run({"variants": {"low": {"engine_options": options}}}).refused(*words)


def test_a_model_with_other_inputs(run, assay):
    model = onnx.load(str(assay.folder / "low.onnx"))
    model.graph.input.append(
        onnx.helper.make_tensor_value_info("mask", onnx.TensorProto.FLOAT, ["n", 4])
    )
    onnx.save(model, str(assay.folder / "low.onnx"))
    run().refused("low.onnx", "'mask'", "input:")


def test_a_model_of_a_fixed_batch(run, assay):
    model = onnx.load(str(assay.folder / "low.onnx"))
    model.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 64
    onnx.save(model, str(assay.folder / "low.onnx"))
    run().refused("low.onnx", "exactly 64", "got 16")


def test_a_model_that_changed_nothing_does_not_pass(run, assay):
    assay.model("low.onnx")
    outcome = run()
    assert (outcome.code, outcome.verdict()) == (3, "insufficient")
    assert "changed nothing" in outcome.json["candidates"]["low"]["reason"]


def test_a_renamed_copy_changed_nothing(run, assay):
    model = onnx.load(str(assay.model("low.onnx")))
    model.graph.name, model.producer_name, model.doc_string = "int8", "quantizer", "int8 model"
    model.graph.node[0].name = "quantized"
    onnx.save(model, str(assay.folder / "low.onnx"))
    outcome = run()
    assert (outcome.code, outcome.verdict()) == (3, "insufficient")


def test_a_scheme_that_changed_nothing_does_not_pass(run, assay):
    changes = {"variants": {"low": SCHEMES["dynamic"] | {"options": {"ops": ["Conv"]}}}}
    outcome = run(changes)
    assert outcome.code != 0
    assert outcome.code == 2 or outcome.verdict() == "insufficient"


def test_a_scheme_that_does_something_passes(run):
    outcome = run({"variants": {"low": SCHEMES["dynamic"]}})
    assert outcome.code == 0, outcome.stderr


def test_calibration_samples_that_stand_in_the_test_set_stop_the_run(run, assay):
    table = assay.data()
    shutil.copy(table, assay.folder / "train.parquet")
    changes = {"variants": {"low": SCHEMES["static"]}, "calibrations": TRAIN}
    line = run(changes).refused("'train'", "32 of 32", "test set")
    assert "s0" in line
    assert not (assay.out / "verdicts.json").exists()


def test_calibration_samples_under_other_names_are_found_by_content(run, assay):
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(assay.folder / "test.parquet").slice(0, 40)
    names = pa.array([f"t{i}" for i in range(40)])
    pq.write_table(table.set_column(0, "id", names), assay.folder / "train.parquet")
    run({"variants": {"low": SCHEMES["static"]}, "calibrations": TRAIN}).refused("test set")


def test_the_test_set_itself_is_no_calibration_set(run):
    train = {"train": {"data": {"path": "./test.parquet"}, "samples": 32}}
    run({"variants": {"low": SCHEMES["static"]}, "calibrations": train}).refused(
        "calibrations.train.data", "test set"
    )


def test_a_calibration_set_that_is_missing(run):
    changes = {"variants": {"low": SCHEMES["static"]}, "calibrations": TRAIN}
    run(changes).refused("calibrations.train.data.path", "train.parquet", "no such file")


def test_a_scheme_without_its_samples(run):
    low = SCHEMES["static"] | {"calibration": ...}
    run({"variants": {"low": low}}).refused("variants.low.scheme", "calibration")


def test_an_option_that_the_scheme_does_not_have(run):
    low = SCHEMES["dynamic"] | {"options": {"per_chanel": True}}
    run({"variants": {"low": low}}).refused("'per_chanel'", "did you mean 'per_channel'?")
