import json

import pytest

from quantassay.engines.transformers.engine import Transformers
from quantassay.engines.transformers.folder import read_folder, task_of
from quantassay.engines.transformers.options import TransformersOptions
from quantassay.errors import ArtifactError


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
