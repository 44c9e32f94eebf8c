"""Seconds for what runs a model many times, and whose turn it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from quantassay.errors import ArtifactError, DataError, PluginError

from ..progress import Progress
from .part import Part, together

REFUSALS = (ArtifactError, DataError, PluginError)


class Budget:
    """Seconds that may be spent; they run from the first time that anyone asks.

    Parameters
    ----------
    seconds
        All that there are.
    clock
        Tells the time in seconds.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds, self._clock = seconds, clock
        self._began: float | None = None

    @property
    def fresh(self) -> bool:
        """Whether nobody has asked yet."""
        return self._began is None

    def now(self) -> float:
        """Return the seconds spent so far."""
        time = self._clock()
        self._began = time if self._began is None else self._began
        return time - self._began

    def share(self, turns: int) -> float:
        """Return when a turn ends, if this one and those after it are so many, all alike."""
        now = self.now()
        return now + max(self.seconds - now, 0.0) / turns


@dataclass
class Queue:
    """Things of one kind that wait to be looked at.

    Attributes
    ----------
    title : str
        What is done to them, for people.
    names : sequence of str
        In the order in which they are taken.
    look : callable
        Looks at one, and keeps what it finds.
    part : callable
        Given whether all were looked at, returns what was found.
    """

    title: str
    names: Sequence[str]
    look: Callable[[str], None]
    part: Callable[[bool], Part]
    taken: int = 0
    refused: dict[str, list[str]] = field(default_factory=dict)

    @property
    def waiting(self) -> Sequence[str]:
        """Those that were not looked at."""
        return self.names[self.taken :]

    def left_out(self, budget: Budget) -> tuple[str, ...]:
        """Return who was not looked at, and why."""
        said = [f"{self.title}: {', '.join(names)}: {why}" for why, names in self.refused.items()]
        if self.waiting:
            said.append(
                f"{self.title}: {len(self.waiting)} of {len(self.names)} not looked at, since its "
                f"share of the budget of {budget.seconds:g} s was over: {', '.join(self.waiting)}"
            )
        return tuple(said)


def spend(budget: Budget, queue: Queue, turns: int, listen: Progress) -> Part:
    """Look at what waits until its share of the budget is over; return what was found, what not.

    What was begun is finished, and the very first of all is always taken.

    Parameters
    ----------
    budget
        Shared with those who come after.
    queue
        What waits.
    turns
        How many queues share what is left, this one counted.
    listen
        Told what is going on.
    """
    first, end = budget.fresh, budget.share(turns)
    while queue.waiting and (first or budget.now() < end):
        first = False
        _take(queue, listen)
    cut = bool(queue.waiting)
    return together([queue.part(not cut), Part(left_out=queue.left_out(budget), cut=cut)])


def _take(queue: Queue, listen: Progress) -> None:
    name = queue.waiting[0]
    listen.stage(f"{queue.title}: {name}")
    queue.taken += 1
    try:
        queue.look(name)
    except REFUSALS as error:
        queue.refused.setdefault(str(error), []).append(name)


def alternating(sizes: Mapping[str, tuple[Hashable, int]]) -> list[str]:
    """Return names so that the first few already say something about all kinds and places.

    Kinds take turns; within one the largest come first, and of those of a size the first, the last,
    the one halfway between, and so on.

    Parameters
    ----------
    sizes : mapping of str to (kind, int)
        Kind and size by name, in the order of the model.
    """
    kinds: dict[Hashable, dict[int, list[str]]] = {}
    for name, (kind, size) in sizes.items():
        kinds.setdefault(kind, {}).setdefault(size, []).append(name)
    rows = [
        [name for size in sorted(found, reverse=True) for name in _spread(found[size])]
        for found in kinds.values()
    ]
    rows.sort(key=lambda row: -sum(sizes[name][1] for name in row))
    return [name for turn in zip_longest(*rows) for name in turn if name is not None]


def _spread(names: Sequence[str]) -> Iterable[str]:
    """Return names from both ends, then from halfway between those that were taken."""
    order, gaps = dict.fromkeys([0, len(names) - 1]), [(0, len(names) - 1)]
    while gaps:
        low, high = gaps.pop(0)
        middle = (low + high) // 2
        if middle not in order:
            order[middle] = None
            gaps += [(low, middle), (middle, high)]
    return [names[at] for at in order]
