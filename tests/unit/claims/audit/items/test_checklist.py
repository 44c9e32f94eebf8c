"""Every item of a text: in order, within a scope, of any text at all."""

from hypothesis import given, settings
from hypothesis import strategies as st

from quantassay.claims.audit.items.checklist import items
from quantassay.claims.audit.items.reading import Reading
from quantassay.claims.sources.read import read_text
from quantassay.records.audit import ITEMS

WORDS = [
    "ImageNet", "top-1", "mAP", "FP32", "int8", "ResNet-50", "calibration", "512 samples", "|",
    "|-|-|", "per class", "English", "76.1", "%", "# ", "GPTQ", "MMLU", "(", "http://x.y/z", "`",
    "eval-f1", "<td>", "</td>", "original", "Llama-3-8B", "accuracy", ".", "- ", "测试集", "+",
    "\n", "é", "\t",
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=60), st.sampled_from(["", " ", "\n"]))
@settings(max_examples=80, deadline=None)
def test_every_quote_stands_in_the_source(words, between):
    text = between.join([*words, "x"])
    found = items(Reading(read_text(text)))
    assert tuple(found) == ITEMS
    for item in found.values():
        assert item.why
        assert len(item.quotes) <= 3
        for quote in item.quotes:
            assert text[quote.start : quote.end] == quote.text != ""


LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Cn"))


@given(
    st.text(LETTERS, min_size=1, max_size=200).filter(
        lambda text: text.replace("\ufeff", "").strip()
    )
)
@settings(max_examples=60, deadline=None)
def test_any_text_has_answers(text):
    assert {item.answer for item in items(Reading(read_text(text))).values()} <= {
        "yes",
        "partial",
        "no",
    }


def test_what_is_out_of_scope_is_not_seen():
    text = "On MNIST, INT8 loses 0.1 points.\n\nOn SVHN, FP8 loses 0.2 points."
    second = text.index("On SVHN")
    item = items(Reading(read_text(text)).scoped(((second, len(text)),)))["task"]
    assert item.why == "named: SVHN"
    assert all(quote.start >= second for quote in item.quotes)


def test_a_hidden_comment_discloses_nothing():
    text = "Quality is kept.\n\n<!-- FP32 top-1 on ImageNet: 76.1 -->\n"
    found = items(Reading(read_text(text)))
    assert [found[name].answer for name in ("task", "metric", "reference")] == ["no"] * 3
