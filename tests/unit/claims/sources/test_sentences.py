import pytest

from quantassay.claims.sources.read import read_text
from quantassay.claims.sources.sentences import sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Loss vs. FP16 is 0.3 on SQuAD v1.1. It holds.", 2),
        ("See e.g. Table 2, i.e. the top. No.", 2),
        ("Is it so? It is! (Really.) Yes", 4),
        ("First on\nline two. Second", 2),
        ("- one. Two\n- three\n\nfour", 4),
        ("1. one\n2. two", 2),
        ("| a | b |\n|---|---|\n| 1. A | 2 |\n", 0),
        ("# Head. Line\n\n    code. Code\n", 0),
    ],
)
def test_sentences_and_items_are_told_apart(text: str, expected: int) -> None:
    document = read_text(text)
    found = [document.source[start:end] for start, end in sentences(document)]
    assert len(found) == expected, found
