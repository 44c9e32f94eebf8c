from __future__ import annotations

import pytest

from quantassay.claims.audit.items.reading import Reading
from quantassay.claims.audit.scopes import first_scope, headline

TABLE = (
    "| | FP16 | INT8 |\n|---|---|---|\n| a | 77.90 % | 77.10 % |\n| b | 75.20 % | 74.90 % |\n{}\n"
)


def test_two_scores_come_before_a_stated_loss(read) -> None:
    text = "INT8 falls back to FP16 for less than 1 % accuracy loss.\n\n" + TABLE.format("")
    assert headline(*read(text)) == "a: 77.90 % → 77.10 %"


def test_the_average_of_the_first_table_comes_first(read) -> None:
    text = TABLE.format("| Average | 76.55 % | 76.00 % |\n") + "\n" + TABLE.format("")
    assert headline(*read(text)) == "Average: 76.55 % → 76.00 %"


def test_a_stated_loss_comes_before_one_score(read) -> None:
    text = "The accuracy drops by 0.8 %.\n\n| | INT8 |\n|---|---|\n| Accuracy | 77.1 % |\n"
    assert headline(*read(text)) == "The accuracy drops by 0.8 %."


@pytest.mark.parametrize(
    ("second", "apart"),
    [("Llama-3-8B FP8", True), ("ResNet-50 INT8 on another board", False), ("Further", False)],
)
def test_sections_of_other_models_are_left_out_of_the_headline(read, second, apart) -> None:
    text = f"# Ours\n\n## ResNet-50 INT8\n\n{TABLE.format('')}\n## {second}\n\n{TABLE.format('')}"
    document, figures = read(text)
    scope = first_scope(document, figures, Reading(document).within)
    assert (scope is not None) == apart
    assert scope is None or text[scope[-1][1] :].startswith(second)
