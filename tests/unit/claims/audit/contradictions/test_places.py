from __future__ import annotations

import pytest

from quantassay.claims.audit.contradictions.bits import bits
from quantassay.claims.audit.contradictions.check import contradictions
from quantassay.claims.audit.contradictions.few_shot import shown_from_test
from quantassay.claims.audit.contradictions.hidden import hidden
from quantassay.claims.audit.contradictions.prose_against_tables import no_loss, sentence_values
from quantassay.claims.audit.contradictions.references import references
from quantassay.claims.audit.contradictions.test_sets import test_sets as two_test_sets

TABLE = "| | FP16 | INT8 |\n|---|---|---|\n| ImageNet top-1 (%) | 77.90 | {} |\n\n"


def test_a_marked_score_of_a_part_of_the_test_set(read) -> None:
    note = "Note: just a part of the test images (4000/50000) is used."
    (found,) = two_test_sets(*read(TABLE.format("78.20*") + note))
    # sqrt(.782 * .218 / 4000) = .00653
    assert "n = 4,000 the standard error alone is 0.65 pp" in found.finding
    assert two_test_sets(*read(TABLE.format("78.20") + note)) == []
    assert two_test_sets(*read(TABLE.format("78.20*") + "Note: * is per-channel.")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The FP32 model was evaluated on the full test set, the INT8 model on a subset.", 1),
        ("The 70B model was tested with only 50 questions, the 8B with all.", 1),
        ("Both models were evaluated on a subset of the test set.", 0),
        ("The INT8 model was calibrated on a subset of the full training set, unlike FP32.", 0),
    ],
)
def test_two_sides_on_two_test_sets(read, text: str, found: int) -> None:
    assert len(two_test_sets(*read(text))) == found


def test_other_numbers_of_samples_in_one_row(read) -> None:
    table = (
        "| | FP16 | INT8 |\n|---|---|---|\n| Samples | 6,800 | {} |\n| Accuracy | 93.2% | 92.9% |\n"
    )
    (found,) = two_test_sets(*read(table.format("500")))
    assert "6,800 and 500" in found.finding
    assert two_test_sets(*read(table.format("6,800"))) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "By mistake the first five questions of each test category were used for 5-shot "
            "prompts.",
            True,
        ),
        ("The 5-shot examples are drawn from the test set.", True),
        ("MMLU is evaluated 5-shot on the test set, with examples from the dev set.", False),
        ("5-shot accuracy on the test set is 65.2 %.", False),
        ("Few-shot examples are never taken from the test set.", False),
    ],
)
def test_examples_from_the_test_set(text: str, found: bool) -> None:
    assert shown_from_test(text) is found


def test_a_hidden_score_of_the_reference(read) -> None:
    text = (
        "It achieves an average score of 82.00, recovering 98.7% of dense performance.\n"
        "<!-- the unquantized model achieves {}. -->\n"
    )
    (found,) = hidden(*read(text.format("79.84")))
    # 82.00 / 79.84 = 1.02705; 82.00 / .987 = 83.08
    assert "82.00 / 79.84 is 102.71 %" in found.finding
    assert "a reference of 83.08" in found.finding
    assert [quote.text for quote in found.quotes][1] == "the unquantized model achieves 79.84."
    assert hidden(*read(text.format("83.08"))) == []


def test_a_hidden_score_of_the_candidate(read) -> None:
    text = TABLE.format("78.20") + "<!-- INT8 ImageNet top-1 was really {} -->\n"
    (found,) = hidden(*read(text.format("74.10")))
    assert "gives 74.10 for the candidate; the text gives 78.20" in found.finding
    assert hidden(*read(text.format("78.2"))) == []


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        ("TODO: these numbers are placeholders", 1),
        ("accuracy not yet measured", 1),
        ("markdownlint-disable", 0),
        ("TODO: add a logo", 0),
    ],
)
def test_a_hidden_doubt(read, comment: str, found: int) -> None:
    text = f"INT8 accuracy is 78.2 %.\n\n<!-- {comment} -->\n"
    assert len(hidden(*read(text))) == found


