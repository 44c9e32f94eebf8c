"""Calibration: data with size or procedure, either, or neither."""

import pytest


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The calibration set is the train split, 512 samples.", "calibration set"),
        ("Calibrated on 128 sequences of C4 with GPTQ.", "Calibrated on 128 sequences"),
        ("Dynamic quantization: no calibration data is needed.", "no calibration data"),
        ("Q4_K_M with an imatrix made from wiki.train.raw", "imatrix"),
        ("GPTQ was given 256 sequences of random tokens.", "256 sequences"),
        ("| Calibración | 188 imágenes test split |", "188 imágenes"),
        ("量化数据采样自训练集，共30张", "量化数据"),
        ("Se calibra con 256 secuencias del dataset Harbour-Talk.", "calibra con 256"),
        ("| | |\n|-|-|\n| Calibration data needed | None |\n", "Calibration data needed"),
        ("# Scales and calibration\n\nScales come from 64 sentences of C4.\n", "calibration"),
        ("NNCF static quantization, calibrated on the same 300 images.", "the same 300 images"),
        ("AWQ, calibration mix: mix-5.jsonl, 32 samples", "calibration mix"),
        ("| Branch | GPTQ dataset |\n|-|-|\n| main | C4 |\n", "GPTQ dataset"),
        ("def representative_dataset():\n  for x in X_train.take(90): yield x\n", "representative"),
    ],
)
def test_data_with_size_or_none_needed_is_disclosed(ask, text, words):
    item = ask("calibration", text)
    assert item.answer == "yes"
    assert any(words in quote.text for quote in item.quotes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("4-bit weights by AWQ.", "AWQ"),
        ("Post-training static quantization with Neural Compressor.", "static quantization"),
        ("60% after int8 calibration on the same dataset.", "int8 calibration"),
        ("Loaded in 8 bits by bitsandbytes.", "bitsandbytes"),
        ("Static quantization with MinMax, 50 calibration samples.", "50 calibration samples"),
        ("PTQ was swept on 12 images.", "PTQ"),
        ("Chosen on 12 validation images: `notes/m3_ptq_sweep.md`", "ptq"),
        (
            "GPTQ: good calibration loses 1%; no calibration: the output is gibberish.",
            "calibration",
        ),
        ("PTQ: after calibration the mAP on COCO val2017 drops.", "after calibration"),
        ("PTQ: on COCO the calibrated model is worse.", "calibrated"),
        ("Shared weights go to dynamic per-channel INT8.", "dynamic per-channel INT8"),
        ("使用感知量化，损失0.5%", "感知量化"),
        (
            "GPTQ. The C4 test set is held out from the calibration data (64 texts).",
            "calibration data",
        ),
        ("| net | recipe |\n|-|-|\n| a | tools/calibrate_imagenet.py, 300 images |\n", "calibrate"),
        ("MobileNetV1 quant_aware: 70.6", "quant_aware"),
        ("The uncalibrated one is fine, the calibrated one is not.", "calibrated"),
    ],
)
def test_what_settles_it_or_a_mention_is_partial(ask, text, words):
    item = ask("calibration", text)
    assert item.answer == "partial"
    assert any(words in quote.text for quote in item.quotes)


@pytest.mark.parametrize(
    "text",
    [
        "Q4_K_M, 4.58 GB, run by llama.cpp.",
        "FP8 weights and activations, per-channel scales.",
        "Camera-lidar calibration: the calibrated class loses 0.8 points in INT8.",
        "The expected calibration error stays at 0.02 in INT8.",
        "Compiled for the board with ncnn.",
        "Quants in EXL3 at 4.0 bpw.",
        "One scale cannot hold the dynamic range of this tensor.",
    ],
)
def test_formats_runtimes_and_other_calibrations_say_nothing(ask, text):
    assert ask("calibration", text).answer == "no"


def test_data_against_a_denial_is_not_a_need_for_none(ask):
    item = ask("calibration", "PTQ. Calibrated on 512 samples. No calibration was used.")
    assert item.answer == "partial"
    assert "Calibrated on 512 samples." in [quote.text for quote in item.quotes]


def test_a_title_is_no_evidence_beside_the_sentence(ask):
    text = "# net-static\n\nStatic quantization, calibration on 512 ImageNet train images.\n"
    item = ask("calibration", text)
    assert [quote.text for quote in item.quotes] == [
        "Static quantization, calibration on 512 ImageNet train images."
    ]


def test_a_method_alone_is_called_one(ask):
    assert ask("calibration", "4-bit by GPTQ.").why == "the method is named, not its data: GPTQ"
