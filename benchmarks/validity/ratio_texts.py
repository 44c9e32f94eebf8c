"""Ratios of sums over texts: word errors, log-perplexity, character F and BLEU."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from quantassay.evidence import Ratio

from .drawn_cells import Tally, Truth, batches, strata
from .record import Figure

LONGEST = 40
ORDERS = 4
CAP = 4.0


@dataclass(frozen=True)
class Text:
    """A metric of sums over texts: rows of a text with so many words and so many of them right."""

    name: str
    higher: bool
    largest_loss: float
    rows: Callable[[np.ndarray, np.ndarray], np.ndarray]
    value: Callable[[np.ndarray], np.ndarray]

    def kind(self) -> Ratio:
        """Return the evidence, whose worst text is the longest, all right and then all wrong."""
        longest = np.array([float(LONGEST)])
        best, worst = self.rows(longest, longest)[0], self.rows(longest, 0 * longest)[0]
        words = int(np.argmax(self.rows(longest, longest)[0] == LONGEST))
        return Ratio(
            lambda _: (best, worst),
            lambda totals: np.asarray(totals[words] / LONGEST),
            self.largest_loss,
        )


def _errors(words: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.stack([words, words - right], axis=-1)


def _nats(words: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.stack([words, CAP * (words - right)], axis=-1)


def _overlap(words: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.stack([words, words, right], axis=-1)


def _grams(words: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Count matches of 1 to 4 words where the right ones stand together."""
    orders = np.arange(ORDERS)
    there, matched = (np.maximum(side[..., None] - orders, 0) for side in (words, right))
    return np.concatenate([words[..., None], there, matched], axis=-1)


def _share(totals: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return totals[..., 1] / totals[..., 0]


def _f2(totals: np.ndarray) -> np.ndarray:
    given, wanted, matched = np.moveaxis(totals, -1, 0)
    return 5 * matched / np.maximum(given + 4 * wanted, 1e-9)


def _bleu(totals: np.ndarray) -> np.ndarray:
    there, matched = totals[..., 1 : 1 + ORDERS], totals[..., 1 + ORDERS :]
    with np.errstate(divide="ignore"):
        logs = np.log(matched / np.maximum(there, 1e-9)).mean(axis=-1)
    return np.exp(logs)


TEXTS = (
    Text("word error rate", False, 1.0, _errors, _share),
    Text(f"log-perplexity clipped at {CAP:g} nats", False, CAP, _nats, _share),
    Text("character F", True, 1.0, _overlap, _f2),
    Text("BLEU", True, 1.0, _grams, _bleu),
)

# name, share harmed, share of its words lost, only the longest texts
HARM = (
    ("texts wholly lost", 0.05, 1.0, False),
    ("the longest texts wholly lost", 0.15, 1.0, True),
    ("texts lose half their words", 0.1, 0.5, False),
    ("every text may lose words", 1.0, 0.05, False),
)


def texts(quick: bool) -> Iterator[Figure]:
    """Yield errors of every metric under every harm; texts have 5 to 40 words."""
    for n, draws, right in ((150, 5000, 1.0), (600, 1500, 0.85)):
        for metric in TEXTS:
            for harm in HARM[:1] if quick else HARM:
                yield from _figures(metric, n, draws // (20 if quick else 1), harm, right)


def _figures(
    metric: Text, n: int, draws: int, harm: tuple[str, float, float, bool], right: float
) -> Iterator[Figure]:
    rng, kind = np.random.default_rng(n), metric.kind()
    large = draw(rng, 1_000_000, harm, right, metric)
    ends = [float(metric.value(side.sum(axis=0))) for side in large]
    loss = (ends[0] - ends[1]) * (1 if metric.higher else -1)
    name = f"{metric.name}, {harm[1]:g} of {harm[0]}, reference {right:.0%} right"
    tally = Tally(Truth("ratio_bounds", name, n, loss))
    for some in batches(draws, n):
        rows = draw(rng, some * n, harm, right, metric)
        found = kind.accumulate(
            *rows, strata(some, n), None, lambda totals, _: metric.value(totals), metric.higher
        )
        tally.add(found.evidence())
    yield from tally.figures()


def draw(
    rng: np.random.Generator,
    texts: int,
    harm: tuple[str, float, float, bool],
    right: float,
    metric: Text,
) -> tuple[np.ndarray, np.ndarray]:
    """Return rows (texts, d) of both sides."""
    _, share, lost, longest = harm
    words = np.where(rng.random(texts) < 0.3, LONGEST, rng.integers(5, LONGEST + 1, texts))
    first = rng.binomial(words, right)
    harmed = (rng.random(texts) < share) & ((words == LONGEST) | (not longest))
    second = np.where(harmed, rng.binomial(first, 1 - lost), first)
    return tuple(metric.rows(words.astype(float), side.astype(float)) for side in (first, second))
