from __future__ import annotations

import pytest

from quantassay.claims.audit.arithmetic.sampling import bounds, sampling


def test_bounds_of_a_loss_that_two_scores_allow() -> None:
    # 900 and 880 right of 1,000: at least 20 changed, at most 100 lost and 120... 100 + 80.
    found = bounds(0.90, 0.88, 1000)
    assert found.loss == pytest.approx(2.0)
    assert found.least[0] > 0
    assert found.most[0] < 0 < found.most[1]
    assert found.outcome == "open"


def test_three_changes_cannot_be_told_from_none_and_a_collapse_can() -> None:
    assert bounds(0.900, 0.897, 1000).outcome == "within"
    assert bounds(0.90, 0.60, 1000).outcome == "beyond"


def test_a_known_test_set_is_named_as_such(read) -> None:
    document, figures = read("| | BF16 | FP8 |\n|---|---|---|\n| GSM8K | 87.56 | 88.93 |\n")
    (found,) = sampling(document, figures)
    assert found.rule == "sampling-open"
    assert "(n = 1,319, the GSM8K test split): loss -1.37 pp" in found.finding
    assert "if the fewest changed" in found.finding


def test_the_three_largest_losses_are_listed_and_the_rest_counted(read) -> None:
    right = {"a": 1000, "b": 800, "c": 600, "d": 400}  # of 1,319
    rows = "".join(f"| GSM8K {a} | 87.57 | {100 * k / 1319:.2f} |\n" for a, k in right.items())
    document, figures = read("| | BF16 | FP8 |\n|---|---|---|\n" + rows)
    (found,) = sampling(document, figures)
    assert found.rule == "sampling-beyond"
    assert found.finding.index("to 30.33") < found.finding.index("to 60.65")
    assert "to 75.82" not in found.finding
    assert "; and 1 more." in found.finding


def test_one_pair_printed_twice_is_listed_once(read) -> None:
    row = "| GSM8K | 87.56 | 57.54 |\n"
    document, figures = read("| | BF16 | FP8 |\n|---|---|---|\n" + row + row)
    (found,) = sampling(document, figures)
    assert found.finding.count("87.56") == 1


def test_a_stated_number_comes_before_a_known_one(read) -> None:
    document, figures = read(
        "We test on 500 questions of GSM8K.\n\n| | BF16 | FP8 |\n|---|---|---|\n| GSM8K | 87.6 | "
        "88.8 |\n"
    )
    (found,) = sampling(document, figures)
    assert "(n = 500, stated)" in found.finding


@pytest.mark.parametrize(
    "row",
    [
        "| WikiText2 perplexity | 5.47 | 5.60 |",
        "| COCO mAP | 37.4 | 37.0 |",
        "| My set | 80.1 | 79.2 |",
        "| GSM8K average | 87.56 | 88.93 |",
    ],
)
def test_what_is_no_share_of_known_samples_is_left_alone(read, row: str) -> None:
    assert sampling(*read(f"| | BF16 | FP8 |\n|---|---|---|\n{row}\n")) == []


def test_a_known_number_does_not_hold_where_a_part_was_scored(read) -> None:
    text = (
        "Scores are estimated from a subset.\n\n"
        "| | BF16 | FP8 |\n|---|---|---|\n| GSM8K | 87.56 | 88.93 |\n"
    )
    assert sampling(*read(text)) == []


def test_a_text_that_tells_how_many_samples_changed_leaves_nothing_open(read) -> None:
    text = (
        "{}\n\n| | FP16 | INT8 |\n|---|---|---|\n| Test samples | 6,800 | 6,800 |\n"
        "| Accuracy | 93.18 % | 92.93 % |\n"
    )
    assert sampling(*read(text.format("")))
    for words in ("61 samples were lost, and 44 gained.", "McNemar's test gives p = 0.1."):
        assert sampling(*read(text.format(words))) == []
