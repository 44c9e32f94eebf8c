"""Strata: parts of one task, several tasks, or one pooled figure."""

import pytest


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("|class|FP16|INT8|\n|-|-|-|\n|ripe|99.2|99.5|\n|unripe|87.1|86.3|\n", "ripe"),
        ("|Language|FP32 WER|INT8 WER|\n|-|-|-|\n|Korean|9.1|9.9|\n|Dutch|5.0|5.1|\n", "Korean"),
        ("INT8 mIoU per class: road 98.0, pole 58.2", "road"),
        ("INT8 CER\n\nMandarin -> 5.86 % N=104\nEnglish -> 7.10 % N=90\n", "Mandarin"),
        (
            "INT8\n\nrust: 30 / 49, accuracy: 61.3\nscab: 17 / 52, accuracy: 33.3\n"
            "leaf: 72 / 87, accuracy: 82.8\n",
            "rust",
        ),
        (
            "## Accuracy per defect\n\n||FP32|INT8|\n|-|-|-|\n|scratch|9.1|9.0|\n|dent|8.2|8.1|\n",
            "dent",
        ),
        (
            "Loss by object size:\n\n||FP32|INT8|\n|-|-|-|\n|Small|0.3|0.2|\n|Large|0.6|0.6|\n",
            "Small",
        ),
        (
            "|Metric|INT8|\n|-|-|\n|Overall accuracy|98.2|\n|Live accuracy|97.5|\n"
            "|Spoof accuracy|98.7|\n",
            "Spoof accuracy",
        ),
        ("||FP32|INT8|\n|-|-|-|\n|Overall|9.1|9.0|\n|quay|9.4|9.3|\n|dock|8.8|8.1|\n", "quay"),
        (
            "INT8\n\nIoU class 1 [sea] = 0.91\nIoU class 2 [quay] = 0.83\n"
            "IoU class 3 [sky] = 0.97\n",
            "[quay]",
        ),
        (
            "|domain|model|BF16|INT4|\n|-|-|-|-|\n|port|net-3|66.7|65.4|\n|sea|net-3|47.5|52.1|\n"
            "|port|net-9|96.3|96.9|\n",
            "sea",
        ),
        (
            "## FP16 and INT8 (overall)\n\n|Metric|FP16|INT8|\n|-|-|-|\n|mAP50|0.771|0.753|\n\n"
            "## rope (weakest class)\n\n|Metric|FP16|INT8|\n|-|-|-|\n|mAP50|0.474|0.447|\n",
            "rope",
        ),
        ("|クラス|FP32|INT8|\n|-|-|-|\n|岸|0.91|0.90|\n|海|0.88|0.84|\n", "岸"),
        ("INT8 eval: class_0[0.91] class_1[0.83]", "class_0[0.91"),
        (
            "|net|Bits|Person recall|Vehicle recall|\n|-|-|-|-|\n|net-3|32|0.22|0.59|\n"
            "|net-3|8|0.09|0.51|\n|loss|||−0.08|\n",
            "Person",
        ),
        ("|tag|FP32 F1|INT8 F1|\n|-|-|-|\n|B_PERSON|0.91|0.90|\n|B_LOC|0.88|0.84|\n", "LOC"),
    ],
)
def test_parts_with_figures_are_disclosed(ask, text, words):
    item = ask("strata", text)
    assert item.answer == "yes"
    assert any(words in quote.text for quote in item.quotes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("|scheme|mmlu|piqa|\n|-|-|-|\n|BF16|61.0|80.1|\n|INT8|60.8|80.0|\n", "mmlu"),
        ("||BF16|INT8|\n|-|-|-|\n|gsm8k|61.0|60.1|\n|boolq|83.0|82.9|\n", "gsm8k"),
        ("INT8 loses most per class, as the appendix says.", "per class"),
        (
            "fp16 MMLU 65.2, Q8_0 65.2. Average confidence by category:\n\n"
            "|category|Q8_0|Q2_K|\n|-|-|-|\n|law|89.0|83.2|\n|physics|57.0|47.8|\n",
            "law",
        ),
        (
            "|Net|net-3 7B||net-3 70B||\n|-|-|-|-|-|\n|**Way**|*Zero-shot*|*Wiki2*|*Zero-shot*"
            "|*Wiki2*|\n|FP16|66.9|5.5|72.9|3.3|\n|W4A4|64.0|5.9|71.2|3.8|\n",
            "Wiki2",
        ),
        (
            "|Category|Benchmark|BF16|FP8|\n|-|-|-|-|\n|Reasoning|GSM8K|94.2|93.1|\n"
            "|Coding|HumanEval|54.1|54.8|\n",
            "GSM8K",
        ),
        (
            "||WER\n|-|-|\n|F32|1.55|\n|Q8_0|1.57|\n\nFLEURS\n\n|Language|Q8_0|\n|-|-|\n"
            "|Danish|6.4|\n|Dutch|4.4|\n",
            "Danish",
        ),
        ("INT8 keeps 99.4% and 97.8% of the score on QuayNet and DockSigns9.", "QuayNet"),
        (
            "A - Intel Xeon 6338, INT8\nB - Jetson Orin, INT8\n\n|net|A|B|\n|-|-|-|\n|n|1|2|\n",
            "Xeon",
        ),
        ("mAP drops by 10%: the INT8 engine misses any small object.", "small object"),
        ("The smallest stratum is 6 contexts; the KLD of INT8 is 0.008.", "smallest stratum"),
        ("INT8 F1 0.91, scored on 8 test records.", "8 test records"),
    ],
)
def test_named_parts_and_tasks_without_their_own_loss_are_partial(ask, text, words):
    item = ask("strata", text)
    assert item.answer == "partial"
    assert any(words in quote.text for quote in item.quotes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("|axis|score|\n|-|-|\n|tugs|0.71|\n|cranes|0.86|\n", "cranes"),
        ("|quant|Retrieval|Reranking|\n|-|-|-|\n|fp32|51.2|58.1|\n|int8|51.0|58.0|\n", "Reranking"),
        ("Style F1 is 0.91/0.90, tone F1 is 0.84/0.82, mood F1 is 0.47/0.45.", "tone"),
        ("It loses 0.9% in the Docking task and 1.5% in the Mooring task.", "Docking"),
        (
            "mAP after INT8\n\n|net|FP32|Hailo-8|Jetson Orin|\n|-|-|-|-|\n|net-3|40.1|39.0|39.6|\n",
            "Hailo-8",
        ),
        (
            "## Hailo-8\n\n|FP32|INT8|\n|-|-|\n|83.1|82.4|\n\n## Raspberry Pi 5\n\n"
            "|FP32|INT8|\n|-|-|\n|83.1|82.2|\n",
            "Raspberry Pi 5",
        ),
    ],
)
def test_tasks_names_and_another_metric_are_partial(ask, text, words):
    item = ask("strata", text)
    assert item.answer == "partial"
    assert any(words in quote.text for quote in item.quotes)


