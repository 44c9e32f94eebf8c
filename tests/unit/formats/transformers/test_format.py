import json
import struct

import numpy as np
import pytest

from quantassay.errors import ArtifactError
from quantassay.formats.transformers.format import Transformers

CONFIG = {"architectures": ["TinyForCausalLM"], "hidden_size": 4}
KINDS = {"float32": "F32", "int32": "I32", "int64": "I64", "int8": "I8", "float16": "F16"}


def safetensors(path, **tensors):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, array in tensors.items():
        offsets = [len(data), len(data) + array.nbytes]
        header[name.replace("__", ".")] = {
            "dtype": KINDS[str(array.dtype)], "shape": list(array.shape), "data_offsets": offsets,
        }  # fmt: skip
        data += array.tobytes()
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def weights(dtype=np.float32, scale=1):
    ones = (scale * np.arange(12).reshape(3, 4)).astype(dtype)
    return {
        "model__embed_tokens__weight": ones,
        "model__layer__q__weight": ones,
        "model__layer__q__bias": ones[0],
        "model__norm__weight": ones[0],
    }


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "model"
    made.mkdir()
    (made / "config.json").write_text(json.dumps(CONFIG))
    safetensors(made / "model.safetensors", **weights())
    return made


def test_layers_and_weights(folder):
    found = Transformers.contents(folder)
    assert found.ops == {"Embedding": 1, "Matrix": 1, "Vector": 1}
    assert found.layers == (0, 1) and found.macs == (0, 12) and found.stored == "fp32"
    assert sum(weight.elements for weight in found.weights) == 12 + 12 + 4 + 4


def test_half_precision_is_low(folder):
    safetensors(folder / "model.safetensors", **weights(np.float16))
    found = Transformers.contents(folder)
    assert found.layers == (1, 1) and found.low_ops["Matrix"] == 1 and found.stored == "fp16"


def test_packed_weights_are_counted_apart(folder):
    groups = {"group_0": {"weights": {"num_bits": 4, "type": "int"}}}
    said = {"quant_method": "compressed-tensors", "config_groups": groups}
    (folder / "config.json").write_text(json.dumps({**CONFIG, "quantization_config": said}))
    plain = Transformers.contents(folder)
    safetensors(
        folder / "model.safetensors",
        model__layer__q__weight_packed=np.zeros((3, 2), np.int32),
        model__layer__q__weight_shape=np.array([3, 16], np.int64),
        model__layer__q__weight_scale=np.ones((3, 1), np.float32),
        model__embed_tokens__weight=weights()["model__embed_tokens__weight"],
        model__norm__weight=np.ones(4, np.float32),
    )
    found = Transformers.contents(folder)
    (packed,) = [weight for weight in found.weights if weight.kind == "int4"]
    assert (packed.elements, packed.bits, packed.low) == (48, 192, True)
    assert found.layers == (1, 1) and found.macs == (48, 48)
    assert found.structure != plain.structure


def test_the_same_model_in_two_files_is_the_same(folder):
    before, own = Transformers.contents(folder), Transformers.identify(folder)
    first, *others = weights().items()
    safetensors(folder / "model.safetensors", **dict([first]))
    safetensors(folder / "more.safetensors", **dict(others))
    (folder / "config.json").write_text(json.dumps({**CONFIG, "dtype": "float32"}))
    assert Transformers.contents(folder) == before
    assert Transformers.identify(folder).digest != own.digest


def test_other_weights_have_another_digest(folder):
    before, own = Transformers.contents(folder), Transformers.identify(folder)
    assert own.version == "TinyForCausalLM" and own.bytes > 0
    safetensors(folder / "model.safetensors", **weights(scale=2))
    after = Transformers.contents(folder)
    assert after.structure != before.structure and after.ops == before.ops
    assert {one.digest for one in after.weights}.isdisjoint(one.digest for one in before.weights)
    assert Transformers.identify(folder).digest != own.digest


def test_only_a_folder_with_a_configuration_is_recognized(folder):
    assert Transformers.recognizes(folder)
    assert not Transformers.recognizes(folder / "config.json")
    assert not Transformers.recognizes(folder.parent)


def test_pickled_weights_are_refused(folder):
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ArtifactError, match="pickled weights"):
        Transformers.identify(folder)


def test_a_part_that_is_not_there_is_named(folder):
    index = {"weight_map": {"a": "model.safetensors", "b": "model-2.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(ArtifactError, match=r"model-2.safetensors, which the index names"):
        Transformers.identify(folder)


def test_a_tensor_in_two_files_is_refused(folder):
    safetensors(folder / "more.safetensors", model__norm__weight=np.ones(4, np.float32))
    with pytest.raises(ArtifactError, match=r"two files hold a tensor 'model.norm.weight'"):
        Transformers.identify(folder)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff" * 8,
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 9) + b'{"a": {}}',
        struct.pack("<Q", 60)
        + b'{"a": {"dtype": "F32", "shape": [9], "data_offsets": [0, 36]}}'[:60],
    ],
)
def test_damaged_weights_are_refused(folder, content):
    (folder / "model.safetensors").write_bytes(content)
    with pytest.raises(ArtifactError, match="damaged: no safetensors"):
        Transformers.identify(folder)


def test_weights_that_reach_beyond_the_file_are_refused(folder):
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(ArtifactError, match="damaged"):
        Transformers.identify(folder)


@pytest.mark.parametrize("text", ["[]", "{", ""])
def test_a_damaged_configuration_is_refused(folder, text):
    (folder / "config.json").write_text(text)
    with pytest.raises(ArtifactError, match=r"config.json"):
        Transformers.identify(folder)
