from __future__ import annotations


def pairs(read, text: str) -> list[tuple[float, float]]:
    return [tuple(one.value for one in pair.both) for pair in read(text)[1].pairs if pair.both]


def test_lines_under_a_line_of_variants_are_a_table(read) -> None:
    text = "INT8 FP32\nAccuracy (eval-rouge1) 29.90 29.96\nModel size 154M 242M\n"
    assert pairs(read, text) == [(29.96, 29.90)]


def test_intervals_and_recoveries_in_the_lines(read) -> None:
    text = "Metric BF16 INT4 Recovery\nGSM8K 91.8 [89.4, 94.2] 88.8 [86.0, 91.4] 96.7%\n"
    _, figures = read(text)
    (pair,) = figures.pairs
    assert (pair.reference.value, pair.candidate.value, pair.stated.value) == (91.8, 88.8, 96.7)
    assert figures.pairs[0].candidate.dataset == "GSM8K"


def test_sentences_are_no_tables(read) -> None:
    text = "We compare FP16 and INT8.\nThe first runs took 12 and 13\nminutes on 2 GPUs.\n"
    assert pairs(read, text) == []