@pytest.mark.parametrize(
    "text",
    [
        "ImageNet top-1 falls from 76.1 to 75.8.",
        "|model|dataset|fp32|int8|\n|-|-|-|-|\n|net-3|MNIST|99.1|99.0|\n|net-9|SVHN|95.1|95.0|\n",
        "A large language model and the class of a module.",
        "|model|category|int8|\n|-|-|-|\n|net-3|detection|21.5|\n|net-9|classification|63.4|\n",
        "|Layer|FP16|INT8|\n|-|-|-|\n|query|100%|99.8%|\n|key|100%|99.7%|\n|Overall|100%|99.3%|\n",
        "Latency\n\n|net|CPU (ms)|GPU (ms)|\n|-|-|-|\n|net-3|40.1|9.6|\n",
        "# INT8, calibrated on COCO 2017 or Objects365 1.0 as the task asks\n\nmAP 37.1",
        "FP32 mAP 40.1, FP16 mAP 40.0, INT8 mAP 39.2",
        "Samples drawn with per-class quotas. INT8 F1 0.91.",
        "F1 loss is 0.4% and 1.2% for INT8 and INT4.",
        "|suite|FP32|INT8|\n|-|-|-|\n|MTEB Retrieval|51.2|51.0|\n",
        "||Accuracy|\n|model|FP32|INT8|\n|-|-|-|\n|a_squad|90.8|90.7|\n|b_mrpc|83.0|82.9|\n",
        "1000 images (one per class)\n\n||FP32|INT8|\n|-|-|-|\n|top-1|79.7|61.6|\n",
        "per-channel weights\n\n||FP32|INT8|\n|-|-|-|\n|size|9.1|2.3|\n|F1|0.91|0.90|\n",
    ],
)
def test_one_pooled_figure(ask, text):
    assert ask("strata", text).answer == "no"


@pytest.mark.parametrize(
    "text",
    [
        "| Model | mAP50-95 | mAP small |\n|---|---|---|\n"
        "| FP32 | 44.9 | 26.1 |\n| INT8 | 44.1 | 19.4 |",
        "| Noise | FP32 | INT8 |\n|---|---|---|\n| clean | 95.1 | 94.8 |\n| 0 dB | 80.2 | 78.1 |",
        "| Noise | FP32 | INT8 |\n|---|---|---|\n| 20 dB | 95.1 | 94.8 |\n| -5 dB | 80.2 | 78.1 |",
    ],
)
def test_a_part_beside_the_whole_is_a_stratum(ask, text):
    assert ask("strata", f"{text}\n").answer == "yes"


def test_a_score_in_decibels_is_no_stratum(ask):
    text = "| Model | PSNR |\n|---|---|\n| FP32 | 32.1 dB |\n| INT8 | 31.8 dB |\n"
    assert ask("strata", text).answer == "no"
