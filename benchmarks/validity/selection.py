"""Choosing one of several candidates, naming the dominated, and finding what stands out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import special

from quantassay.stats import (
    binary_p_beyond,
    binary_p_within,
    discover,
    dominated,
    fastest_first,
    fixed_sequence,
    holm,
)

from .record import Figure, main

ALPHA, N, MARGIN, PSI = 0.025, 2000, 0.01, 0.03
CANDIDATES, STRATA = 10, 50


def measure(quick: bool) -> Iterator[Figure]:
    """Yield how often each way of choosing errs."""
    draws = 4_000 if quick else 100_000
    rng = np.random.default_rng(40)
    yield from _choices(rng, draws)
    yield from _dominated(rng, draws // 4)
    yield from _discovered(rng, draws // 4)


def _tables(rng: np.random.Generator, size: tuple[int, ...], loss: float, n: int) -> np.ndarray:
    lost, gained = (PSI + loss) / 2, (PSI - loss) / 2
    return rng.multinomial(n, [lost, gained, 1 - PSI], size=size)


def _p(tables: np.ndarray, n: int, margin: float, within: bool) -> np.ndarray:
    """Return p of every table, each distinct one computed once."""
    codes = tables[..., 0] * (n + 1) + tables[..., 1]
    distinct, place = np.unique(codes, return_inverse=True)
    rule = binary_p_within if within else binary_p_beyond
    found = rule(distinct // (n + 1), distinct % (n + 1), n, margin)
    return np.asarray(found)[place].reshape(codes.shape)


def _choices(rng: np.random.Generator, draws: int) -> Iterator[Figure]:
    """All ten candidates are at the margin: whichever is chosen is bad."""
    p = _p(_tables(rng, (draws, CANDIDATES), MARGIN, N), N, MARGIN, within=True)
    rules = {
        "first pass at alpha, fastest first, for comparison": (p <= ALPHA).any(axis=1),
        "fastest_first": np.array([fastest_first(row, ALPHA) is not None for row in p]),
        "fixed_sequence": np.array([fixed_sequence(row, ALPHA) is not None for row in p]),
    }
    for method, chosen in rules.items():
        yield _figure(method, "ten candidates at the margin", float(chosen.mean()), draws)
    fine = _p(_tables(rng, (draws, 1), 0.0, N), N, MARGIN, within=True)
    mixed = np.concatenate([fine, p[:, 1:]], axis=1)
    bad = np.array([(fixed_sequence(row, ALPHA) or 0) > 0 for row in mixed])
    law = "the safest loses nothing, nine are at the margin"
    yield _figure("fixed_sequence", law, float(bad.mean()), draws)


def _figure(method: str, law: str, rate: float, draws: int) -> Figure:
    return Figure(
        method, f"{law}; {100 * PSI:g} % discordant", N, MARGIN, "false PASS", ALPHA, rate, ALPHA,
        draws=draws, discordance=PSI,
    )  # fmt: skip


def _dominated(rng: np.random.Generator, draws: int) -> Iterator[Figure]:
    """Four candidates of equal loss, of speeds as different as they may be: nobody is dominated."""
    upper = np.triu(np.ones((4, 4), bool), 1)
    normal = rng.standard_normal((draws, 4))
    apart = (normal[:, :, None] - normal[:, None, :]) / np.sqrt(2)
    errs = [
        bool(np.nanmin(dominated(special.ndtr(-one), np.where(upper, 0.0, 1.0))) <= ALPHA)
        for one in apart
    ]
    law = "four candidates of one loss, speeds far apart"
    yield Figure(
        "dominated", law, N, MARGIN, "false FAIL", ALPHA, float(np.mean(errs)), ALPHA, draws=draws
    )


def _discovered(rng: np.random.Generator, draws: int) -> Iterator[Figure]:
    """Fifty strata lose nothing, and one of them is said to lose."""
    n, shape = 200, (draws, STRATA)
    find, confirm = (_tables(rng, shape, 0.0, n) for _ in range(2))
    p = _p(confirm, n, 0.0, within=False)
    p_find = _p(find, n, 0.0, within=False)
    loss = (find[..., 0] - find[..., 1]) / n
    confirmed = [
        np.nanmin(discover(a, b).p, initial=1.0) <= ALPHA for a, b in zip(loss, p, strict=True)
    ]
    rules = {
        "the worst stratum tested where it was found, for comparison": (p_find <= ALPHA).any(
            axis=1
        ),
        "discover": np.array(confirmed),
        "Holm over all strata": np.array([np.nanmin(holm(row)) <= ALPHA for row in p_find]),
    }
    for method, found in rules.items():
        yield Figure(
            method, "fifty strata that lose nothing", n, 0.0, "false FAIL", ALPHA,
            float(found.mean()), ALPHA, draws=draws, discordance=PSI, strata=STRATA,
        )  # fmt: skip


if __name__ == "__main__":
    main("selection", measure)
