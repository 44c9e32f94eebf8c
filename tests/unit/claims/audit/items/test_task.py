"""Task: a named set, only its family, or nothing."""

import pytest


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Top-1 on ImageNet falls from 76.1 to 75.8 after INT8.", "ImageNet"),
        ("We evaluate on squad_v1.1: F1 88.1 against 88.5.", "squad_v1.1"),
        ("|model|dataset|int8|\n|-|-|-|\n|net-3|Bridges of Riga|0.91|\n", "Bridges of Riga"),
        ("Accuracy on the Harbour Cranes test set drops to 91.2%.", "Harbour Cranes"),
        ("lm_eval --tasks gsm8k,arc_challenge gives 0.71", "gsm8k"),
        ("Baselines, QuayQA Test Set: INT8 0.81", "QuayQA"),
        ("KLD on wiki.test: 0.0302 for Q3_K_S", "wiki.test"),
        ("INT8 gives F1 = 0.81 on QuayNet with the small head.", "QuayNet"),
        ("|Metric|FP32|INT8|\n|-|-|-|\n|MRR (Heron 2.0)|0.91|0.90|\n", "Heron 2.0"),
        ("After INT8, HarbourBench falls from 61.2 to 60.9.", "HarbourBench"),
        ("Dataset: Tidal Gauges\n\nINT8 MAE 0.21, FP32 MAE 0.20", "Tidal Gauges"),
        ("The DockSigns9 test samples: FP32 accuracy 91.2%, INT8 90.8%.", "DockSigns9"),
        (
            "|Field|Value|\n|-|-|\n|Test dataset|Bridges of Riga|\n|INT8 F1|0.91|\n",
            "Bridges of Riga",
        ),
        (
            "Trained on [quays](https://huggingface.co/datasets/port/quays). INT8 F1 on the "
            "held-out test split: 0.90.",
            "port/quays",
        ),
    ],
)
def test_a_named_set_is_disclosed(ask, text, words):
    item = ask("task", text)
    assert item.answer == "yes"
    assert any(words in quote.text for quote in item.quotes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The mAP drops from 40.2 to 38.9 in INT8.", "mAP"),
        ("WER goes from 5.1 to 5.4 with 8-bit weights.", "WER"),
        ("On our own test set the INT8 engine loses 0.4 points.", "test set"),
        ("| net | score |\n|-|-|\n| ssd_mobilenet_v1_coco | mAP 21 |\n", "coco"),
        ("|net|dataset|F1|\n|-|-|-|\n|net-3|[Validation set](http://a.b/c)|0.9|\n", "F1"),
        ("The WER on GPU is 5.1, evaluated on TensorRT and on Jetson Orin.", "WER"),
        ("The reranker keeps its accuracy in INT8.", "reranker"),
        ("Q4_K_M answers 14 of 16 crane-control requests as Q8_0 does.", "requests"),
        ("F1 0.91 in INT8, on 51 of 60 records.", "F1"),
        ("A acurácia no conjunto de teste fica em 99%.", "conjunto de teste"),
        ("INT8 목표: 객체 탐지 정확도 91.2%", "객체 탐지"),
    ],
)
def test_a_family_or_an_unnamed_set_is_partial(ask, text, words):
    item = ask("task", text)
    assert item.answer == "partial"
    assert any(words in quote.text for quote in item.quotes)


@pytest.mark.parametrize(
    "text",
    [
        "Quantization keeps 99% of the quality.",
        "INT8 has less than 1% accuracy degradation.",
        "Accuracy is robust across calibration data, by default it takes cnn_dailymail.",
        "The scales come from 512 sentences of the Pile validation set.",
        "No calibration step that requires a held-out dataset; quality is kept.",
        "Calibrated with 512 samples of C4. The quality stays the same.",
        "An ImageNet pretrained backbone, quantized; quality is kept.",
    ],
)
def test_a_word_or_what_a_set_is_used_for_otherwise_is_no_task(ask, text):
    assert ask("task", text).answer == "no"


def test_the_set_of_the_change_comes_before_that_of_calibration(ask):
    text = "GPTQ on 128 samples of WikiText-2, perplexity 6.1.\nMMLU drops from 64.2 to 64.0.\n"
    assert ask("task", text).why == "named: MMLU"
