from __future__ import annotations

import pytest

from quantassay.claims.audit.arithmetic.check import arithmetic


def rules(read, text: str) -> list[str]:
    return [one.rule for one in arithmetic(*read(text))]


def finding(read, text: str, rule: str) -> str:
    return next(one.finding for one in arithmetic(*read(text)) if one.rule == rule)


SPEED = (
    "| | FP16 | INT8 |\n|---|---|---|\n| Latency | 5.30 ms | 2.50 ms |\n"
    "| Accuracy | 91.02% | 90.51% |\n\n"
)


@pytest.mark.parametrize(
    "words", ["INT8 is 2.1x faster.", "INT8 is ~2.1x faster.", "INT8 is more than 2x faster."]
)
def test_a_speed_up_that_follows(read, words: str) -> None:
    assert "speed-up" not in rules(read, SPEED + words)


def test_a_speed_up_that_does_not_follow(read) -> None:
    said = finding(read, SPEED + "INT8 is 3.5x faster.", "speed-up")
    assert "their ratio is 2.12" in said


def test_rounding_that_hides_a_loss(read) -> None:
    said = finding(
        read, "| | top-1 error |\n|---|---|\n| net | 1.1% |\n| net-int8 | 1.1% |\n", "rounding"
    )
    assert "up to 0.1 points" in said
    text = (
        "The float model has about 92% accuracy on the test set. "
        "The INT8 model has about 92% accuracy on the test set."
    )
    assert "up to 2.0 points" in finding(read, text, "rounding")


@pytest.mark.parametrize(("first", "second"), [("91.23%", "91.23%"), ("91.2%", "91.3%")])
def test_fine_or_unequal_scores_hide_nothing(read, first: str, second: str) -> None:
    assert "rounding" not in rules(
        read, f"| | fp32 | int8 |\n|---|---|---|\n| accuracy | {first} | {second} |\n"
    )


def test_half_of_the_trade_off(read) -> None:
    assert "half" in rules(read, "INT8 quantization makes the model 4x smaller and 2x faster.")
    assert "half" not in rules(read, "INT8 is 2x faster and accuracy drops from 91.0 % to 90.2 %.")
    assert "half" not in rules(read, "INT8 quantization is supported.")


def test_a_drop_with_a_sign(read) -> None:
    table = "| net | scheme | Accuracy (drop) % |\n|---|---|---|\n| a | INT8 | 77.2 ({}) |\n"
    assert "cannot be determined" in finding(read, table.format("-0.46"), "sign")
    assert "sign" not in rules(read, table.format("0.46"))


def test_a_drop_of_a_metric_of_which_less_is_better(read) -> None:
    table = (
        "| net | scheme | Accuracy (drop) % |\n|---|---|---|\n| a | INT8 | 77.2 (-0.46) |\n"
        "| b | INT8 | perplexity: 20.9 (-1.17) |\n"
    )
    said = finding(read, table, "sign")
    assert "20.9 is -1.17 of a metric of which less is better" in said


BOUND = (
    "| task | BF16 | NVFP4 |\n|---|---|---|\n| MMLU | 78.3 | 77.9 |\n| BoolQ | 73.0 | 70.9 |\n"
    "| PIQA | 89.1 | 86.7 |\n\n"
)


def test_a_bound_for_most_rows(read) -> None:
    assert "2 of 3 losses are larger" in finding(
        read, BOUND + "We lose less than 1 point on most tasks.", "stated-bound"
    )
    assert "stated-bound" not in rules(read, BOUND + "We lose less than 3 points on most tasks.")
    assert "stated-bound" in rules(read, BOUND + "We lose less than 2 points on every task.")


def test_what_is_not_examined_is_said(read) -> None:
    rows = "".join(f"| r{i} | 70.1 | 69.8 |\n" for i in range(3000))
    assert rules(read, "| net | fp32 | int8 |\n|---|---|---|\n" + rows)[-1] == "capped"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # 2 * .9374 / 1.9374 = .9677 with a recall of 1
        ("A precision of 0.9374 and an F1 score of 0.9773.", True),
        ("A precision of 0.9374 and an F1 score of 0.9377.", False),
        # 2 * .588 * .159 / .747 = .2503
        ("Precision 0.588, recall 0.159, F1 0.250.", False),
        ("Precision 0.588, recall 0.159, F1 0.310.", True),
        ("Precision 58.8, recall 15.9, F1 25.0.", False),
        ("F1 0.91; weights in full precision 32 bits.", False),
    ],
)
def test_precision_recall_and_f1(read, text: str, found: bool) -> None:
    assert ("f-score" in rules(read, text)) is found


@pytest.mark.parametrize(
    ("cell", "found"),
    [("xx.xx%", True), ("TBD", True), ("not measured yet", True), ("-", False), ("70.1", False)],
)
def test_scores_that_are_announced(read, cell: str, found: bool) -> None:
    text = f"| | ImageNet top-1 |\n|---|---|\n| fp32 | 70.2 |\n| int8 | {cell} |\n"
    assert ("placeholder" in rules(read, text)) is found


def test_a_loss_of_a_metric_of_which_less_is_better_is_positive(read) -> None:
    text = (
        "The float model has a mean error of 0.010 and the INT8 model 0.015, "
        "a 12% degradation in error."
    )
    said = finding(read, text, "stated-loss")
    assert "the absolute loss is 0.005" in said
    assert "the relative loss is 50.00 %" in said
