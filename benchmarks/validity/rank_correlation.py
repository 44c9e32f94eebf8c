"""The interval of a rank correlation over triples, models drawn whole: shown, never judged.

`foretell` asks how well a tendency went with the measured loss over triples of model, task and
scheme. Triples of one model depend on each other, and what is seen in the reference alone is the
same for all of them. Models are drawn with their triples; the truth is that of all models.

The product's interval is t on Fisher's scale with the jackknife over whole models, never surer than
as many independent pairs as there are models. Beside it stand what it was chosen over: percentile,
BCa and Fisher's scale of the bootstrap of whole models, the jackknife alone, and the permutation of
whole models' tendencies. These err where few models have a loss at all, or a few are far out; a
permutation where the spread of losses, not their level, goes with the tendency. There the product's
interval errs too: .053 at .025, one triple of each of 15 models. Below ten models none is given.

Levels are one-sided and the rate is that of the worse end. Where no loss varies without one model,
no interval is given, and no draw counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
from scipy import special

from quantassay.stats import holm
from quantassay.stats.ranks import Ranked, correlations, ranked

from .rank_correlation_draws import COUNTS, LAWS, Drawn, draw, truth
from .record import Figure, main

ALPHA, FAMILY, SHOWN = 0.025, 10, "shown only"
LEVELS = (ALPHA, ALPHA / FAMILY)
MODELS, DRAWS = (10, 15, 24, 40), 1000
RHO = (0.0, 0.3, 0.6, 0.9)


def measure(quick: bool) -> Iterator[Figure]:
    """Yield misses of the interval, of what it was chosen over, and of a table of tendencies."""
    draws = DRAWS // 10 if quick else DRAWS
    for law, of, counts, rho, models in _grid():
        yield from _interval(law, of, counts, rho, models, draws)
    yield from _others(draws // 4)
    yield from _permuted(draws)
    yield from _tables(draws)


def _grid() -> Iterator[tuple[str, str, str, float, int]]:
    for law, of, counts, rho, models in product(LAWS, ("model", "triple"), COUNTS, RHO, MODELS):
        if counts == "1 triple" and (of == "triple" or "scheme" in law):
            continue  # the same as of the model, and as without schemes
        yield law, of, counts, rho, models


def _figure(method: str, cell: tuple[str, str, str, float, int], misses: list[float],
            alpha: float, draws: int) -> Figure:  # fmt: skip
    law, of, counts, rho, models = cell
    return Figure(
        method, f"{law}; tendency of the {of}, correlation {truth(law, rho, counts, of):.2f}",
        0, 0.0, "interval misses", alpha, max(misses), alpha, draws,
        clusters=f"{models} models of {counts}", answer=SHOWN,
    )  # fmt: skip


def _interval(law: str, of: str, counts: str, rho: float, models: int, draws: int):
    cell, true = (law, of, counts, rho, models), truth(law, rho, counts, of)
    rng, ends = np.random.default_rng(models), []
    for _ in range(draws):
        one = draw(rng, law, rho, models, counts, of)
        found = ranked(one.x, one.y, one.model).on_fisher_scale()
        ends.append([found.ends(alpha) for alpha in LEVELS])
    given = [each for each in ends if np.isfinite(each).all()]
    for level, alpha in enumerate(LEVELS):
        low, high = np.array([each[level] for each in given]).T
        misses = [float((true < low).mean()), float((true > high).mean())]
        yield _figure("rank_correlation_interval", cell, misses, alpha, len(given))


def _others(draws: int) -> Iterator[Figure]:
    """Yield the misses of the intervals that were not chosen."""
    laws = ("normal", "many ties", "no loss in 80 % of triples", "one model in five far out")
    for cell in product(laws, ("model", "triple"), ("3 triples",), (0.0, 0.6, 0.9), (10, 24)):
        law, of, counts, rho, models = cell
        rng, true, found = np.random.default_rng(models), truth(law, rho, counts, of), {}
        for _ in range(draws):
            one = draw(rng, law, rho, models, counts, of)
            for name, ends in compared(ranked(one.x, one.y, one.model), rng).items():
                found.setdefault(name, []).append(ends)
        for name, ends in found.items():
            low, high = np.array([each for each in ends if np.isfinite(each).all()]).T
            misses = [float((true < low).mean()), float((true > high).mean())]
            yield _figure(f"{name}, for comparison", cell, misses, ALPHA, len(low))


def compared(pairs: Ranked, rng: np.random.Generator, resamples: int = 400):
    """Return both ends by other rules: of the bootstrap of whole models, of the jackknife alone."""
    models, r, z = pairs.x.shape[1], pairs.estimate(), -special.ndtri(ALPHA)
    times = rng.multinomial(models, np.full(models, 1 / models), resamples).T.astype(float)
    again = correlations(pairs.x @ times, pairs.y @ times, times[pairs.code])
    without = pairs.without_each()
    fisher, left = (np.arctanh(np.clip(each, -0.99, 0.99)) for each in (again, without))
    at, alone = np.arctanh(np.clip(r, -0.99, 0.99)), np.sqrt((models - 1) * np.var(left))
    t = -special.stdtrit(models - 2, ALPHA)
    again = again[np.isfinite(again)]
    return {
        "percentile bootstrap": tuple(np.quantile(again, [ALPHA, 1 - ALPHA])),
        "BCa": _bca(again, without, r),
        "bootstrap on Fisher's scale": tuple(np.tanh(at + np.array([-t, t]) * np.nanstd(fisher))),
        "jackknife alone": (np.tanh(at - t * alone), np.tanh(at + t * alone)),
    } if z and len(again) else {}  # fmt: skip


def _bca(again: np.ndarray, without: np.ndarray, r: float) -> tuple[float, float]:
    bias = special.ndtri(np.clip(((again < r).mean() + (again <= r).mean()) / 2, 0.001, 0.999))
    away = np.nanmean(without) - without
    skew = np.nansum(away**3) / max(6 * np.nansum(away**2) ** 1.5, 1e-12)
    at = bias + special.ndtri(np.array([ALPHA, 1 - ALPHA]))
    low, high = np.quantile(again, np.clip(special.ndtr(bias + at / (1 - skew * at)), 0, 1))
    return float(low), float(high)


def _permuted(draws: int) -> Iterator[Figure]:
    """Yield how often whole models' tendencies, permuted, say that there is something."""
    laws = ("normal", "no loss in 80 % of triples", "losses spread by tendency")
    for law, of, models in product(laws, ("model", "triple"), (10, 24)):
        rng, found = np.random.default_rng(models), [0, 0]
        for _ in range(draws):
            one = draw(rng, law, 0.0, models, "3 triples", of)
            found[0] += _permutation_p(one, models, rng) <= 2 * ALPHA
            found[1] += ranked(one.x, one.y, one.model).on_fisher_scale().p <= 2 * ALPHA
        for name, count in zip(("permutation of models, for comparison", "rank_correlation_p"),
                               found, strict=True):  # fmt: skip
            yield Figure(
                name, f"{law}; tendency of the {of}, no correlation", 0, 0.0, "false FAIL",
                2 * ALPHA, count / draws, 2 * ALPHA, draws,
                clusters=f"{models} models of 3 triples", answer=SHOWN,
            )  # fmt: skip


