"""Repeated sessions.

The interval over sessions takes them as normal. A rare bad session is not seen by five or ten, and
a PASS then is as likely as that none was among them.

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


def measure(quick: bool) -> Iterator[Figure]:
    """Yield the figures of the family."""
    yield from session_errors(quick)


if __name__ == "__main__":
    main("sessions", measure)
