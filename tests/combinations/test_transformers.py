"""The transformers engine on small models that are made here, and answered by transformers too."""

from __future__ import annotations

import json
import shutil
from importlib.util import find_spec

import numpy as np
import pytest

import quantassay as qa
from quantassay.engines.transformers.engine import Transformers
from quantassay.errors import ArtifactError, DataError, PluginError
from quantassay.formats.transformers.format import Transformers as Folder
from quantassay.testing import check_engine

torch = pytest.importorskip("torch", reason="torch is not installed: make test-torch")
library = pytest.importorskip("transformers", reason="not installed: make test-torch")

WORDS = [f"w{at}" for at in range(40)]
TEXTS = np.array(["w1 w2 w3", "w4", "w5 w6 w7 w8 w9 w10 w11", "w1 w1"], object)
SMALL = {
    "vocab_size": 44, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2,
    "num_attention_heads": 4, "max_position_embeddings": 64, "pad_token_id": 0,
}  # fmt: skip


def tokenizer(folder, *, template):
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    names = ["[PAD]", "[UNK]", "[BOS]", "[EOS]", *WORDS]
    made = Tokenizer(models.WordLevel({name: at for at, name in enumerate(names)}, "[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing(
        single=template, special_tokens=[("[BOS]", 2), ("[EOS]", 3)]
    )
    library.PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token="[PAD]", unk_token="[UNK]", bos_token="[BOS]",
        eos_token="[EOS]", model_max_length=64,
    ).save_pretrained(folder)  # fmt: skip


def saved(kind, config, folder, *, template="[BOS] $A"):
    torch.manual_seed(7)
    made = kind(config)
    with torch.no_grad():  # far enough apart that rounding moves no answer
        for weight in made.parameters():
            if weight.ndim > 1:
                weight.mul_(10)
    made.save_pretrained(folder)
    tokenizer(folder, template=template)
    return folder


@pytest.fixture(scope="module")
def causal(tmp_path_factory):
    config = library.LlamaConfig(**SMALL, num_key_value_heads=2, bos_token_id=2, eos_token_id=3)
    return saved(library.LlamaForCausalLM, config, tmp_path_factory.mktemp("causal"))


@pytest.fixture(scope="module")
def embedder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("embedder")
    saved(library.BertModel, library.BertConfig(**SMALL), folder, template="[BOS] $A [EOS]")
    (folder / "1_Pooling").mkdir()
    said = {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(said))
    steps = ["sentence_transformers.models.Transformer", "x.Pooling", "x.Normalize"]
    (folder / "modules.json").write_text(json.dumps([{"type": step} for step in steps]))
    return folder


@pytest.fixture(scope="module")
def classifier(tmp_path_factory):
    config = library.BertConfig(**SMALL, num_labels=3)
    folder = tmp_path_factory.mktemp("classifier")
    return saved(library.BertForSequenceClassification, config, folder)


def answers(folder, batch, **options):
    session = Transformers.open(folder, options)
    (found,) = session.run(batch).values()
    session.close()
    return found


def one_by_one(folder, batch, **options):
    rows = [
        answers(folder, {name: array[at : at + 1] for name, array in batch.items()}, **options)
        for at in range(len(next(iter(batch.values()))))
    ]
    return np.concatenate(rows)


def both(batch):
    """What is said of a combination, as the table of combinations prints it."""
    return pytest.mark.combination(scheme=None, engine="transformers", model=batch)


@both("causal, embedding and classification models of 2 layers")
@pytest.mark.parametrize("kind", ["causal", "embedder", "classifier"])
def test_obeys_what_every_engine_obeys(kind, request):
    check_engine(Transformers, request.getfixturevalue(kind), {"": TEXTS})


