from __future__ import annotations

import pytest

from quantassay.claims.audit.contradictions.prose_against_tables import no_loss

TABLE = "| | FP16 | INT8 |\n|---|---|---|\n| Accuracy | 80.0 % | {} % |\n\n{}\n"


@pytest.mark.parametrize(
    "words",
    [
        "INT8 almost retains the accuracy.",
        "The accuracy drop is negligible.",
        "INT8 comes with minimal accuracy loss.",
        "The quality is nearly lossless.",
    ],
)
def test_a_large_loss_that_is_called_next_to_none(read, words: str) -> None:
    assert [one.rule for one in no_loss(*read(TABLE.format("75.0", words)))] == ["no-loss"]
    assert no_loss(*read(TABLE.format("79.0", words))) == []


@pytest.mark.parametrize(
    "words",
    [
        "INT8 has negligible memory overhead.",
        "Can INT8 come with minimal accuracy loss?",
        "INT4 has the same accuracy as the INT8 one.",
        "The INT8 kernel has the same accuracy as the INT8 one of old.",
    ],
)
def test_words_that_deny_no_loss(read, words: str) -> None:
    assert no_loss(*read(TABLE.format("75.0", words))) == []


def test_sizes_are_no_loss(read) -> None:
    table = "| | FP16 | INT8 |\n|---|---|---|\n| a | 61 | 35 |\n\nThere is no accuracy loss.\n"
    assert no_loss(*read(table)) == []
