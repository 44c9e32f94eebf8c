import numpy as np
import pytest

from quantassay.schemes.overlap.check import check_overlap, shared_rows

RNG = np.random.default_rng(0)


def in_batches(feeds, size=7):
    n = len(next(iter(feeds.values())))
    for start in range(0, n, size):
        yield start, {name: array[start : start + size] for name, array in feeds.items()}


def test_nothing_shared():
    known = {"": RNG.normal(size=(20, 30)).astype(np.float32)}
    test = {"": RNG.normal(size=(50, 30)).astype(np.float32)}
    overlap = check_overlap(known, in_batches(test))
    assert (overlap.exact, overlap.exact_rows, overlap.near) == (0, (), 0)
    assert "cosine" in overlap.compared


def test_exact_overlap_is_counted_and_named():
    test = RNG.normal(size=(50, 3, 10)).astype(np.float32)
    known = np.concatenate([test[[3, 44]], test[[3]], RNG.normal(size=(5, 3, 10))])
    overlap = check_overlap({"": known.astype(np.float32)}, in_batches({"": test}))
    assert overlap.exact == 3
    assert overlap.exact_rows == (3, 44)
    assert overlap.near == 0


def test_near_duplicates_of_floats():
    test = RNG.normal(size=(40, 64)).astype(np.float32)
    known = test[[5, 6]] * np.float32(1.5) + RNG.normal(scale=1e-3, size=(2, 64)).astype(np.float32)
    overlap = check_overlap({"": known.astype(np.float32)}, in_batches({"": test}))
    assert (overlap.exact, overlap.near, overlap.near_rows) == (0, 2, (5, 6))


@pytest.mark.parametrize(("changed", "near"), [(2, 1), (3, 0)])
def test_near_duplicates_of_whole_numbers(changed, near):
    test = RNG.integers(0, 256, size=(30, 100), dtype=np.int32)
    known = test[[9]].copy()
    known[0, :changed] += 1
    overlap = check_overlap({"": known}, in_batches({"": test}))
    assert overlap.near == near
    assert "98%" in overlap.compared


def test_the_probe_of_long_samples_misses_nothing():
    """Compared in full, as by the definition."""
    base = RNG.integers(0, 256, size=(1, 2048), dtype=np.int32)
    test = np.repeat(base, 120, axis=0)
    for row, changes in enumerate(range(0, 120)):
        test[row, RNG.permutation(2048)[:changes]] += 1
    overlap = check_overlap({"": base}, in_batches({"": test}))
    differences = (test != base).sum(axis=1)
    expected = np.flatnonzero((differences > 0) & (differences <= np.floor(0.02 * 2048)))
    assert overlap.exact_rows == (0,)
    assert overlap.near_rows == tuple(expected.tolist())


def test_zeros_are_not_close_to_everything():
    zeros = np.zeros((3, 16), np.float32)
    test = RNG.normal(size=(10, 16)).astype(np.float32)
    assert check_overlap({"": zeros}, in_batches({"": test})).near == 0


def test_several_inputs_are_taken_together():
    test = {"a": RNG.normal(size=(10, 4)).astype(np.float32), "b": np.arange(10)}
    known = {"a": test["a"][:1], "b": np.array([99])}
    assert check_overlap(known, in_batches(test)).exact == 0
    known = {"a": test["a"][:1], "b": test["b"][:1]}
    assert check_overlap(known, in_batches(test)).exact_rows == (0,)


def test_texts_are_compared_as_texts():
    test = {"": np.array(["a photo", "A dog!", "a dog"], object)}
    overlap = check_overlap({"": np.array(["a dog"], object)}, in_batches(test, 2))
    assert (overlap.exact_rows, overlap.near_rows) == ((2,), (1,))
    assert "words" in overlap.compared


def test_images_are_compared_as_images():
    images = RNG.random((12, 3, 20, 20)).astype(np.float32)
    known = {"": np.clip(images[[4]] * np.float32(0.8) + np.float32(0.1), 0, 1)}
    overlap = check_overlap(known, in_batches({"": images}))
    assert (overlap.exact, overlap.near_rows) == (0, (4,))
    assert "thumbnails" in overlap.compared


def test_what_nothing_compares():
    known = {"text": np.array(["a"], object), "number": np.array([1.0])}
    overlap = check_overlap(known, in_batches(known))
    assert (overlap.exact, overlap.near) == (1, None)
    assert overlap.compared == "exact content only"


def test_shared_rows_are_those_of_a_whole_comparison():
    test = RNG.normal(size=(50, 3, 10)).astype(np.float32)
    known = np.concatenate([test[[3, 44]], test[[3]], RNG.normal(size=(5, 3, 10))])
    feeds = {"": known.astype(np.float32)}
    batches = [part for _, part in in_batches(feeds, 3)]
    assert shared_rows(batches, in_batches({"": test})) == (3, (3, 44))
    assert shared_rows(batches[2:], in_batches({"": test})) == (0, ())
