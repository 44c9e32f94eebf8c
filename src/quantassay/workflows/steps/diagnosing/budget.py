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

    def now(self) -> float:
        """Return the seconds spent so far."""
        time = self._clock()
        self._began = time if self._began is None else self._began
        return time - self._began

    @property
    def over(self) -> bool:
        """Whether all are spent."""
        return self.now() >= self.seconds


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
        Returns what was found.
    """

    title: str
    names: Sequence[str]
    look: Callable[[str], None]
    part: Callable[[], Part]
    spent: float = 0.0
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
                f"{self.title}: {len(self.waiting)} of {len(self.names)} not looked at, since the "
                f"budget of {budget.seconds:g} s was over: {', '.join(self.waiting)}"
            )
        return tuple(said)


def spend(budget: Budget, queues: Sequence[Queue], listen: Progress) -> Part:
    """Look at what waits until the budget is over, and return what was found and what was not.

    The queue that took the least time so far comes next, so that a slow one does not keep the
    others from having any turn. What was begun is finished, and the very first is always taken.
    """
    first = True
    while waiting := [queue for queue in queues if queue.waiting]:
        if budget.over and not first:
            break
        first = False
        _take(budget, min(waiting, key=lambda queue: queue.spent), listen)
    parts = [queue.part() for queue in queues]
    left = [text for queue in queues for text in queue.left_out(budget)]
    return together([*parts, Part(left_out=tuple(left))])


def _take(budget: Budget, queue: Queue, listen: Progress) -> None:
    name, began = queue.waiting[0], budget.now()
    listen.stage(f"{queue.title}: {name}")
    queue.taken += 1
    try:
        queue.look(name)
    except REFUSALS as error:
        queue.refused.setdefault(str(error), []).append(name)
    queue.spent += budget.now() - began


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
