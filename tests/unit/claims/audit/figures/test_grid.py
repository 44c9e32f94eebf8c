from __future__ import annotations

import pytest


def scored(figures) -> list[tuple[float, float]]:
    return [(a.value, b.value) for a, b in (pair.both for pair in figures.pairs if pair.both)]


def test_two_scores_in_one_cell(read) -> None:
    _, figures = read("| Net | mAP (original / quantized) |\n|---|---|\n| a | 21.5% / 15.6% |\n")
    assert scored(figures) == [(21.5, 15.6)]


def test_a_family_of_detectors_is_no_speed_up(read) -> None:
    _, figures = read(
        "| Net | FP32 AP | INT8 AP |\n|---|---|---|\n| Faster R-CNN | 37.1 | 36.8 |\n"
    )
    assert scored(figures) == [(37.1, 36.8)]


def test_a_model_named_mb_is_no_size(read) -> None:
    _, figures = read("| Net | FP32 | INT8 |\n|---|---|---|\n| Pose (MB-3D) | 85.2 | 84.8 |\n")
    assert scored(figures) == [(85.2, 84.8)]


@pytest.mark.parametrize("lead", ["Unit : ms", "Runtime memory: mbytes"])
def test_the_line_before_a_table_says_what_it_is_of(read, lead: str) -> None:
    _, figures = read(
        f"# Nets\n\n{lead}\n\n| Net | FP32 | INT8 |\n|---|---|---|\n| a | 61 | 35 |\n"
    )
    assert scored(figures) == []
    assert len(figures.costs) == 1


def test_bytes_with_their_thousands_apart(read) -> None:
    _, figures = read("| Net | FP32 | INT8 |\n|---|---|---|\n| a | 14 046 B | 7 769 B |\n")
    assert [pair.both[0].value for pair in figures.costs] == [14046.0]


def test_a_percentage_is_no_number_of_samples(read) -> None:
    _, figures = read(
        "| n images | FP32 mAP | INT8 mAP |\n|---|---|---|\n| -25.0% | 50.27 | 37.69 |\n"
    )
    assert [pair.n for pair in figures.pairs] == [None]


def test_the_corner_of_a_table_names_its_data(read) -> None:
    _, figures = read("| ImageNet | FP32 | INT8 |\n|---|---|---|\n| a | 77.90 | 77.10 |\n")
    assert figures.pairs[0].known.dataset == "ImageNet"


def test_a_recovery_in_a_row_is_that_of_the_average(read) -> None:
    _, figures = read(
        "| | FP16 | FP8 |\n|---|---|---|\n| a | 72.0 | 71.0 |\n| b | 70.0 | 69.0 |\n"
        "| Average score | 71.0 | 70.0 |\n| Recovery | 100% | 99.5% |\n"
    )
    stated = [pair for pair in figures.pairs if pair.stated]
    assert [(one.known.value, one.stated.value) for one in stated] == [(70.0, 99.5)]


def test_a_loss_of_another_metric_is_not_that_of_a_score(read) -> None:
    _, figures = read(
        "| Net | FP32 Top1 | FP32 Top5 | INT8 Top1 | INT8 Top5 | Diff Top1 | Diff Top5 |\n"
        "|---|---|---|---|---|---|---|\n| a | 67.2 | 87.9 | 66.7 | 87.4 | -0.5 | -0.5 |\n"
    )
    for pair in figures.pairs:
        assert pair.stated is None or pair.stated.metric == pair.known.metric


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("| Field | Value |\n|---|---|\n| Test samples | 1,200 |\n\n{}", 1200),
        ("The scores are measured on the test set (n = 500).\n\n{}", 500),
        ("# Results (LibriSpeech test-clean, 20 files)\n\n{}", 20),
        ("61 more correctly classified images of the test set are seen.\n\n{}", None),
    ],
)
def test_the_number_of_samples(read, text: str, n: int | None) -> None:
    _, figures = read(text.format("| | FP16 | INT8 |\n|---|---|---|\n| WER | 4.1 % | 4.3 % |\n"))
    found = figures.pairs[0].n
    assert (None if found is None else found.value) == n


def test_a_caption_states_the_number_of_samples(read) -> None:
    _, figures = read(
        "<table><caption>WER of 400 utterances</caption>"
        "<tr><th></th><th>FP16</th><th>INT8</th></tr>"
        "<tr><td>WER</td><td>4.1 %</td><td>4.3 %</td></tr></table>\n"
    )
    assert [pair.n.value for pair in figures.pairs] == [400]


def test_unnamed_columns_with_a_loss_behind_each_are_the_candidates(read) -> None:
    _, figures = read(
        "| Set | Original | len 256 | Δ% | len 512 | Δ% |\n|---|---|---|---|---|---|\n"
        "| a | 0.6718 | 0.6638 | -1.19% | 0.6538 | -2.68% |\n"
    )
    assert scored(figures) == [(0.6718, 0.6638), (0.6718, 0.6538)]
    assert [pair.stated.value for pair in figures.pairs] == [-1.19, -2.68]
