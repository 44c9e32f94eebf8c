from __future__ import annotations

import pytest


def pairs(figures) -> list[tuple[float | None, float | None, float | None]]:
    return [
        tuple(one and one.value for one in (pair.reference, pair.candidate, pair.stated))
        for pair in figures.pairs
    ]


def test_variants_in_columns(read) -> None:
    _, figures = read(
        "| task | FP16 | INT8 | drop |\n|---|---|---|---|\n| MMLU | 61.2 | 60.8 | 0.4 |\n"
    )
    assert pairs(figures) == [(61.2, 60.8, 0.4)]
    assert figures.pairs[0].candidate.dataset == "MMLU"


def test_variants_in_rows_with_costs_apart(read) -> None:
    _, figures = read(
        "| model | ImageNet top-1 | latency (ms) |\n|---|---|---|\n| net-fp32 | 70.1 | 5.2 |\n"
        "| net-int8 | 69.8 | 2.6 |\n"
    )
    assert pairs(figures) == [(70.1, 69.8, None)]
    assert [(one.reference.value, one.candidate.value) for one in figures.costs] == [(5.2, 2.6)]


def test_metric_and_variant_in_one_header(read) -> None:
    _, figures = read(
        "| net | fp32 top-1 | fp32 top-5 | int8 top-1 | int8 top-5 |\n|---|---|---|---|---|\n"
        "| a | 70.1 | 90.2 | 69.8 | 90.1 |\n"
    )
    assert pairs(figures) == [(70.1, 69.8, None), (90.2, 90.1, None)]


def test_the_reference_may_be_the_name_without_its_format(read) -> None:
    _, figures = read(
        "| | Foo-7B | Foo-7B-FP8 (this model) |\n|---|---|---|\n| MMLU 5-shot | 70.1 | 69.9 |\n"
    )
    assert pairs(figures) == [(70.1, 69.9, None)]


def test_a_drop_in_parentheses_is_stated_for_its_score(read) -> None:
    _, figures = read(
        "| net | scheme | Accuracy (drop) % |\n|---|---|---|\n| a | INT8 | 77.2 (0.46) |\n"
    )
    assert pairs(figures) == [(None, 77.2, 0.46)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("After INT8 quantization top-1 accuracy drops from 76.1 % to 75.4 %.", (76.1, 75.4, None)),
        ("The FP16 model has an F1 of 88.2 and the INT8 model 87.9.", (88.2, 87.9, None)),
        ("INT8 reaches 75.4 % accuracy against 76.1 % for FP32.", (76.1, 75.4, None)),
        (
            "It scores 82.0 on average, whereas the unquantized model scores 83.1.",
            (83.1, 82.0, None),
        ),
        ("It scores 82.00 on average, recovering 98.7% of dense performance.", (None, 82.0, 98.7)),
    ],
)
def test_pairs_of_one_sentence(read, text: str, found: tuple) -> None:
    assert pairs(read(text)[1]) == [found]


def test_pairs_of_two_sentences(read) -> None:
    _, figures = read("fp32 WER: 6.16\n\nint8 WER: 12.0\n")
    assert pairs(figures) == [(6.16, 12.0, None)]


@pytest.mark.parametrize(
    "text",
    [
        "Quantization cuts latency by 19 % and memory by 45 %.",
        "The bits go from 16 to 4 and the disk size from 14.2 GB to 4.1 GB.",
        "Version 1.2 was released on 2024-05-01 with 8 workers.",
    ],
)
def test_costs_and_settings_are_no_scores(read, text: str) -> None:
    _, figures = read(text)
    assert figures.pairs == ()
    assert not [one for one in figures.all if one.role in ("score", "loss")]


def test_the_number_of_samples_of_a_table_and_of_a_sentence(read) -> None:
    _, figures = read(
        "| | FP16 | INT8 |\n|---|---|---|\n| Samples | 6,800 | 6,800 |\n| Accuracy | 93.18% | "
        "92.93% |\n"
    )
    assert [pair.n.value for pair in figures.pairs] == [6800]
    _, figures = read(
        "The test set has 2,000 images.\n\nAccuracy drops from 91.2 % to 90.1 % with INT8.\n"
    )
    assert [pair.n.value for pair in figures.pairs] == [2000]


def test_calibration_samples_are_not_the_number_scored(read) -> None:
    _, figures = read(
        "We calibrate on 512 images. Accuracy drops from 91.2 % to 90.1 % with INT8.\n"
    )
    assert [pair.n for pair in figures.pairs] == [None]


def test_a_huge_table_is_capped_and_says_so(read) -> None:
    rows = "".join(f"| r{i} | 70.1 | 69.8 |\n" for i in range(3000))
    _, figures = read("| net | fp32 | int8 |\n|---|---|---|\n" + rows)
    assert figures.capped
    assert len(figures.pairs) <= 1000


def test_of_several_numbers_of_samples_each_goes_with_its_data(read) -> None:
    _, figures = read(
        "CIFAR-10 test (10,000 images).\n\n| | FP32 | INT8 |\n|---|---|---|\n"
        "| CIFAR-10 top-1 | 93.1 | 92.8 |\n\n"
        "Recall@10 drops from 0.873 to 0.869 in INT8, n=6,980 MS MARCO dev queries.\n"
    )
    ns = [(pair.known.value, pair.n.text) for pair in figures.scored if pair.n]
    assert ns == [(92.8, "10,000"), (0.869, "6,980")]


def test_a_level_or_an_end_of_an_interval_is_no_score(read) -> None:
    _, figures = read("Accuracy falls from 80.9 % to 80.1 % in INT8 (95 % CI -1.2 to -0.4).")
    assert [one.text for one in figures.all if one.role == "score"] == ["80.9 %", "80.1 %"]