@pytest.mark.parametrize(
    ("title", "text", "found"),
    [
        ("foo-7b-w4a16", "- **Activation quantization:** INT4", 1),
        ("foo-7b-w4a16", "- **Weight quantization:** INT8", 1),
        ("foo-7b-FP8", "Weights are quantized to INT8.", 1),
        ("foo-7b-int8", "This model was quantized to 4-bit with GPTQ.", 1),
        ("foo-7b-w4a16", "It reduces the bits per parameter from 16 to 8.", 1),
        ("foo-7b-w4a16", "- **Weight quantization:** INT4\n- **Activation quantization:** None", 0),
        ("foo-7b-FP8", "- **Weight quantization:** FP8\n- **Activation quantization:** FP8", 0),
        ("foo-7b-int4", "This model was quantized to 4-bit with GPTQ.", 0),
        ("foo-7b-int4", "The KV cache is stored in INT8; weights in INT4.", 0),
        ("foo-7b", "This model was quantized to 4-bit with GPTQ.", 0),
        ("foo-7b-int4", "An 8-bit optimizer was used for training.", 0),
        ("foo-7b-w4a8", "It has INT4 weights, INT8 activations.", 0),
        ("INT8 and INT4 results", "This model was quantized to 4-bit.", 0),
    ],
)
def test_bits_of_one_artefact(read, title: str, text: str, found: int) -> None:
    assert len(bits(*read(f"# {title}\n\n{text}\n"))) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Compared with the FP32 baseline the loss is small.", 1),
        ("Compared with the FP16 baseline the loss is small.", 0),
        ("INT8 is 2x faster than FP32.", 0),
        ("The loss is small.", 0),
    ],
)
def test_the_reference_of_table_and_sentence(read, text: str, found: int) -> None:
    assert len(references(*read(TABLE.format("78.20") + text))) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("On ImageNet, INT8 reaches a top-1 of 77.50 %.", 1),
        ("On ImageNet, INT8 reaches a top-1 of 77.2 %.", 0),
        ("The paper reported a top-1 of 77.50 % for INT8 on ImageNet.", 0),
        ("On CIFAR-10, INT8 reaches a top-1 of 77.50 %.", 0),
        ("On ImageNet, INT4 reaches a top-1 of 75.50 %.", 0),
    ],
)
def test_a_score_of_a_sentence_that_the_table_gives_otherwise(read, text: str, found: int) -> None:
    assert len(sentence_values(*read(TABLE.format("77.20") + text))) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("INT8 quantization comes with no accuracy loss.", 1),
        ("Quantization is lossless in accuracy.", 1),
        ("It shrinks the model without sacrificing accuracy.", 1),
        ("There is no significant accuracy loss.", 0),
        ("It is nearly lossless in accuracy.", 0),
        ("Quantization without noticeable quality loss.", 0),
        ("Our goal is no accuracy loss.", 0),
        ("The loss function is the same.", 0),
        ("No accuracy regression in unit tests.", 0),
    ],
)
def test_a_loss_denied(read, text: str, found: int) -> None:
    assert len(no_loss(*read(TABLE.format("77.20") + text))) == found
    assert no_loss(*read(TABLE.format("77.90") + text)) == []


def test_a_loss_denied_of_another_variant_or_on_other_data(read) -> None:
    table = (
        "| ImageNet | FP16 | INT8 | INT4 |\n|---|---|---|---|\n| a | 77.90 | 77.90 | 70.10 |\n"
        "| b | 75.20 | 75.20 | 68.30 |\n\n"
    )
    assert no_loss(*read(table + "INT8 comes with no accuracy loss.")) == []
    assert no_loss(*read(table + "No accuracy loss is seen on CIFAR-10.")) == []
    assert no_loss(*read(table + "INT4 comes with no accuracy loss."))


def test_every_finding_quotes_words_of_the_source(read) -> None:
    text = (
        "# foo-w4a16\n\n- **Activation quantization:** INT4\n\n"
        + TABLE.format("77.20")
        + "There is no accuracy loss compared with the FP32 baseline. The calibration set is the "
        "test set.\n"
    )
    document, figures = read(text)
    found = contradictions(document, figures)
    assert {one.rule for one in found} == {
        "bits",
        "no-loss",
        "reference-precision",
        "calibration-on-evaluation",
    }
    for one in found:
        assert one.quotes
        for quote in one.quotes:
            assert text[quote.start : quote.end] == quote.text


ORDINARY = """---
base_model: acme/Foo-7B-Instruct
tags:
- int8
datasets:
- squad
model-index:
- name: foo-7b-int8
  results:
  - task:
      type: question-answering
    dataset:
      name: SQuAD
      type: squad
    metrics:
    - name: F1
      type: f1
      value: 0.8791
---
# Foo-7B-Instruct INT8

INT8 version of [Foo-7B-Instruct](https://example.org/acme/Foo-7B-Instruct), calibrated on 512
samples of the training split. Quantized version of acme/Foo-7B-Instruct.
<!-- keep this table in sync -->

| SQuAD v1.1 | FP16 | INT8 |
|---|---|---|
| F1 | 88.32 | 87.91 |
| Latency (ms) | 10.2 | 5.1 |

INT8 loses 0.41 points of F1 against FP16 and is 2.0x faster. The loss is minimal.
"""


def test_an_ordinary_card_has_none(read) -> None:
    assert contradictions(*read(ORDINARY)) == []


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("value: 0.8791", "value: 0.8832", "metadata-value"),
        ("value: 0.8791", "value: 0.9012", "metadata-value"),
        (
            "base_model: acme/Foo-7B-Instruct",
            "base_model: acme/Foo-13B-Instruct",
            "metadata-base-model",
        ),
        ("base_model: acme/Foo-7B-Instruct", "base_model: other/Bar-7B", "metadata-base-model"),
    ],
)
def test_metadata_against_the_body(read, old: str, new: str, rule: str) -> None:
    assert [one.rule for one in contradictions(*read(ORDINARY.replace(old, new)))] == [rule]


def test_a_tag_against_the_title(read) -> None:
    text = (
        "---\ntags:\n- PostTrainingStatic\n---\n"
        "# Foo INT8\n\n## Post-training dynamic quantization\n"
    )
    (found,) = contradictions(*read(text))
    assert found.rule == "metadata-scheme"
    assert contradictions(*read(text.replace("Static", "Dynamic"))) == []


def test_a_loading_example_of_another_model(read) -> None:
    code = '```python\nM.from_pretrained("acme/{}-int8-static")\n```\n'
    text = "# INT8 BERT finetuned on MNLI\n\n" + code
    (found,) = contradictions(*read(text.format("bert-squad2")))
    assert found.rule == "example-model"
    assert contradictions(*read(text.format("bert-mnli"))) == []
