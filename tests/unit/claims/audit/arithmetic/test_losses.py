from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantassay.claims.audit.arithmetic.check import arithmetic
from quantassay.claims.audit.figures.read import read_figures
from quantassay.claims.sources.read import read_text


def findings(text: str, rule: str) -> list[str]:
    document = read_text(text)
    found = arithmetic(document, read_figures(document))
    for one in found:
        for quote in one.quotes:
            assert document.source[quote.start : quote.end] == quote.text
    return [one.finding for one in found if one.rule == rule]


TABLE = "| net | top-1 |\n|---|---|\n| fp32 | 80.00 |\n| int8 | 79.60 |\n\n"


def test_a_relative_loss_is_said_to_be_one() -> None:
    # (80.00 - 79.60) / 80.00 = 0.5 %; absolute 0.4 pp.
    (said,) = findings(TABLE + "The top-1 accuracy drop is 0.50%.", "stated-loss-reading")
    assert "0.50% is the relative loss" in said
    assert "absolute it is 0.40 pp" in said


def test_an_absolute_loss_in_per_cent_is_said_to_be_one() -> None:
    (said,) = findings(TABLE + "The top-1 accuracy drop is 0.40%.", "stated-loss-reading")
    assert "0.40% is the absolute loss" in said
    assert "relative to the reference it is 0.50 %" in said


def test_a_loss_that_neither_reading_gives_does_not_follow() -> None:
    (said,) = findings(TABLE + "The top-1 accuracy drop is 0.20%.", "stated-loss")
    assert "0.20% does not follow from 80.00 and 79.60" in said
    assert "0.40 pp (0.39 to 0.42)" in said or "0.40 pp (0.38 to 0.42)" in said


def test_points_are_absolute_only() -> None:
    assert findings(TABLE + "The top-1 accuracy drop is 0.50 pp.", "stated-loss")
    assert not findings(TABLE + "The top-1 accuracy drop is 0.40 pp.", "stated-loss")


@pytest.mark.parametrize("stated", ["0.4%", "0.5%", "about 0.4%", "less than 1%", "less than 0.5%"])
def test_rounding_and_bounds_are_allowed_for(stated: str) -> None:
    assert not findings(TABLE + f"The top-1 accuracy drop is {stated}.", "stated-loss")


def test_a_bound_that_the_scores_exceed_does_not_follow() -> None:
    assert findings(TABLE + "The top-1 accuracy loss is less than 0.2%.", "stated-loss")


@pytest.mark.parametrize(
    "words", ["The target is an accuracy drop of 0.1%.", "Typically the accuracy drop is 0.1%.",
              "Latency drops by 0.1%.", "The top-5 accuracy drop is 0.1%."],
)  # fmt: skip
def test_losses_of_something_else_are_left_alone(words: str) -> None:
    assert not findings(TABLE + words, "stated-loss")


def test_within_a_share_of_the_reference_is_a_loss() -> None:
    words = "It scores within 1% of the unquantized model in top-1."
    assert not findings(TABLE + words, "stated-loss")
    assert findings(TABLE + words.replace("1%", "0.1%"), "stated-loss")


def test_one_wrong_row_of_a_column_of_drops() -> None:
    text = (
        "| net | fp32 | int8 | drop |\n|---|---|---|---|\n| a | 80.0 | 79.0 | 1.0 |\n"
        "| b | 70.0 | 69.5 | 0.5 |\n| c | 60.0 | 58.0 | 0.7 |\n"
    )
    (said,) = findings(text, "stated-loss")
    assert said.startswith("c: 0.7 does not follow from 60.0 and 58.0")


def test_recovery_above_and_below_one_hundred() -> None:
    table = "| | BF16 | FP8 | Recovery |\n|---|---|---|---|\n| MMLU | 79.84 | 82.00 | {} |\n"
    assert not findings(table.format("102.7%"), "stated-loss")
    (said,) = findings(table.format("98.7%"), "stated-loss")
    assert "recovery of 102.71 %" in said


def test_a_recovery_implies_the_reference() -> None:
    text = "It scores 82.00 on average, recovering 98.7% of dense performance."
    (said,) = findings(text, "recovery-implies")
    assert "83.08" in said  # 82.00 / .987


