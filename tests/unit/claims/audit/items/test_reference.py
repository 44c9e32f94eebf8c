"""Reference: a precision, a word for one, or neither."""

import pytest


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("|model|fp32|int8|\n|-|-|-|\n|net-3|74.9|74.7|\n", "fp32"),
        ("Compared with the FP16 model, INT8 loses 0.3 points.", "FP16"),
        ("### BF16\n\nWER 5.75 %\n\n### INT8\n\nWER 5.87 %\n", "BF16"),
        ("fp32 WER: 6.16, int8 WER: 12.0", "fp32"),
        ("nDCG@10 is 0.645 in float32 and 0.641 in int8.", "float32"),
        ("encoder: fp32=4344, int8=3926", "fp32"),
        ("比較 FP32 與 INT8 的輸出差異", "FP32"),
        ("INT8 lands within 0.4 points of FP16 on MMLU-Pro.", "FP16"),
        ("Perplexity of K-quants of Qwen3-8B (BF16, GGUF) is measured.", "BF16"),
    ],
)
def test_a_compared_precision_is_disclosed(ask, text, words):
    item = ask("reference", text)
    assert item.answer == "yes"
    assert words in item.quotes[0].text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("|net|float|int8|\n|-|-|-|\n|net-3|74.9|74.7|\n", "float"),
        ("It scores 69.8, whereas the unquantized model scores 70.3.", "unquantized"),
        ("|model|error|\n|-|-|\n|net-3|1.1%|\n|net-3-int8|1.1%|\n", "net-3"),
        ("Converts Float32 weights to INT8.", "Float32"),
        ("| |base|int8|\n|-|-|-|\n|F1|0.91|0.90|\n", "base"),
        (
            "Original Model:\n  F1: 0.914\n  AP: 0.831\n\nQuantized:\n  F1: 0.902\n",
            "Original Model",
        ),
        ("Mean PPL(Q): 10.91\nMean PPL(base): 10.52\n", "PPL(base)"),
        ("The file is 4x smaller (FP32 => INT8).", "FP32"),
        (
            "| variant | KLD |\n|-|-|\n| q8_0 (reference) | 0 |\n| q4_0 | 0.14 |\n",
            "q8_0 (reference)",
        ),
        ("KL divergence says how far a quant is relative to the original model.", "original model"),
        ("It shows the difference between original and INT8 accuracy.", "original"),
        ("The quant scores 4.29 perplexity. The base model has 3.84.", "base model"),
        ("Compares: baseline (no quant) and INT8 by accuracy.", "baseline"),
        ("FP32 to INT8 per dimension.", "FP32"),
        ("FP/INT8 WER is 0.073/0.078.", "FP/INT8"),
        ("浮点模型分数0.60，int8版本0.59", "浮点模型"),
        ("|net|Original|Float16 quantized|\n|-|-|-|\n|a|74.9|74.7|\n", "Original"),
        ("|net|kind|time|AP|\n|-|-|-|-|\n|a|baseline|11.2ms (fp32)|50.9|\n", "baseline"),
    ],
)
def test_a_word_a_checkpoint_or_a_conversion_is_partial(ask, text, words):
    item = ask("reference", text)
    assert item.answer == "partial"
    assert words in item.quotes[0].text


@pytest.mark.parametrize(
    "text",
    [
        "INT8 retains 97.9% of the accuracy.",
        "The lm_head is kept in BF16.",
        "This is an int8_float16 quantization of it; BLEU is 33.8.",
        "convert --quantization float16, then BLEU is 33.8",
        "A linear module falls back to fp32 to meet 1% accuracy loss.",
        "| file | bits | size |\n|-|-|-|\n| a.f16 | f16 | 12 GB |\n| a.q4 | Q4_K | 3.4 GB |\n",
        "| model | file |\n|-|-|\n| a | [model](a-quant.tar) |\n",
        "Low precision kernels; WER 6.0% on LibriSpeech.",
        "|set|INT8|\n|-|-|\n|WikiText-2 (raw)|20.9|\n",
        "INT8 loses 1% nDCG@10 on 384 dense vectors.",
        "run_eval --model x --bf16 --tasks piqa: 66.4 accuracy, 66.7 after.",
    ],
)
def test_no_reference(ask, text):
    assert ask("reference", text).answer == "no"
