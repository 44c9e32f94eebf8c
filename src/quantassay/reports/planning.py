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
    if any(cell.size != cell.n for cell in planned.cells):
        console.print(
            "* clusters of the largest size, or positives of the rarest class, not samples"
        )
    console.print(
        "floor: the least size that could pass; needed: the size for the power wanted; detects: "
        "the smallest loss that this size would find; power: of a PASS at this size"
    )
    for text in planned.assumptions:
        console.print(f"assumed: {text}")


def _table(planned: Planned, index: int, share: float) -> object:
    from rich import box
    from rich.table import Table

    table = Table(
        title=f"at a discordance of {share:.1%}",
        box=box.SIMPLE_HEAD,
        title_justify="left",
        padding=(0, 1, 0, 0),
    )
    table.add_column("metric", no_wrap=True)
    table.add_column("stratum", overflow="fold")
    for name in ("margin", "size", "floor", "needed", "detects", "power"):
        table.add_column(name, justify="right", no_wrap=name not in ("needed", "detects", "power"))
    for cell in planned.cells:
        table.add_row(*_row(cell, cell.outlooks[index]))
    return table


def _row(cell: PlannedCell, outlook: Outlook) -> list[str]:
    return [
        cell.metric,
        stratum_label(cell.stratum),
        f"{cell.margin:g}" + ("" if cell.role == "gate" else " (watch)"),
        f"{cell.size:.0f}" + ("" if cell.size == cell.n else "*"),
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
        console.print(
            f"can never pass: {cell.metric} @ {stratum_label(cell.stratum)} at {cell.margin:g}: "
            + ("no size suffices" if cell.floor is None else f"needs {cell.floor}, ")
            + ("" if cell.floor is None else f"has {cell.size:.0f}")
        )
    for share in shares:
        power = planned.overall[f"{share:g}"]
        words = "undefined: a gate cell has no power formula" if power is None else f"{power:.2f}"
        console.print(f"power of the overall PASS at discordance {share:.1%}: {words}")