@settings(deadline=None, max_examples=150)
@given(
    st.floats(20, 95), st.floats(0.1, 9), st.integers(1, 3), st.integers(1, 3),
    st.sampled_from(["pp", "%", "relative"]),
)  # fmt: skip
def test_true_scores_never_give_does_not_follow(
    reference: float, loss: float, decimals: int, digits: int, unit: str
) -> None:
    candidate = reference - loss
    stated = 100 * loss / reference if unit == "relative" else loss
    shown = f"{stated:.{digits}f}" + (" pp" if unit == "pp" else "%")
    text = (
        f"With INT8 the accuracy falls from {reference:.{decimals}f} % for FP32 to "
        f"{candidate:.{decimals}f} %, a drop of {shown}."
    )
    assert not findings(text, "stated-loss")


@settings(deadline=None, max_examples=60)
@given(st.integers(2000, 9500), st.integers(10, 900))
def test_fractions_and_percentages_speak_alike(reference: int, loss: int) -> None:
    said = []
    for shown in ("{:.2f}", "{:.4f}"):
        scale = 100 if shown == "{:.2f}" else 10000
        scores = [shown.format(x / scale) for x in (reference, reference - loss)]
        table = f"| | fp32 | int8 |\n|---|---|---|\n| accuracy | {scores[0]} | {scores[1]} |\n\n"
        text = table + f"The accuracy drop is {loss / 100 + 3:.2f}%."
        said.append(len(findings(text, "stated-loss")))
    assert said[0] == said[1]


PROSE = "MMLU 64.2 (BF16) vs 64.0 (INT8), a loss of 0.2 points. {}"


@pytest.mark.parametrize(
    "words",
    ["Margin: 1 pp.", "The margin of 1 pp was fixed before the evaluation.", "Tolerance: 1 pp.",
     "We allow a threshold of 1 % accuracy loss.", "The accuracy loss target is 1 pp.",
     "Criterion: accuracy loss of 1 pp.", "The 95 % CI of the loss is -0.9 to 1.3 pp.",
     'Worst class: "sunglass" falls 6.0 pp (n = 50, CI -16 to +4).',
     "The hardest category drops 6.0 points in accuracy.",
     'Class "cup" drops 6.0 points of accuracy.', "The average loss is 0.3 points.",
     "Maximum allowed accuracy drop: 0.5 points."],
)  # fmt: skip
def test_limits_intervals_and_parts_are_no_overall_loss(words: str) -> None:
    assert not findings(PROSE.format(words), "stated-loss")


def test_a_margin_in_the_sentence_leaves_its_loss_to_be_checked() -> None:
    text = "MMLU 64.2 (BF16) vs 61.1 (INT8), a loss of {} points, within the margin of 5 points."
    assert not findings(text.format("3.1"), "stated-loss")
    assert findings(text.format("0.2"), "stated-loss")


@pytest.mark.parametrize(("stated", "follows"), [
    ("2%", False), ("2.0%", False), ("3%", True), ("4%", True), ("5%", True), ("6%", False),
])  # fmt: skip
def test_a_printed_loss_is_rounded_or_cut_and_no_more(stated: str, follows: bool) -> None:
    # 64.2 - 61.1 = 3.1; 3.1 / 64.2 = 4.83 %.
    text = f"Accuracy dropped by {stated} from 64.2% to 61.1% on MMLU."
    assert (findings(text, "stated-loss") == []) == follows
    if stated == "4%":
        assert "relative loss, cut off" in findings(text, "stated-loss-reading")[0]


def test_two_scores_and_a_loss_need_no_task() -> None:
    assert findings("INT8 accuracy dropped 2 points from 64.2% to 61.1%.", "stated-loss")


def test_a_bound_keeps_its_words() -> None:
    (said,) = findings(TABLE + "The top-1 accuracy loss is less than 0.2%.", "stated-loss")
    assert "less than 0.2% does not follow" in said


def test_columns_of_plain_widths_are_variants() -> None:
    table = "| Task | BF16 | W4 |\n|---|---|---|\n| MMLU | 64.2 | 61.1 |\n\n"
    (said,) = findings(table + "It recovers 97.2% on MMLU.", "stated-loss")
    assert "recovery of 95.17 %" in said
