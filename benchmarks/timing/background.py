"""A load on one core that goes on and off at random, for as long as a benchmark runs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

PROGRAM = """
import os, random, sys, time
core, mean, seed, parent = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), os.getppid()
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {core})
chance = random.Random(seed)
while os.getppid() == parent:
    time.sleep(min(chance.expovariate(1 / mean), 10 * mean))
    end = time.perf_counter() + min(chance.expovariate(1 / mean), 10 * mean)
    while time.perf_counter() < end:
        sum(range(1000))
"""


@contextmanager
def background(core: int | None, mean: float, seed: int) -> Iterator[None]:
    """Keep a core busy for random stretches, ``mean`` seconds each, and idle for as long.

    ``core`` None: no load.
    """
    if core is None:
        yield
        return
    words = [sys.executable, "-c", PROGRAM, str(core), str(mean), str(seed)]
    child = subprocess.Popen(words)
    try:
        yield
    finally:
        child.terminate()
        child.wait()


def stay_on(core: int | None) -> None:
    """Keep this process on one core; None: leave it to the system."""
    if core is not None:
        os.sched_setaffinity(0, {core})
