"""Randomized complete blocks: ratios that survive a machine that drifts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

import numpy as np

from .contract import Driver, Trial, Workload
from .recording import Recording

MOST_QUERIES = 200_000
#: blocks where their number is not declared, and the seconds of a trial that it is chosen by
FEWEST, MOST, TRIAL = 10, 100, 0.05
#: a trial of so many queries asks one beforehand that is not timed: the caches hold another model
COLD = 10
Around = Callable[[str], AbstractContextManager[object]]


@dataclass(frozen=True)
class Plan:
    """How many blocks, what a trial asks, and the seed of all orders.

    A trial asks ``queries`` of the workload, ``rounds`` times each, by variant: the faster one is,
    the more often, so that all trials last as long. ``first`` is the number of the first block:
    groups of variants share none.
    """

    blocks: int
    queries: int
    rounds: Mapping[str, int]
    seed: int
    first: int = 0


def planned(
    seconds: float,
    blocks: int | None,
    query_seconds: Mapping[str, float],
    seed: int,
    first: int = 0,
) -> Plan:
    """Return a plan by which all trials together last so many seconds, or one query each.

    ``query_seconds`` are those of one query, by variant; the others are as in `Plan`. Blocks that
    are not declared are as many as there is time for, up to a bound: two variants are nearer in
    time the shorter a block is, and see more of the same load.
    """
    slowest = max(*query_seconds.values(), 1e-9)
    if blocks is None:
        room = seconds / len(query_seconds) / max(slowest, TRIAL)
        blocks = int(np.clip(room, FEWEST, MOST))
    of_a_trial = seconds / blocks / len(query_seconds)
    queries = int(np.clip(of_a_trial / slowest, 1, MOST_QUERIES))
    most = MOST_QUERIES // queries
    rounds = {
        name: int(np.clip(of_a_trial / max(own, 1e-9) / queries, 1, most))
        for name, own in query_seconds.items()
    }
    return Plan(blocks, queries, rounds, seed, first)


def in_blocks(
    driver: Driver,
    sides: Mapping[str, Recording],
    workload: Workload,
    plan: Plan,
    around: Around = lambda variant: nullcontext(),
) -> dict[str, list[Trial]]:
    """Time all variants block by block: all asked the same queries, in random order.

    Parameters
    ----------
    driver
        Issues the queries.
    sides
        Every variant, by name.
    workload, plan
        What is asked, and how often. One block goes on in the workload where the last ended.
    around
        Makes what is entered before each trial of a variant and left after it.

    Returns
    -------
    dict
        Of each variant one trial a block, in the order of blocks.
    """
    random = np.random.default_rng([plan.seed, plan.first])
    names = list(sides)
    found: dict[str, list[Trial]] = {name: [] for name in names}
    for block, queries in enumerate(_queries(workload, plan), plan.first):
        seed = int(random.integers(2**31))
        for place, at in enumerate(random.permutation(len(names))):
            name = names[at]
            chosen = queries * plan.rounds[name]
            if len(chosen) >= COLD:
                sides[name].run(workload.queries[chosen[-1]])
            run = sides[name].run_for(chosen)
            with around(name):
                trial = driver.trial(name, run, workload, chosen, seed)
            found[name].append(replace(trial, block=block, place=place))
    return found


def _queries(workload: Workload, plan: Plan) -> Iterator[list[int]]:
    count = len(workload.queries)
    for block in range(plan.blocks):
        yield [(block * plan.queries + i) % count for i in range(plan.queries)]
