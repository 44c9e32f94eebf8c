"""Progress bars on stderr: rate and time left."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self


class Bars:
    """Draws bars where stderr is a terminal, one line a stage elsewhere."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        self._terminal = sys.stderr.isatty()
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not self._terminal,
        )

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def stage(self, text: str, total: int | None = None) -> Callable[[int], object]:
        """Begin a stage."""
        if not self._terminal:
            with suppress(OSError):  # nobody listening is no reason to stop
                print(text, file=sys.stderr, flush=True)
            return lambda done: None
        for task in self._bars.task_ids:
            self._bars.update(task, visible=False)
        task = self._bars.add_task(text, total=total, rate="")

        def advance(done: int) -> None:
            speed = self._bars.tasks[task].speed
            rate = f"{speed:,.0f}/s" if speed else ""
            self._bars.update(task, completed=done, rate=rate)

        return advance