def test_embeddings_are_the_mean_of_real_tokens_whatever_the_padding(embedder):
    found = answers(embedder, {"": TEXTS})
    np.testing.assert_allclose(found, one_by_one(embedder, {"": TEXTS}), atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
    model = library.BertModel.from_pretrained(embedder).eval()
    with torch.inference_mode():
        hidden = model(input_ids=torch.tensor([[2, 5, 6, 7, 3]])).last_hidden_state[0]
    by_hand = torch.nn.functional.normalize(hidden.mean(0), dim=0).numpy()
    np.testing.assert_allclose(found[0], by_hand, atol=1e-6)
    first = answers(embedder, {"": TEXTS}, pooling="cls", normalize=False)
    np.testing.assert_allclose(first[0], hidden[0].numpy(), atol=1e-5)
    last = answers(embedder, {"": TEXTS}, pooling="last", normalize=False)
    np.testing.assert_allclose(last[0], hidden[-1].numpy(), atol=1e-5)


def test_classes_are_those_of_transformers(classifier):
    found = answers(classifier, {"text": TEXTS})
    np.testing.assert_allclose(found, one_by_one(classifier, {"": TEXTS}), atol=1e-5)
    model = library.BertForSequenceClassification.from_pretrained(classifier).eval()
    with torch.inference_mode():
        own = model(input_ids=torch.tensor([[2, 8]])).logits
    np.testing.assert_allclose(found[1], own[0].numpy(), atol=1e-5)


def test_the_next_token_follows_the_last_real_one(causal):
    found = answers(causal, {"": TEXTS})
    assert found.shape == (4, 44)
    np.testing.assert_allclose(found, one_by_one(causal, {"": TEXTS}), rtol=1e-4, atol=1e-4)
    ids = np.array([[2, 5, 6, 7], [0, 0, 2, 8]])
    mask = np.array([[1, 1, 1, 1], [0, 0, 1, 1]])
    tokens = answers(causal, {"input_ids": ids, "attention_mask": mask})
    np.testing.assert_allclose(tokens, found[:2], rtol=1e-4, atol=1e-4)
    alone = answers(causal, {"": ids[:1]})
    np.testing.assert_allclose(alone, found[:1], rtol=1e-4, atol=1e-4)


def test_greedy_text_is_that_of_transformers_one_by_one(causal):
    found = answers(causal, {"": TEXTS}, output="text", max_new_tokens=5)
    assert (
        found.tolist() == one_by_one(causal, {"": TEXTS}, output="text", max_new_tokens=5).tolist()
    )
    logits = answers(causal, {"": TEXTS})
    names = ["", "", "", "", *WORDS]  # special tokens are left out of a text
    firsts = [names[at] for at in logits.argmax(axis=1)]
    assert all(text.startswith(first) for text, first in zip(found, firsts, strict=True))


def test_a_continuation_has_the_sum_of_its_tokens(causal):
    batch = {"context": np.array(["w1 w2", "w3 ", ""], object),
             "continuation": np.array([" w5 w6", "w7", "w1"], object)}  # fmt: skip
    found = answers(causal, batch, output="loglikelihood")
    np.testing.assert_array_equal(found[:, 1], [2, 1, 1])
    alone = one_by_one(causal, batch, output="loglikelihood")
    np.testing.assert_allclose(found, alone, rtol=1e-5)
    model = library.LlamaForCausalLM.from_pretrained(causal).eval()
    with torch.inference_mode():
        logits = model(input_ids=torch.tensor([[2, 5, 6, 9, 10]])).logits[0]
    chances = torch.log_softmax(logits.double(), dim=-1)
    assert found[0, 0] == pytest.approx(float(chances[2, 9] + chances[3, 10]), rel=1e-6)


def test_choices_are_the_sums_of_each_continuation(causal):
    context = np.array(["w1 w2", "w3"], object)
    choices = np.array([[" w5", " w6 w7"], [" w8", " w9"]], object)
    found = answers(causal, {"context": context, "continuation": choices}, output="choices")
    second = {"context": context, "continuation": choices[:, 1]}
    sums = answers(causal, second, output="loglikelihood")
    np.testing.assert_allclose(found[:, 1], sums[:, 0], rtol=1e-6)
    with pytest.raises(DataError, match="choices"):
        answers(causal, {"context": context, "continuation": choices}, output="loglikelihood")


def test_an_end_after_the_context_is_no_context(causal, tmp_path):
    folder = shutil.copytree(causal, tmp_path / "ends")
    tokenizer(folder, template="[BOS] $A [EOS]")
    batch = {"context": np.array(["w1"], object), "continuation": np.array([" w2"], object)}
    with pytest.raises(DataError, match="ends every text"):
        answers(folder, batch, output="loglikelihood")


def test_says_what_ran_and_how(causal):
    session = Transformers.open(causal, {"dtype": "bfloat16"})
    use = session.use()
    assert (use.asked, use.full_precision) == ("bfloat16", {})
    assert {(one.op, one.precision) for one in use.precisions} >= {("Linear", "bf16")}
    assert all(one.execution in ("native", "emulated", "unknown") for one in use.precisions)
    plain = Transformers.open(causal, {}).use()
    assert plain.precisions == () and plain.full_precision["Linear"] == 15
    assert plain.options["stored as"] == "float32" and plain.options["attention"]
    assert plain.options["tokenizers"] and "torch 2" in plain.provider


def test_a_folder_stored_in_bf16_runs_in_float32_and_says_so(causal, tmp_path):
    model = library.LlamaForCausalLM.from_pretrained(causal, dtype=torch.bfloat16)
    model.save_pretrained(tmp_path)
    tokenizer(tmp_path, template="[BOS] $A")
    use = Transformers.open(tmp_path, {}).use()
    assert use.options["stored as"] == "bfloat16" and use.asked == "float32"
    assert use.precisions == ()
    assert Folder.contents(tmp_path).stored == "bf16"
    assert Folder.contents(tmp_path).layers == (15, 15)


def test_what_a_folder_holds(causal):
    contents = Folder.contents(causal)
    assert contents.layers == (0, 15) and contents.stored == "fp32"
    assert contents.ops == {"Embedding": 1, "Matrix": 15, "Vector": 5}
    weights = sum(weight.elements for weight in contents.weights)
    model = library.LlamaForCausalLM.from_pretrained(causal)
    assert weights == sum(one.numel() for one in model.parameters())
    assert contents.macs == (0, weights - 44 * 32 - 5 * 32)
    assert Folder.identify(causal).version == "LlamaForCausalLM"


def test_pickled_weights_are_refused(causal, tmp_path):
    folder = shutil.copytree(causal, tmp_path / "pickled")
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    for opened in (lambda: Transformers.open(folder, {}), lambda: Folder.identify(folder)):
        with pytest.raises(ArtifactError, match="pickled"):
            opened()


def test_code_in_a_folder_is_never_run(causal, tmp_path):
    folder = shutil.copytree(causal, tmp_path / "code")
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": "strange", "auto_map": {"AutoModelForCausalLM": "evil.Model"}}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Model: pass\n")
    with pytest.raises(ArtifactError, match="cannot load"):
        Transformers.open(folder, {})
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("method", ["compressed-tensors", "bitsandbytes"])
def test_quantized_weights_need_what_reads_them(method, causal, tmp_path):
    if method == "compressed-tensors" and find_spec("compressed_tensors"):
        pytest.skip("compressed_tensors is installed here")
    folder = shutil.copytree(causal, tmp_path / "quantized")
    config = json.loads((folder / "config.json").read_text())
    config["quantization_config"] = {"quant_method": method}
    (folder / "config.json").write_text(json.dumps(config))
    said = {
        "compressed-tensors": (PluginError, r"quantassay\[llm-quant\]"),
        "bitsandbytes": (ArtifactError, "quantized by bitsandbytes are not run here"),
    }
    kind, text = said[method]
    with pytest.raises(kind, match=text):
        Transformers.open(folder, {})


