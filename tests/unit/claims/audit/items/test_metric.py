"""Metric: a rule, a rule with a choice left open, or a word."""

import pytest


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Top-1 on ImageNet: 76.1 against 75.8.", "Top-1"),
        ("F1 on SQuAD v1.1: 88.5 against 88.1.", "F1"),
        ("mAP@50 falls from 0.56 to 0.48.", "mAP@50"),
        ("nDCG@10 on SciFact: 0.71 and 0.70.", "nDCG@10"),
        ("MNIST accuracy 99.1% in INT8.", "accuracy"),
        ("accuracy 93.2% (6319 of 6800 correct)", "accuracy"),
        ("KL divergence to BF16: 0.012.", "KL divergence"),
        ("|INT8|correlation: 0.979|", "correlation"),
        ("|GSM8K|FP16|AWQ|\n|-|-|-|\n|accuracy|92|91|\n", "accuracy"),
        ("PLCC of the INT8 quality predictor: 0.981", "PLCC"),
        ("The tag recall is 0.94 in FP32 and 0.95 in INT8.", "recall"),
        ("INT8 against FP32: cosine 0.991 at least.", "cosine"),
        (
            "|name|rule|int8|\n|-|-|-|\n|piqa|acc_norm|0.79|\n|lambada|ppl|3.01|\n|boolq|acc|0.83|\n",
            "acc_norm",
        ),
        (
            "Final figures (PSNR-Y):\n\n|Set|FP32|INT8|\n|-|-|-|\n|Set5|35.2|35.0|\n"
            "|Set14|31.5|31.4|\n|Urban100|28.1|28.0|\n",
            "PSNR",
        ),
        (
            "Metrics are accuracy for MMLU and PIQA; exact match for GSM8K.\n\n"
            "|q|MMLU|PIQA|GSM8K|\n|-|-|-|-|\n|BF16|61.2|80.1|70.9|\n|INT8|61.0|80.0|70.1|\n",
            "exact match",
        ),
        ("Cars at IoU 0.5 lose 0.04 AP in INT8.", "AP"),
        ("|mode|fp32 recall|int8 recall|\n|-|-|-|\n|direct|0.125|0.125|\n", "recall"),
        ("In terms of recall INT8 suffers: recall falls 3%.", "recall"),
        ("UCI-HAR accuracy: FP32 90.4%, INT8 77.9%.", "accuracy"),
        ("top-1 on ImageNet 76.1; calibrated on COCO, ImageNet or DOTA v1.0 as fits.", "top-1"),
        ("INT8 accuracy 97% on X-rays of the hip (400 left, 400 right).", "accuracy"),
    ],
)
def test_a_rule_is_disclosed(ask, text, words):
    item = ask("metric", text)
    assert item.answer == "yes"
    assert any(words in quote.text for quote in item.quotes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ImageNet accuracy 76.1 against 75.8.", "accuracy"),
        ("mAP falls from 40.2 to 38.9.", "mAP"),
        ("|q|IFEval|MT-Bench|\n|-|-|-|\n|INT8|78.1|8.2|\n", "IFEval"),
        ("On the QuayNet9 dataset the INT8 accuracy is 91.0%.", "accuracy"),
        ("|q|Accuracy|\n|-|-|\n|FP32|100%|\n|INT8|100%|\n\nscored on 32 reviews", "Accuracy"),
        ("A acurácia no conjunto de teste fica em 99%.", "acurácia"),
        ("INT8 正答率 91.0%, 文書の分類", "正答率"),
        ("QuayBench:\n\n|part|INT8|base|\n|-|-|-|\n|総合平均|0.65|0.64|\n", "総合平均"),
        ("Competitive in accuracy on ImageNet after INT8.", "accuracy"),
        ("MSE is used to set the scales. Less than 0.5% accuracy drop on ImageNet.", "accuracy"),
        ("An average score of 69.8 on the OpenLLM leaderboard.", "average score"),
        (
            "|model|mmlu|piqa|boolq|\n|-|-|-|-|\n|BF16|61.0|80.1|83.0|\n|INT8|60.8|80.0|82.9|\n",
            "mmlu",
        ),
    ],
)
def test_a_choice_left_open_is_partial(ask, text, words):
    item = ask("metric", text)
    assert item.answer == "partial"
    assert any(words in quote.text for quote in item.quotes)


@pytest.mark.parametrize(
    "text",
    [
        "Accuracy is preserved.",
        "ImageNet: float 81.2, hardware degradation 0.3.",
        "Accuracy by net, tested on 09/24/2022: 76.74% and 76.76%.",
        "A tutorial that quantizes a net for CIFAR-10 and compares the speed.",
        "The network reaches 100% accuracy recovery on STS-B.",
        "Please recall that low precision is faster; see the feature map.",
        "Sensitivity-aware INT8 by a layer sensitivity analysis.",
    ],
)
def test_a_word_without_a_task_is_no_metric(ask, text):
    assert ask("metric", text).answer == "no"


def test_an_overlap_set_below_the_line_is_read(ask):
    text = "<p>COCO val2017, mAP<sub>50-95</sub> 22.1</p>"
    assert ask("metric", text).answer == "yes"
