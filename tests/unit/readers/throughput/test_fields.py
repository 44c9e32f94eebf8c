import pytest

from quantassay.errors import DataError
from quantassay.readers.throughput.fields import Fields, printable, written


def test_figures_are_read_as_they_are():
    fields = Fields({"a": 2, "b": 0.5, "c": 0, "d": [1, 2.5], "e": "x\ny", "f": None}, "here")
    assert (fields.count("a"), fields.positive("b"), fields.number("c")) == (2, 0.5, 0)
    assert fields.numbers("d") == [1, 2.5]
    assert (fields.text("e"), fields.text("f"), fields.text("g")) == ("x y", "", "")
    assert list(fields) == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize(
    "value", [None, "1", True, -1, float("nan"), float("inf"), 10**400, [], {}, "\x1b[2J\n"]
)
def test_what_is_no_figure_is_one_line(value):
    with pytest.raises(DataError, match=r"^here: ") as raised:
        Fields({"a": value}, "here").number("a")
    assert str(raised.value).isprintable()


@pytest.mark.parametrize("value", [1e31, 1.7e308, 5e-324, 1e-31])
def test_a_figure_that_would_overflow_what_is_made_of_it_is_refused(value):
    with pytest.raises(DataError, match="'a' is"):
        Fields({"a": value}, "here").positive("a")


@pytest.mark.parametrize("value", [0, 1.5, 1e20])
def test_what_is_no_count_is_refused(value):
    with pytest.raises(DataError, match="'a' is"):
        Fields({"a": value}, "here").count("a")


def test_figures_that_contradict_each_other_are_refused():
    fields = Fields({}, "here")
    fields.agree("rate", 100, 100.9, "count over time")
    with pytest.raises(DataError, match="'rate' is 100, but count over time is 150"):
        fields.agree("rate", 100, 150, "count over time")
    with pytest.raises(DataError, match="'p99' is 1, below 'p50', 2"):
        fields.rising({"p50": 2, "p99": 1})


def test_text_becomes_a_number_only_in_plain_digits():
    assert written("1.5e3") == 1500
    assert [written(text) for text in ("nan", "inf", "1_0", "0x1", "", "1" * 300)] == [
        "nan", "inf", "1_0", "0x1", "", "1" * 300,
    ]  # fmt: skip
    assert len(printable("a" * 10_000)) == 200
