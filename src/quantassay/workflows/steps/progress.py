"""What a workflow tells about its progress; silent unless someone listens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Progress(Protocol):
    """Listens to the stages of a workflow."""

    def stage(self, text: str, total: int | None = None) -> Callable[[int], object]:
        """Begin a stage; the function returned is told how many of ``total`` are done."""
        ...


class Silent:
    """Listens to nothing."""

    def stage(self, text: str, total: int | None = None) -> Callable[[int], object]:
        """Begin a stage that no one hears of."""
        return lambda done: None