def test_weights_that_a_task_lacks_are_not_drawn_at_random(embedder):
    with pytest.raises(ArtifactError, match=r"classifier.* would be random"):
        Transformers.open(embedder, {"task": "classification"})


def test_long_texts_are_cut_for_embeddings_and_refused_of_causal_models(embedder, causal):
    long = np.array(["w1 " * 100], object)
    np.testing.assert_allclose(
        answers(embedder, {"": long}, max_length=8),
        answers(embedder, {"": np.array(["w1 " * 6], object)}),
        atol=1e-6,
    )
    with pytest.raises(DataError, match=r"101 tokens, the model takes 64"):
        answers(causal, {"": long})


def test_options_are_checked(causal):
    with pytest.raises(PluginError, match="did you mean 'pooling'"):
        Transformers.open(causal, {"poling": "mean"})
    with pytest.raises(PluginError, match="is one of mean, cls, last"):
        Transformers.open(causal, {"pooling": "max"})
    with pytest.raises(PluginError, match="whole number"):
        Transformers.open(causal, {"threads": 0})


SEARCH = """
rubric: search/1
task:
  name: find the text
  data: {path: queries.jsonl, id: q, input: text, target: doc}
  outputs: {kind: embeddings, corpus: {path: documents.jsonl, id: doc}, depth: 10}
  composition: made up
  clusters: independent
metrics: [{name: recall@1, margin: 0.2}]
reference: fp32
variants:
  fp32: {model: embedder}
  bf16: {model: embedder, engine: transformers, engine_options: {dtype: bfloat16}}
timing: {blocks: 10, duration: 0.01s, warmup: 0.01s}
"""
CHOOSE = """
rubric: choose/1
task:
  name: continue the text
  data: {path: choices.jsonl, id: q, input: {context: text, continuation: choices}, target: best}
  outputs: {kind: scores}
  composition: made up
  clusters: independent
metrics: [{name: top1}]
reference: fp32
variants:
  fp32: {model: causal, engine_options: {output: choices}}
  bf16: {model: causal, engine_options: {output: choices, dtype: bfloat16}}
timing: {blocks: 10, duration: 0.01s, warmup: 0.01s}
"""


