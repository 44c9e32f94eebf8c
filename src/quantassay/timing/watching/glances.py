"""Looks at the machine every half second or more, while trials go on between them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from .processor_state import frequency, held_back, temperature
from .processor_time import ROOT, processor_time

#: seconds; system counters move in steps of 10 ms, so shorter stretches say little
STRETCH, SHORTEST = 0.5, 0.1
#: a look may take this part of the time between two
SHARE = 0.02


@dataclass(frozen=True)
class Stretch:
    """Seconds between two looks, and of processor time in them.

    ``own`` is of this process and its children, ``others`` of all other processes; it is below 0
    where the system counts less than this process used. ``stolen``: None where that is not told.
    """

    seconds: float
    own: float
    others: float
    stolen: float | None


class Glances:
    """What was seen so far, in order of time.

    Attributes
    ----------
    stretches : list of Stretch
    megahertz, celsius : list of float
        Empty where ``frequency`` or ``temperature`` says why.
    frequency, temperature : str
        Where they come from, or why there are none.
    before, after : HeldBack
        Counters when the first trial began, and when the last look was.
    """

    def __init__(self, root: Path = ROOT) -> None:
        self._root = root
        self._begun, self._cost = False, 0.0
        self._start()
        self.stretches: list[Stretch] = []
        self.megahertz: list[float] = []
        self.celsius: list[float] = []
        self.frequency = self.temperature = "nothing was timed"

    def begin(self) -> None:
        """Start from here the first time that this is called: what went before is of no trial."""
        if not self._begun:
            self._start()
            self._begun = True

    def _start(self) -> None:
        self.before = self.after = held_back(self._root)
        self._last, self._at = processor_time(self._root), time.perf_counter()
        self._first = self._at

    @property
    def seconds(self) -> float:
        """From the first trial to the last look."""
        return self._at - self._first

    def look(self, least: float = STRETCH) -> None:
        """Look, where enough time has gone by since the last time."""
        started = time.perf_counter()
        if started - self._at < max(least, self._cost / SHARE):
            return
        self._note_state()
        self._note_time()
        self.after = held_back(self._root)
        self._at = time.perf_counter()
        self._cost = self._at - started

    def _note_state(self) -> None:
        # first of all, while the processor is as the trial left it
        megahertz, self.frequency = frequency(self._root)
        celsius, self.temperature = temperature(self._root)
        self.megahertz += [] if megahertz is None else [megahertz]
        self.celsius += [] if celsius is None else [celsius]

    def _note_time(self) -> None:
        last, here = self._last, processor_time(self._root)
        self._last = here
        if last is None or here is None:
            return
        own = here.own - last.own
        told = last.stolen is not None and here.stolen is not None
        self.stretches.append(
            Stretch(
                seconds=here.at - last.at,
                own=own,
                others=here.busy - last.busy - own,
                stolen=(here.stolen or 0.0) - (last.stolen or 0.0) if told else None,
            )
        )
