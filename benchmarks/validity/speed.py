"""A declared speed-up, from randomized blocks on a machine that does other things as well.

Every variant does the same work once in each of K blocks, in random order; the candidate is really
as fast as declared, and `pass` or `fail` is said all the same. Loads come and go as a telegraph
process: while on, it halves the speed of whatever runs, so that it slows a part of a trial, a
trial, or several blocks, by how long it stays on and off (in trials of the reference). A variant
that needs a third of the time feels it for a third as long: its trials differ more, and logarithms
make it look a little faster than it is. Plain t on the log ratios errs on that side; the rule
allows for a bias of a sixteenth of the standard deviation of a block, and more where the two are
further apart. `run` asks the faster variants again and again, so that trials last as long as each
other; here they do the same work, which is harder.

No rule sees what did not happen: where one variant alone is slowed in a trial of twenty, ten blocks
often hold none of these.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import special

from quantassay.stats.speed import BIAS

from .record import Figure, main

ALPHA, DRAWS, SLOW, NOISE = 0.025, 8000, 2.0, 0.02
BLOCKS, MANY = (10, 20, 40), 100
ONE_SIDED = "speed_p_within, rare slow-downs of one variant alone"


@dataclass(frozen=True)
class Load:
    """How long a load stays on and off, in trials of the reference."""

    on: float
    off: float

    def __str__(self) -> str:
        return f"a load on for {self.on:g} trials, off for {self.off:g}"


LOADS = (
    Load(0.05, 0.05), Load(0.3, 0.3), Load(1, 1), Load(3, 3), Load(10, 10), Load(100, 100),
    Load(0.1, 3), Load(0.3, 3), Load(0.3, 10), Load(1, 10), Load(3, 30), Load(1, 50),
)  # fmt: skip


def measure(quick: bool) -> Iterator[Figure]:
    """Yield how often each rule errs."""
    draws = DRAWS // 8 if quick else DRAWS
    rng = np.random.default_rng(2026)
    for law, truth, logs in [*_without_load(rng, draws), *_under_load(rng, draws, quick)]:
        for side, sign in (("false PASS", 1), ("false FAIL", -1)):
            p = sign * (logs - truth)
            yield _figure(_named(sign), law, logs.shape[1], side, rejects(p, logs))
            if sign > 0:
                yield _figure("Student's t, for comparison", law, logs.shape[1], side, _plain(p))
    yield from _rare(rng, draws)


def _named(sign: int) -> str:
    return "speed_p_within" if sign > 0 else "speed_p_beyond"


def _figure(method: str, law: str, blocks: int, side: str, errs: np.ndarray) -> Figure:
    return Figure(method, law, blocks, 0.0, side, ALPHA, float(errs.mean()), ALPHA, draws=len(errs))


def _plain(away: np.ndarray) -> np.ndarray:
    """Return where t over the blocks rejects (draws,)."""
    blocks = away.shape[1]
    t = away.mean(axis=1) / (away.std(axis=1, ddof=1) / np.sqrt(blocks))
    return np.asarray(special.stdtr(blocks - 1, -t) <= ALPHA)


def rejects(away: np.ndarray, logs: np.ndarray) -> np.ndarray:
    """Return where `speed_p_within` is at most the level (draws,), all rows at once."""
    allowed = BIAS * (1 + np.abs(logs.mean(axis=1))) * logs.std(axis=1, ddof=1)
    return _plain(away - allowed[:, None])


Logs = tuple[str, float, np.ndarray]


def _without_load(rng: np.random.Generator, draws: int) -> Iterator[Logs]:
    """Yield log ratios (draws, K) of noise alone, heavy tails, and drift."""
    for blocks in BLOCKS:
        shape, truth = (draws, blocks, 2), np.log(1.2)
        heavy, slow = rng.standard_t(2, shape), np.log(5) * (rng.random(shape) < 0.05)
        wander = np.cumsum(rng.normal(0, 0.05, (draws, 2 * blocks)), axis=1)
        place = 2 * np.arange(blocks)[None, :, None] + _order(rng, draws, blocks, 2)
        rise = np.log(2) * place / (2 * blocks)
        for law, state in (
            ("log-normal times", rng.normal(0, 0.1, shape)),
            ("log times by t with 2 degrees of freedom", 0.05 * heavy),
            ("a trial of twenty takes five times as long", slow + rng.normal(0, 0.02, shape)),
            ("speed wanders from trial to trial", wander[np.arange(draws)[:, None, None], place]),
            ("speed halves from the first trial to the last", rise + rng.normal(0, 0.02, shape)),
        ):
            yield law, truth, truth + state[..., 0] - state[..., 1]


def _order(rng: np.random.Generator, draws: int, blocks: int, variants: int) -> np.ndarray:
    return np.asarray(rng.random((draws, blocks, variants)).argsort(axis=2))


def _under_load(rng: np.random.Generator, draws: int, quick: bool) -> Iterator[Logs]:
    settings = [(2, 1.0), (2, 1.2), (2, 1.5), (2, 3.0), (3, 1.5), (5, 1.5)]
    for load in LOADS[1::5] if quick else LOADS:
        for variants, ratio in settings:
            for blocks in (*BLOCKS, MANY) if variants == 2 else BLOCKS:
                others = np.linspace(0.5, 1.0, variants)[1:-1] if variants > 2 else ()
                work = np.array([1.0, 1 / ratio, *others])
                times = _times(rng, (draws, blocks), work, load)
                law = f"{load}; {variants} variants, the candidate {ratio:g} times as fast"
                yield law, float(np.log(ratio)), np.log(times[..., 0] / times[..., 1])


def _times(
    rng: np.random.Generator, shape: tuple[int, int], work: np.ndarray, load: Load
) -> np.ndarray:
    """Return seconds (draws, K, V) of work that goes on at half speed while the load is on."""
    draws, blocks = shape
    stays = np.array([load.off, load.on])
    on = (rng.random(draws) < load.on / (load.on + load.off)).astype(int)
    left = rng.exponential(stays[on])
    found = np.empty((draws, blocks, len(work)))
    for block in range(blocks):
        order = _order(rng, draws, 1, len(work))[:, 0]
        for turn in range(len(work)):
            own = order[:, turn]
            todo = work[own] * np.exp(NOISE * rng.standard_normal(draws))
            found[np.arange(draws), block, own] = _run(rng, todo, on, left, stays)
    return found


def _run(
    rng: np.random.Generator, todo: np.ndarray, on: np.ndarray, left: np.ndarray, stays: np.ndarray
) -> np.ndarray:
    """Return the seconds that the work takes (draws,); the load goes on where it then stands."""
    taken = np.zeros(len(todo))
    active = np.arange(len(todo))
    while len(active):
        need = todo[active] * np.where(on[active], SLOW, 1.0)
        ends = need <= left[active]
        step = np.where(ends, need, left[active])
        taken[active] += step
        left[active] -= step
        todo[active] -= step / np.where(on[active], SLOW, 1.0)
        active = active[~ends]
        on[active] ^= 1
        left[active] = rng.exponential(stays[on[active]])
    return taken


def _rare(rng: np.random.Generator, draws: int) -> Iterator[Figure]:
    """Slow the candidate alone in one trial of twenty; its mean ratio is the declared one."""
    law = "the candidate alone takes twice as long in one trial of twenty"
    for blocks in BLOCKS:
        logs = rng.normal(0, 0.02, (draws, blocks))
        logs = logs - np.log(2) * (rng.random((draws, blocks)) < 0.05)
        errs = rejects(logs + 0.05 * np.log(2), logs)
        yield _figure(ONE_SIDED, law, blocks, "false PASS", errs)


if __name__ == "__main__":
    main("speed", measure)
