from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from quantassay.claims.audit.arithmetic.counts import counts, possible
from quantassay.claims.audit.arithmetic.counts import given as gives
from quantassay.claims.audit.figures.figure import Figure


def percent(value: float, decimals: int) -> Figure:
    return Figure(value, decimals, "percent", "score", 0, 1, (0, 1), "x")


@given(st.integers(20, 5000), st.data(), st.integers(0, 3))
def test_every_true_percentage_is_possible(n: int, data: st.DataObject, decimals: int) -> None:
    k = data.draw(st.integers(0, n))
    shown = percent(round(100 * k / n, decimals), decimals)
    assert possible(n, shown)
    assert gives(k, n, shown)


def test_figures_that_no_count_gives() -> None:
    # 6,338 of 6,800 is 93.2059 %, 6,339 is 93.2206 %.
    assert not possible(6800, percent(93.215, 3))
    assert possible(6800, percent(93.18, 2))
    assert not possible(50, percent(81.3, 1))


def table(correct: str, accuracy: str) -> str:
    return (
        f"| | FP16 | INT8 |\n|---|---|---|\n| Total samples | 6,800 | 6,800 |\n"
        f"| Correct predictions | 6,336 | {correct} |\n| Accuracy | 93.18% | {accuracy} |\n"
    )


def test_counts_beside_percentages(read) -> None:
    assert counts(*read(table("6,319", "92.93%"))) == []
    (found,) = counts(*read(table("6,319", "93.03%")))
    assert "93.03% does not follow from 6,319 of 6,800, which is 92.93" in found.finding


def test_a_sentence_with_a_count(read) -> None:
    assert counts(*read("The INT8 model has an accuracy of 81.0 %, 405 of 500 images.")) == []
    (found,) = counts(*read("The INT8 model has an accuracy of 83.0 %, 405 of 500 images."))
    assert "405 of 500" in found.finding


def test_a_percentage_finer_than_the_samples(read) -> None:
    text = "The test set has 200 images.\n\nAccuracy drops from 91.5 % to 90.37 % with INT8.\n"
    (found,) = counts(*read(text))
    assert "No count of 200 gives 90.37 %" in found.finding
    assert "180 give 90.000 and 181 give 90.500" in found.finding
