"""Perplexity beside torch, divergence beside SciPy, quantiles beside NumPy."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats as theirs

from quantassay import plugins
from quantassay.pairing.agreement import agreements
from quantassay.pairing.strata import by_column, whole
from quantassay.records.samples import Predictions, Samples

CASES = 1000
VOCABULARY = 7


@pytest.fixture
def random():
    return np.random.default_rng(4)


def texts(random, most=6):
    """Logits and gold tokens of a few texts of different lengths."""
    lengths = random.integers(1, most + 1, random.integers(1, 6))
    total = int(lengths.sum())
    return lengths, random.normal(0, 4, (total, VOCABULARY)), random.integers(0, VOCABULARY, total)


def lists(lengths, flat):
    return [part.tolist() for part in np.split(flat, np.cumsum(lengths)[:-1])]


def gold_logprobs(logits, gold):
    return (logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)))[np.arange(len(gold)), gold]


def test_log_perplexity_is_the_mean_cross_entropy_of_torch(ours, random):
    torch = pytest.importorskip("torch", reason="torch is not installed: make test-torch")
    for _ in range(CASES):
        lengths, logits, gold = texts(random)
        wanted = torch.nn.functional.cross_entropy(torch.tensor(logits), torch.tensor(gold))
        given = {"token_logprobs": lists(lengths, gold_logprobs(logits, gold))}
        assert ours("perplexity:clip=1000", given=given) == pytest.approx(wanted.item(), abs=1e-9)


def test_clip_and_weights_are_those_of_a_plain_loop(ours, random):
    for _ in range(CASES):
        lengths, logits, gold = texts(random)
        spent = lists(lengths, -gold_logprobs(logits, gold))
        clip, longest = float(random.uniform(0.5, 6)), int(random.integers(1, 7))
        nats = weight = 0.0
        for text in spent:
            kept = [min(one, clip) for one in text]
            own = min(len(text), longest)
            nats, weight = nats + own * sum(kept) / len(kept), weight + own
        given = {"token_logprobs": [[-one for one in text] for text in spent]}
        found = ours(f"perplexity:clip={clip},longest={longest}", given=given)
        assert found == pytest.approx(nats / weight, abs=1e-9)


@pytest.mark.parametrize("per", ["token", "word", "byte"])
def test_weighted_perplexity_of_sums_over_texts(ours, random, per):
    for _ in range(CASES):
        n = int(random.integers(1, 6))
        count = random.integers(1, 40, n)
        total = -count * random.uniform(0, 5, n)
        # exp(-sum of log-likelihoods / sum of weights), as lm-evaluation-harness defines it
        wanted = np.exp(-total.sum() / count.sum())
        given = {"loglikelihood": total, f"{per}s": count}
        assert np.exp(ours(f"perplexity:per={per}", given=given)) == pytest.approx(wanted, rel=1e-9)


def test_edges_of_perplexity(ours):
    assert ours("perplexity", given={"token_logprobs": [[0.0]]}) == 0.0
    assert ours("perplexity", given={"token_logprobs": [[-3.0]] * 4}) == 3.0
    assert ours("perplexity:clip=5", given={"token_logprobs": [[-np.inf]]}) == 5.0


def pair(random, n=None, classes=4):
    n = int(random.integers(1, 40)) if n is None else n
    ids, none = np.arange(n).astype(str), np.zeros(n, bool)
    sides = [
        Predictions(ids, none, none, probabilities=random.dirichlet(np.ones(classes), n))
        for _ in range(2)
    ]
    samples = Samples(ids, None, pa.table({"part": random.integers(0, 3, n).astype(str)}), "")
    return samples, *sides


def figures(spec, samples, first, second, parts=None, units=None):
    measure = plugins.configured("agreements", *plugins.spelled(spec))
    parts = parts or [whole(len(samples))]
    return agreements(measure, samples, first, second, "c", parts, units, 0.025)


def test_divergence_is_scipys_entropy(random):
    for _ in range(CASES):
        samples, first, second = pair(random)
        wanted = theirs.entropy(first.probabilities, second.probabilities, axis=1).mean()
        (found,) = figures("kl", samples, first, second)
        assert found.value == pytest.approx(wanted, abs=1e-9)


def test_its_quantile_is_numpys_in_every_stratum(random):
    for _ in range(CASES):
        samples, first, second = pair(random)
        q = float(random.choice([0.5, 0.9, 0.99, 0.999]))
        part = by_column(samples.table, "part")
        parts = [whole(len(samples)), part]
        rows = theirs.entropy(first.probabilities, second.probabilities, axis=1)
        found = figures(f"kl_quantile:q={q}", samples, first, second, parts)
        masks = [np.ones(len(rows), bool), *(part.codes == g for g in range(len(part.labels)))]
        for cell, inside in zip(found, masks, strict=True):
            assert cell.value == pytest.approx(np.quantile(rows[inside], q), abs=1e-9)


@pytest.mark.parametrize("q", [0.5, 0.9, 0.99])
def test_its_interval_misses_no_more_than_its_level_by_enumeration(random, q):
    narrow = 0
    for n in range(1, 1001):
        low, high = ranks(n, q)
        # the quantile lies below the r-th value where fewer than r values lie below it
        if low:
            assert theirs.binom.cdf(low - 1, n, q) <= 0.025 < theirs.binom.cdf(low, n, q)
        if high <= n:
            assert theirs.binom.sf(high - 1, n, q) <= 0.025 < theirs.binom.sf(high - 2, n, q)
            narrow += 1
    assert narrow >= 600


def ranks(n, q):
    """Ranks of both ends: of the values 1 to n they are the ends themselves."""
    from quantassay.stats import quantile_interval

    found = quantile_interval(np.arange(1, n + 1), q)
    return (
        0 if np.isnan(found.low) else int(found.low),
        n + 1 if np.isnan(found.high) else int(found.high),
    )


def test_a_tail_of_a_comparison_has_those_ranks(random):
    samples, first, second = pair(random, n=800)
    rows = np.sort(theirs.entropy(first.probabilities, second.probabilities, axis=1))
    (found,) = figures("kl_quantile", samples, first, second)
    low, high = ranks(800, 0.99)
    assert found.interval == pytest.approx((rows[low - 1], rows[high - 1]), abs=1e-9)


def test_same_first_class_and_token_by_a_plain_loop(random):
    for _ in range(CASES):
        samples, first, second = pair(random)
        rows = zip(first.probabilities.tolist(), second.probabilities.tolist(), strict=True)
        wanted = np.mean([a.index(max(a)) == b.index(max(b)) for a, b in rows])
        (found,) = figures("same_top", samples, first, second)
        assert found.value == pytest.approx(wanted, abs=1e-12)


def test_same_first_token_of_texts_by_a_plain_loop(random):
    for _ in range(CASES):
        n = int(random.integers(1, 6))
        lengths = random.integers(1, 6, n)
        tops = [lists(lengths, random.integers(0, 3, lengths.sum())) for _ in range(2)]
        ids, none = np.arange(n).astype(str), np.zeros(n, bool)
        sides = [Predictions(ids, none, none, table=pa.table({"top_tokens": one})) for one in tops]
        wanted = np.mean([np.mean(np.equal(*both)) for both in zip(*tops, strict=True)])
        (found,) = figures("same_top", Samples(ids, None, pa.table({}), ""), *sides)
        assert found.value == pytest.approx(wanted, abs=1e-9)
