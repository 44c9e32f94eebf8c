from __future__ import annotations

import numpy as np
import pytest

from quantassay.schemes.overlap.texts import Shingles

TEXT = (
    "A farmer keeps 12 hens on the hill behind his house. Every hen lays one egg a day, and he "
    "sells them by the dozen at the market. How many days until he has sold 1,000 eggs?"
)
OTHER = (
    "A baker opens her shop at six and bakes until noon. On Sundays nobody buys rye bread, so that "
    "she gives what is left to the school. How many loaves are given away in a year?"
)


def feeds(*texts):
    return {"": np.array(texts, object)}


def close(known, text):
    return bool(Shingles(feeds(*known)).close(feeds(text))[0])


@pytest.mark.parametrize(
    "changed",
    [
        TEXT.upper(),
        TEXT.replace(".", "").replace(",", "").replace("?", ""),
        f"{TEXT} Think step by step, and give a number at the end of your answer.",
        f"Here is a question for you. {TEXT}",
        TEXT.replace("market", "fair"),
        TEXT[: len(TEXT) * 2 // 3],
        f"{OTHER} {TEXT}",
    ],
)
def test_a_changed_copy_is_close(changed):
    assert close([TEXT], changed)
    assert close([changed], TEXT)


@pytest.mark.parametrize(
    "other",
    [
        OTHER,
        "What is the capital of France?",
        "The hens are on the hill.",
        "",
        "?!",
    ],
)
def test_another_text_is_not(other):
    assert not close([TEXT], other)


def test_a_sentence_taken_from_a_text_is_close():
    assert close([TEXT], "Every hen lays one egg a day.")


def test_short_texts_are_close_where_all_words_are_the_same():
    assert close(["What is the capital of Spain?"], "what is the capital of spain")
    assert not close(["What is the capital of Spain?"], "What is the capital of France?")
    assert not close(["yes"], "no")
    assert not close([""], "")


def test_half_of_the_runs_is_not_enough():
    words = [f"word{i}" for i in range(40)]
    half = words[:20] + [f"other{i}" for i in range(20)]
    assert not close([" ".join(words)], " ".join(half))


def test_a_template_is_not_counted():
    template = "Answer the following question with one number and no further words at all:"
    known = [f"{template} {i} plus {i + 1} times {i + 2}" for i in range(20)]
    assert not close(known, f"{template} what is the sum of two and three")
    assert close(known, f"{template.upper()} 5 plus 6 times 7")


def test_scripts_without_spaces():
    known = "".join(chr(0x4E00 + (7 * i) % 900) for i in range(60))
    assert close([known], known[:50])
    assert not close([known], "".join(chr(0x4E00 + 900 + (7 * i) % 900) for i in range(60)))


def test_several_texts_of_a_sample_are_one():
    known = {"a": np.array([TEXT], object), "b": np.array(["more"], object)}
    assert Shingles(known).close({"a": np.array([TEXT], object), "b": np.array(["less"], object)})


def test_bytes_are_text():
    known = {"": np.array([TEXT.encode()], object)}
    assert Shingles(known).close(feeds(TEXT.lower()))[0]


def test_every_pair_as_by_the_definition():
    """Random texts that share a varying number of words, beside sets of runs."""
    rng = np.random.default_rng(0)
    base = [f"w{i}" for i in rng.integers(0, 10_000, 60)]
    texts = []
    for kept in range(0, 61, 3):
        texts.append(" ".join(base[:kept] + [f"x{i}" for i in rng.integers(0, 10_000, 60 - kept)]))

    def runs(text):
        words = text.split()
        return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}

    own = runs(" ".join(base))
    wanted = [len(runs(text) & own) >= 0.6 * min(len(own), len(runs(text))) for text in texts]
    found = Shingles(feeds(" ".join(base))).close(feeds(*texts))
    assert found.tolist() == wanted
    assert 0 < sum(wanted) < len(wanted)
