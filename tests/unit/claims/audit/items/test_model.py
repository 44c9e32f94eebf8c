"""Model: base and quantized."""

import pytest


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ResNet-50 in INT8: 75.8.", "ResNet-50"),
        ("We quantized Llama-3-8B-Instruct with GPTQ.", "Llama-3-8B-Instruct"),
        ("yolov8n goes from 37.3 to 36.1", "yolov8n"),
        ("whisper-large-v3 in 8 bits", "whisper-large-v3"),
        ("The file `keyword_ref.tflite` is the same model, quantized.", "keyword_ref.tflite"),
        ("Qwen2.5 7B at 4 bits", "Qwen2.5"),
        ("| net | int8 |\n|-|-|\n| ABC-small | 0.51 |\n", "ABC-small"),
        ("INT8 for the `polar-embed-m` encoder keeps recall@5.", "polar-embed-m"),
        ("| Model | int8 |\n|-|-|\n| edge_v2_512 | 31.5 |\n", "edge_v2_512"),
        ("| Name | F1 int8 |\n|-|-|\n| edge_v2_512 | 31.5 |\n", "edge_v2_512"),
        ("TinyStepNet-18 in INT8: 71.2.", "TinyStepNet-18"),
        ("用yolov8n量化后精度下降", "yolov8n"),
        ("An INT8 build of harbour-lab/CodeSeeker, for the CPU.", "harbour-lab/CodeSeeker"),
        ("org/bert-mini in INT8: 0.71 F1.", "bert-mini"),
        ("camembert-base-news in INT8: 0.88 F1.", "camembert-base"),
    ],
)
def test_a_version_with_size_or_depth_is_disclosed(ask, text, words):
    item = ask("model_base", text)
    assert item.answer == "yes"
    assert words in item.quotes[0].text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Whisper in 8 bits keeps its WER.", "Whisper"),
        ("INT8 for the LaneKeeping component.", "LaneKeeping component"),
        ("# RoadSeg for maps\n\nINT8: 55.1 mIoU.", "RoadSeg"),
        ("| Network | int8 |\n|-|-|\n| harbour | 0.91 |\n", "harbour"),
        ("SkyReader is a small recurrent network, in INT8.", "SkyReader is a small"),
        ("The student 1D-CNN in INT8 keeps its F1.", "student 1D-CNN"),
        ("A 5-layer LSTM, quantized to 8 bits.", "5-layer LSTM"),
        ("INT8 keyword spotting (KWS) models lose 1%.", "keyword spotting"),
        ("IndicTrans2, exported in INT8.", "IndicTrans2"),
        ("A compact 1D-CNN over windows, in INT8.", "compact 1D-CNN"),
        ("See `scripts/quantize_mobilebert.py`: INT8 on 32 images.", "quantize_mobilebert"),
    ],
)
def test_a_family_or_component_is_partial(ask, text, words):
    item = ask("model_base", text)
    assert item.answer == "partial"
    assert words in item.quotes[0].text


@pytest.mark.parametrize(
    "text",
    [
        "INT8 quantization for neural models.",
        "Built with llama.cpp; 3% lost.",
        "A PyTorch model.",
        "An 8B model takes 16 GB.",
        "| Network Information | Value |\n|-|-|\n| SHA-1 Hash | 48ab |\n",
        "| Model | F1 |\n|-|-|\n| original | 0.91 |\n| int8 model | 0.90 |\n",
        "| int8 (`out/model-int8.onnx`) | 300 MB |",
        "Trained on ImageNet, see results/quality/m3_sweep.md",
        "| Name | Type |\n|-|-|\n| conv2d_12 | Conv |\n",
        "| Metric name | int8 |\n|-|-|\n| score_v2 | 0.91 |\n",
        "Trained on the Harbour dataset (HF `port-lab/Harbour-2025`), in INT8.",
        "INT8, with 512 samples from port-lab/harbour-10k.",
        "Calibrated on port-lab/nemotron-mix-dataset, INT8.",
        "OpenQuant is a library for a model of any size.",
    ],
)
def test_tools_and_models_in_general_name_no_base(ask, text):
    assert ask("model_base", text).answer == "no"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Llama-3-8B as Q4_K_M loses 0.6 points.", "Q4_K_M"),
        ("ResNet-50, INT8, by post-training quantization in Neural Compressor.", "INT8"),
        ("granite-3.1-8b-instruct-FP8 recovers 99%.", "granite-3.1-8b-instruct-FP8"),
        ("resnet18 is in ship/resnet18_int8.onnx", "resnet18_int8.onnx"),
        ("| file | F1 |\n|-|-|\n| `out/model-int8.onnx` | 0.90 |\n", "model-int8.onnx"),
        ("Output: `sorter_t3.espdl`", "sorter_t3.espdl"),
        ("QAT in INT8 for TensorRT: the mAP is 0.57.", "INT8"),
        ("My detector in INT8 by the TFLite converter is off.", "INT8"),
        ("IQ4_XS: mean KLD 0.0425", "IQ4_XS"),
        ("Llama-3-8B: branch `2.96bpw_H6`", "2.96bpw"),
        ("| model | top-1 |\n|-|-|\n| mobilenet_v1_quant | 39.5 |\n", "mobilenet_v1_quant"),
    ],
)
def test_an_artefact_or_bits_with_means_is_disclosed(ask, text, words):
    item = ask("model_quantized", text)
    assert item.answer == "yes"
    assert words in item.quotes[0].text


@pytest.mark.parametrize(
    "text",
    [
        "ResNet-50 in INT8 keeps 99%.",
        "INT8 post-training quantization for neural models.",
        "whisper, quantized with SmoothQuant",
        "|FP32|INT8|\n|-|-|\n|0.70|0.69|\n\nOne global scale per tensor is too coarse.",
        "int8 of [all-MiniLM-L6-v2](https://hf.example/sentence-transformers/all-MiniLM-L6-v2)",
        "PTQ to INT8.\n\n| way | gain |\n|-|-|\n| Whole integers | 4x smaller |\n",
        "BLOOM-int8 is better than the native model.",
        "Methods such as PTQ and QAT exist. A U-Net in INT8 errs less.",
        "把模型量化为8位",
    ],
)
def test_bits_alone_or_a_method_without_a_model_is_partial(ask, text):
    assert ask("model_quantized", text).answer == "partial"


@pytest.mark.parametrize(
    "text",
    [
        "ResNet-50 reaches 76.1 on ImageNet.",
        "The quantized model keeps 99% of it.",
        "crnn_float takes 140 ms\ncrnn_quant takes 87 ms",
        "resnet18: test.py --weights runs/first.pt --quant_mode calib",
    ],
)
def test_nothing_of_what_was_made_is_said(ask, text):
    assert ask("model_quantized", text).answer == "no"
