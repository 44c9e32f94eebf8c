"""Repeated sessions and repeated calibration draws.

The interval over sessions takes them as normal. A rare bad session is not seen by five or ten, and
a PASS then is as likely as that none was among them. Intervals of the spread between draws are
those of normal draws: heavy tails break them, the more draws the more. They are described, never
judged.

    python -m benchmarks.validity.sessions [--quick]
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.validity.record import Figure, main
from quantassay import stats

Array = NDArray[Any]
LEVELS = (0.025, 0.025 / 20, 0.025 / 200)
MARGIN, SAMPLES = 0.05, 300
METHODS = "session_bounds", "session_bounds, rare bad sessions"

LAWS = (
    "whole losses, sessions all alike",
    "normal samples (sd .1), normal sessions (sd .02)",
    "whole losses, normal sessions (sd .02)",
    "normal samples (sd .01), normal sessions (sd .05)",
    "normal samples (sd .01), normal sessions of the candidate alone (sd .05)",
    "whole losses, each answer flipped in one session of 50",
    "normal samples (sd .1), a session in ten loses .5: five may hold none",
)


def scores(law: str, sessions: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return both sides' scores (R, n), the mean loss being the margin."""
    shape = sessions, SAMPLES
    if law.startswith("whole"):
        reference, lost = np.ones(shape), np.tile(rng.random(SAMPLES) < MARGIN, (sessions, 1))
    else:
        spread = 0.01 if "(sd .01)" in law else 0.1
        lost = np.tile(rng.normal(MARGIN, spread, SAMPLES), (sessions, 1))
        reference = np.zeros(shape)
    candidate = reference - lost
    if "normal sessions" in law:
        between = 0.05 if "(sd .05)" in law else 0.02
        candidate = candidate + rng.normal(0, between, (sessions, 1))
        if "alone" not in law:
            reference = reference + rng.normal(0, between, (sessions, 1))
    if "flipped" in law:
        # a flip costs 1 where the answer was right and gains 1 where it was wrong
        sides = [np.where(rng.random(shape) < 0.02, 1 - s, s) for s in (reference, candidate)]
        return sides[0], sides[1]
    if "in ten" in law:
        candidate = candidate + 0.05 - 0.5 * (rng.random((sessions, 1)) < 0.1)
    return reference, candidate


def session_errors(quick: bool) -> Iterator[Figure]:
    draws = 200 if quick else 4000
    for seed, (law, sessions) in enumerate(product(LAWS, (5, 10))):
        rng = np.random.default_rng(seed)
        truth = MARGIN * (0.96 if "flipped" in law else 1.0)
        cap = 1.2 if law.startswith("whole") else 0.5 if "(sd .01)" in law else 1.0
        data = [scores(law, sessions, rng) for _ in range(draws)]
        for alpha in LEVELS:
            ends = np.array([stats.session_bounds(*sides, cap, alpha) for sides in data])
            found = {"false PASS": ends[:, 1] < truth, "false FAIL": ends[:, 0] > truth}
            for side, wrong in found.items():
                yield Figure(METHODS["in ten" in law], law, SAMPLES, MARGIN, side, alpha,
                             float(wrong.mean()), alpha, draws,
                             clusters=f"{sessions} sessions a side")  # fmt: skip


SPREADS = ((0.0, 0.1, 0.1), (0.01, 0.1, 0.1), (0.01, 0.3, 0.3), (0.05, 0.1, 0.0))


def differences(
    spreads: tuple[float, float, float], draws: int, heavy: bool, rng: np.random.Generator
) -> tuple[Array, float]:
    """Return differences (K, n) without a mean, and the true loss of one further draw."""
    between, samples, both = spreads
    own = rng.standard_t(3, draws + 1) / np.sqrt(3) if heavy else rng.standard_normal(draws + 1)
    own = own * between
    shared = samples * rng.standard_normal(SAMPLES)
    noise = both * rng.standard_normal((draws, SAMPLES))
    return own[:-1, None] + shared + noise, float(-own[-1])


def coverage(quick: bool) -> Iterator[Figure]:
    repeats = 300 if quick else 4000
    for seed, (spreads, draws, heavy) in enumerate(product(SPREADS, (4, 8, 20), (False, True))):
        if heavy and not spreads[0]:
            continue
        rng, missed, fresh = np.random.default_rng(seed), 0, 0
        for _ in range(repeats):
            d, loss = differences(spreads, draws, heavy, rng)
            spread, further = stats.between_draws(d), stats.fresh_draw_interval(d)
            missed += not spread.low <= spreads[0] <= spread.high
            fresh += not further.low <= loss <= further.high
        law = (
            f"{'t (3 df)' if heavy else 'normal'} draws of sd {spreads[0]:g}, samples "
            f"{spreads[1]:g}, interaction {spreads[2]:g}"
        )
        tails = ", heavy-tailed draws" if heavy else ""
        for method, count in (("between_draws", missed), ("fresh_draw_interval", fresh)):
            yield Figure(method + tails, law, SAMPLES, 0.0, "interval misses", 0.025,
                         count / repeats,
                         0.05, repeats, clusters=f"{draws} draws", answer="described")  # fmt: skip


def measure(quick: bool) -> Iterator[Figure]:
    """Yield the figures of the family."""
    yield from session_errors(quick)
    yield from coverage(quick)


if __name__ == "__main__":
    main("sessions", measure)
