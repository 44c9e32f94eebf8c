import json

import pytest

from quantassay.engines.transformers import Transformers
from quantassay.engines.transformers_options import (
    TransformersOptions,
    read_folder,
    read_options,
    task_of,
)
from quantassay.errors import ArtifactError, PluginError


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"")
    say(tmp_path, architectures=["BertModel"])
    return tmp_path


def say(folder, **config):
    (folder / "config.json").write_text(json.dumps(config))


def pool(folder, said, *steps):
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(said))
    (folder / "modules.json").write_text(json.dumps([{"type": f"st.{step}"} for step in steps]))


def test_defaults():
    assert read_options({}) == TransformersOptions()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"thread": 1}, "no option 'thread' (did you mean 'threads'?)"),
        ({"threads": 0}, "a whole number of at least 1; got 0"),
        ({"threads": True}, "a whole number of at least 1; got True"),
        ({"max_new_tokens": None}, "a whole number of at least 1; got None"),
        ({"normalize": "yes"}, "true or false; got 'yes'"),
        ({"dtype": "int8"}, "one of float32, bfloat16, float16; got 'int8'"),
    ],
)
def test_what_is_wrong_is_said(given, said):
    with pytest.raises(PluginError) as error:
        read_options(given)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("named", "task"),
    [
        ("LlamaForCausalLM", "causal"),
        ("GPT2LMHeadModel", "causal"),
        ("BertForSequenceClassification", "classification"),
        ("BertModel", "embedding"),
    ],
)
def test_the_architecture_says_what_a_model_is_for(folder, named, task):
    say(folder, architectures=[named])
    assert task_of(TransformersOptions(), read_folder(folder)) == task
    assert task_of(TransformersOptions(task="causal"), read_folder(folder)) == "causal"


def test_an_architecture_that_says_nothing_needs_a_task(folder):
    say(folder, architectures=["BertForMaskedLM"])
    with pytest.raises(ArtifactError, match=r"BertForMaskedLM: say what it is for"):
        task_of(TransformersOptions(), read_folder(folder))


@pytest.mark.parametrize(
    ("said", "pooling"),
    [
        ({"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}, "mean"),
        ({"pooling_mode_cls_token": True}, "cls"),
        ({"pooling_mode": "lasttoken"}, "last"),
    ],
)
def test_a_folder_of_sentence_transformers_says_how_it_pools(folder, said, pooling):
    pool(folder, said, "Transformer", "Pooling", "Normalize")
    found = read_folder(folder)
    assert (found.pooling, found.normalize) == (pooling, True)
    say(folder, architectures=["Qwen3ForCausalLM"])
    assert task_of(TransformersOptions(), read_folder(folder)) == "embedding"


@pytest.mark.parametrize(
    "said",
    [
        {"pooling_mode_max_tokens": True},
        {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": True},
        {"pooling_mode": ["cls", "mean"]},
    ],
)
def test_pooling_that_is_not_done_here_is_refused(folder, said):
    pool(folder, said, "Transformer", "Pooling")
    with pytest.raises(ArtifactError, match="pools by"):
        read_folder(folder)


def test_a_step_that_is_not_done_here_is_refused(folder):
    pool(folder, {"pooling_mode": "mean"}, "Transformer", "Pooling", "Dense")
    with pytest.raises(ArtifactError, match="'Dense' is not run by this engine"):
        read_folder(folder)


def test_pickled_weights_are_refused_before_anything_is_loaded(folder):
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ArtifactError, match="pickled weights"):
        Transformers.open(folder, {})


def test_no_model_and_no_folder_are_said():
    with pytest.raises(ArtifactError, match="set 'model'"):
        Transformers.open(None, {})
