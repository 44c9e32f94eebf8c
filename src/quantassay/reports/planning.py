"""A plan on the console."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..records.cells import stratum_label
from ..records.planned import Outlook, Planned, PlannedCell

if TYPE_CHECKING:
    from rich.console import Console


def render(planned: Planned, console: Console) -> None:
    """Print what every margin needs and what the test set can tell."""
    shares = [outlook.discordance for outlook in planned.cells[0].outlooks] if planned.cells else []
    level = (1 - planned.confidence) / 2
    console.print(
        f"{planned.rubric}: n {planned.n}, confidence {planned.confidence:g} two-sided "
        f"(alpha {level:g} a side), power wanted {planned.power:g}"
    )
    if not planned.cells:
        console.print("nothing to plan: no margin is declared")
        return
    for share in shares:
        console.print(_table(planned, shares.index(share), share))
    _conclusions(planned, shares, console)
    for text in planned.assumptions:
        console.print(f"assumed: {text}")


def _table(planned: Planned, index: int, share: float) -> object:
    from rich import box
    from rich.table import Table

    table = Table(title=f"discordance {share:.1%}", box=box.SIMPLE, title_justify="left")
    for name in ("metric", "stratum", "margin"):
        table.add_column(name)
    for name in ("size", "floor", "needed", "detectable", "power"):
        table.add_column(name, justify="right")
    for cell in planned.cells:
        table.add_row(*_row(cell, cell.outlooks[index]))
    return table


def _row(cell: PlannedCell, outlook: Outlook) -> list[str]:
    size = f"{cell.n}" if cell.size == cell.n else f"{cell.size:.0f} of n {cell.n}"
    return [
        cell.metric,
        stratum_label(cell.stratum),
        f"{cell.margin:g}" + ("" if cell.role == "gate" else " (watch)"),
        size,
        "none" if cell.floor is None else str(cell.floor),
        _or_why(None if outlook.needed is None else str(outlook.needed), outlook),
        _or_why(None if outlook.detectable is None else f"{outlook.detectable:.3g}", outlook),
        _or_why(None if outlook.power is None else f"{outlook.power:.2f}", outlook),
    ]


def _or_why(text: str | None, outlook: Outlook) -> str:
    return text if text is not None else outlook.why or "undefined"


def _conclusions(planned: Planned, shares: list[float], console: Console) -> None:
    never = [cell for cell in planned.cells if not cell.can_pass]
    for cell in never:
        need = "no size suffices" if cell.floor is None else f"needs {cell.floor}, has {cell.size:.0f}"
        console.print(
            f"can never pass: {cell.metric} @ {stratum_label(cell.stratum)} at {cell.margin:g}: {need}"
        )
    for share in shares:
        power = planned.overall[f"{share:g}"]
        words = "undefined: a gate cell has no power formula" if power is None else f"{power:.2f}"
        console.print(f"power of the overall PASS at discordance {share:.1%}: {words}")
