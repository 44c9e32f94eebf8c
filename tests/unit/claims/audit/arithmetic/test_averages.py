from __future__ import annotations

import pytest

from quantassay.claims.audit.arithmetic.averages import averages


def said(read, text: str) -> list[str]:
    document, figures = read(text)
    return [one.finding for one in averages(document, figures.grids)]


HEAD = "| | ARC-C | MMLU | PIQA | Avg |\n|---|---|---|---|---|\n"


def test_means_are_left_alone(read) -> None:
    assert (
        said(
            read,
            HEAD + "| BF16 | 50.0 | 60.0 | 70.1 | 60.03 |\n| INT8 | 49.0 | 59.0 | 69.0 | 59.0 |\n",
        )
        == []
    )


def test_one_wrong_average_does_not_follow(read) -> None:
    (text,) = said(
        read, HEAD + "| BF16 | 50.0 | 60.0 | 70.1 | 60.03 |\n| INT8 | 49.0 | 59.0 | 69.0 | 59.9 |\n"
    )
    assert "59.9 does not follow" in text
    assert "59.00" in text


def test_averages_of_something_else_are_undisclosed_rather_than_wrong(read) -> None:
    (text,) = said(
        read, HEAD + "| BF16 | 50.0 | 60.0 | 70.0 | 62.0 |\n| INT8 | 49.0 | 59.0 | 69.0 | 61.0 |\n"
    )
    assert "not disclosed" in text


def test_a_row_of_averages(read) -> None:
    table = (
        "| | BF16 | INT8 |\n|---|---|---|\n| ARC-C | 50.0 | 49.0 |\n| MMLU | 60.0 | 59.0 |\n"
        "| Average | 55.0 | {} |\n"
    )
    assert said(read, table.format("54.0")) == []
    assert "54.9" in said(read, table.format("54.9"))[0]


@pytest.mark.parametrize("shown", ["60.0", "60.03", "60.033", "60.0333"])
def test_rounding_is_allowed_for(read, shown: str) -> None:
    assert said(read, HEAD + f"| BF16 | 50.0 | 60.0 | 70.1 | {shown} |\n") == []
