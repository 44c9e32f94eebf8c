from __future__ import annotations

import numpy as np
import pytest

from quantassay.errors import UserCodeError
from quantassay.runs import inference
from quantassay.runs.cache import OutputCache
from quantassay.runs.inference import predict

N, BATCH = 50, 8
INPUTS = np.random.default_rng(0).normal(size=(N, 3)).astype(np.float32)
WEIGHTS = np.random.default_rng(1).normal(size=(3, 4)).astype(np.float32)


def batches(first):
    for start in range(first, N, BATCH):
        yield start, {"x": INPUTS[start : start + BATCH]}


class Model:
    """Counts its batches, and stops at one of them."""

    def __init__(self, stop=None):
        self.stop, self.calls = stop, 0

    def __call__(self, feeds):
        if self.calls == self.stop:
            raise KeyboardInterrupt
        self.calls += 1
        return {"logits": feeds["x"] @ WEIGHTS, "rows": np.arange(len(feeds["x"]))}


@pytest.fixture
def cache(tmp_path):
    return OutputCache(tmp_path, {"artifact": "abc"})


@pytest.fixture(autouse=True)
def flush_often(monkeypatch):
    monkeypatch.setattr(inference, "FLUSH_SECONDS", -1.0)


def test_all_rows_in_order():
    found = predict(Model(), batches, N)
    assert found.shape == (N, 4)
    assert np.array_equal(found[:BATCH], INPUTS[:BATCH] @ WEIGHTS)


def test_the_output_that_is_named():
    assert predict(Model(), batches, N, output="rows")[:3].tolist() == [0, 1, 2]


def test_an_output_that_is_not_there_names_those_that_are():
    with pytest.raises(UserCodeError, match="no output 'logit'.*logits, rows"):
        predict(Model(), batches, N, output="logit")


@pytest.mark.parametrize("stop", [1, 3, 6])
def test_a_stopped_pass_goes_on_and_ends_with_the_same_bytes(cache, stop):
    whole = predict(Model(), batches, N)
    with pytest.raises(KeyboardInterrupt):
        predict(Model(stop), batches, N, cache=cache)
    again = Model()
    assert predict(again, batches, N, cache=cache).tobytes() == whole.tobytes()
    assert again.calls == 7 - stop


def test_a_finished_pass_is_not_run_again(cache):
    first = predict(Model(), batches, N, cache=cache)
    again = Model()
    assert predict(again, batches, N, cache=cache).tobytes() == first.tobytes()
    assert again.calls == 0


@pytest.mark.parametrize(
    "spoil", [lambda p: p.unlink(), lambda p: p.write_bytes(p.read_bytes()[:90])]
)
def test_a_lost_or_cut_part_is_measured_again(cache, spoil):
    first = predict(Model(), batches, N, cache=cache)
    spoil(sorted(cache.folder.glob("*.npy"))[3])
    again = Model()
    assert predict(again, batches, N, cache=cache).tobytes() == first.tobytes()
    assert 0 < again.calls < 7


def test_progress_counts_samples(cache):
    told = []
    with pytest.raises(KeyboardInterrupt):
        predict(Model(2), batches, N, cache=cache, progress=told.append)
    predict(Model(), batches, N, cache=cache, progress=told.append)
    assert told == [8, 16, 16, 24, 32, 40, 48, 50]


def shorter(feeds):
    return {"out": feeds["x"][1:]}


def longer(feeds):
    return {"out": np.concatenate([feeds["x"], feeds["x"]])}


def scalar(feeds):
    return {"out": np.float32(1)}


@pytest.mark.parametrize("model", [shorter, longer, scalar])
def test_rows_that_would_stand_beside_other_samples_are_refused(cache, model):
    with pytest.raises(UserCodeError, match="expected 8 rows|not a tensor"):
        predict(model, batches, N, cache=cache)
    assert cache.load() == []


def test_batches_that_end_early_are_refused():
    with pytest.raises(UserCodeError, match="8 of 50 samples"):
        predict(Model(), lambda first: [(0, {"x": INPUTS[:8]})], N)


def test_more_samples_later_are_all_that_is_run_then(cache):
    first, second = Model(), Model()
    start = predict(first, lambda at: ((s, f) for s, f in batches(at) if s < 16), 16, cache=cache)
    whole = predict(second, batches, N, cache=cache)
    assert np.array_equal(whole[:16], start)
    assert np.array_equal(whole, predict(Model(), batches, N))
    assert (first.calls, second.calls) == (2, 5)


@pytest.mark.parametrize("n", [1, 8, 11])
def test_fewer_samples_than_are_kept_are_not_run_again(cache, n):
    whole = predict(Model(), batches, N, cache=cache)
    model = Model()
    assert np.array_equal(predict(model, batches, n, cache=cache), whole[:n])
    assert model.calls == 0