def _permutation_p(one: Drawn, models: int, rng: np.random.Generator, times: int = 199) -> float:
    ranks = ranked(one.x, one.y, one.model)
    x, y = (side.sum(axis=1) - side.sum() / len(side) for side in (ranks.x, ranks.y))
    rows = x.reshape(models, -1)
    seen = abs(x @ y)
    orders = rng.permuted(np.tile(np.arange(models), (times, 1)), axis=1)
    return float((1 + (np.abs(rows[orders].reshape(times, -1) @ y) >= seen).sum()) / (times + 1))


def _tables(draws: int) -> Iterator[Figure]:
    """Yield how often a table of tendencies, none of which goes with the loss, settles any."""
    for law, models in product(("normal", "no loss in 80 % of triples"), (10, 24)):
        rng, any_ = np.random.default_rng(models), 0
        for _ in range(draws):
            one = draw(rng, law, 0.0, models, "3 triples", "model")
            others = [draw(rng, law, 0.0, models, "3 triples", "model").x for _ in range(FAMILY)]
            p = [ranked(x, one.y, one.model).on_fisher_scale().p for x in others]
            any_ += bool(np.nanmin(holm(p)) <= 2 * ALPHA) if np.isfinite(p).any() else False
        yield Figure(
            "holm over rank_correlation_p", f"{law}; ten tendencies, no correlation", 0, 0.0,
            "false FAIL", 2 * ALPHA, any_ / draws, 2 * ALPHA, draws,
            clusters=f"{models} models of 3 triples", strata=FAMILY, answer=SHOWN,
        )  # fmt: skip


if __name__ == "__main__":
    main("rank_correlation", measure)