def lines(path, rows):
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n")


@pytest.fixture
def assays(tmp_path, causal, embedder, monkeypatch):
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))
    shutil.copytree(causal, tmp_path / "causal")
    shutil.copytree(embedder, tmp_path / "embedder")
    drawn = np.random.default_rng(3).integers(0, 40, (60, 9))
    texts = [" ".join(f"w{at}" for at in row) for row in drawn.tolist()]
    lines(tmp_path / "documents.jsonl", [{"doc": at, "text": one} for at, one in enumerate(texts)])
    queries = [
        {"q": f"q{at}", "doc": at, "text": one.rpartition(" ")[0]} for at, one in enumerate(texts)
    ]
    lines(tmp_path / "queries.jsonl", queries)
    choices = {"choices": [" w1 w2", " w3", " w4"], "best": 1}
    lines(tmp_path / "choices.jsonl", [{**row, **choices} for row in queries])
    (tmp_path / "search.yaml").write_text(SEARCH)
    (tmp_path / "choose.yaml").write_text(CHOOSE)
    return tmp_path


@both("an embedding model of 2 layers, with a corpus")
def test_text_is_searched_from_the_rubric_on(assays):
    result = qa.run(assays / "search.yaml", assays / "run")
    found = {one.name: one for one in result.comparison.agreements if one.stratum == {}}
    assert 0.99 < found["cosine"].value < 1 and found["cosine"].n == 60
    assert result.engines["bf16"].asked == "bfloat16"
    assert result.cells[0].reference_value > 0.5
    assert [one for one in qa.verify(assays / "run" / "claim.json").checks
            if one.outcome == "differs"] == []  # fmt: skip


@both("a causal model of 2 layers, choosing continuations")
def test_choices_are_scores(assays):
    result = qa.run(assays / "choose.yaml", assays / "run")
    found = {one.name: one for one in result.comparison.agreements if one.stratum == {}}
    assert found["answer_changes"].n == 60
    assert result.variants[0].artifact.version == "LlamaForCausalLM"
