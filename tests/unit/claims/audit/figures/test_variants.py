from __future__ import annotations

import pytest

from quantassay.claims.audit.figures.variants import mentions, rest, variant


@pytest.mark.parametrize(
    ("label", "side", "bits"),
    [
        ("FP32", "reference", 32), ("bf16 baseline", "reference", 16), ("Unquantized "
                                                                        "model", "reference", None),
        ("INT8", "candidate", 8), ("Q4_K_M", "candidate", 4), ("model-W4A16", "candidate", 4),
        ("FP8 (this model)", "candidate", 8), ("GPTQ", "candidate", None),
        ("8B fp16 GGUF", "reference", 16),
        ("nf4", "candidate", 4), ("2-bit", "candidate", 2),
    ],
)  # fmt: skip
def test_a_label_names_its_side_and_bits(label: str, side: str, bits: int | None) -> None:
    found = variant(label)
    assert found is not None
    assert (found.side, found.bits) == (side, bits)


@pytest.mark.parametrize(
    "label",
    [
        "BERT-base-cased",
        "DenseNet",
        "Top-1 accuracy",
        "FP32 vs INT8",
        "Llama-3-8B",
        "wav2vec2-base",
    ],
)
def test_other_words_name_none(label: str) -> None:
    assert variant(label) is None


def test_labels_without_their_variant_tell_what_belongs_together() -> None:
    assert rest("fp32 top-1 (%)") == rest("int8 top-1 (%)")
    assert rest("Foo-7B") == rest("Foo-7B-FP8 (this model)")
    assert rest("fp32 top-1") != rest("int8 top-5")


def test_a_sentence_names_both_in_order() -> None:
    found = mentions("FP16 scores 71.2 % and INT8 70.9 %")
    assert [one.side for one in found] == ["reference", "candidate"]
