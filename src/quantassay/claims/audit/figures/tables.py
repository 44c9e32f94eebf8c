"""Pairs of scores that a table states: reference and candidate of one row or of one column."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from .figure import Figure, Pair
from .grid import Spot
from .headers import role
from .variants import Side, Variant, rest, variant

PAIRED = ("score", "latency", "throughput", "size")
_STATED = ("loss", "delta", "recovery")


def table_pairs(spots: tuple[Spot, ...]) -> list[Pair]:
    """Return the pairs of a table; variants name its columns or its rows."""
    halved = [pair for pair in map(_halved, spots) if pair is not None]
    if halved:
        return halved
    columns = {spot.column: spot.column_label for spot in spots}
    scores = {spot.column: spot.column_label for spot in spots if spot.figure.role in PAIRED}
    sides = _beside_losses(_sides(scores), scores, spots)
    if "candidate" in sides.values() or _delta_only(spots, sides):
        return _across(spots, columns, sides)
    return _down(spots)


def _halved(spot: Spot) -> Pair | None:
    """Return the two scores that one cell gives."""
    first, second = spot.figure, spot.aside
    if second is None or second.role not in PAIRED or first.variant is None:
        return None
    label = spot.row_label or spot.column_label
    first, second = replace(first, label=label), replace(second, label=label)
    return Pair(first, second) if first.variant.side == "reference" else Pair(second, first)  # type: ignore[union-attr]


def _beside_losses(
    sides: dict[int, Side], scores: dict[int, str], spots: tuple[Spot, ...]
) -> dict[int, Side]:
    """Return the sides of columns; unnamed ones with a loss behind each are the candidates'."""
    if "candidate" in sides.values() or "reference" not in sides.values():
        return sides
    losses = {spot.column for spot in spots if spot.figure.role in _STATED}
    mine = [column for column in scores if column not in sides and column + 1 in losses]
    return {**sides, **dict.fromkeys(mine, "candidate")}


def _delta_only(spots: tuple[Spot, ...], sides: dict[int, Side]) -> bool:
    """Return whether a table gives the reference and its loss, and no candidate."""
    stated = any(spot.figure.role in _STATED for spot in spots)
    return stated and "reference" in sides.values()


def _sides(labels: dict[int, str]) -> dict[int, Side]:
    """Return the side that each label names.

    One that is a candidate's without its format is its reference, and so is the other of two.
    """
    sides: dict[int, Side] = {}
    for key, label in labels.items():
        found = variant(label)
        if found is not None:
            sides[key] = found.side
    bases = {rest(labels[key]) for key, side in sides.items() if side == "candidate"} - {""}
    for key, label in labels.items():
        if key not in sides and label.strip() and rest(label) in bases:
            sides[key] = "reference"
    unnamed = [key for key, label in labels.items() if key not in sides and label.strip()]
    if len(labels) == 2 and len(unnamed) == 1 and "candidate" in sides.values():
        sides[unnamed[0]] = "reference"
    return sides


def _across(spots: tuple[Spot, ...], columns: dict[int, str], sides: dict[int, Side]) -> list[Pair]:
    """Return pairs of columns, row by row."""
    rows: dict[int, dict[int, Spot]] = defaultdict(dict)
    for spot in spots:
        rows[spot.row][spot.column] = spot
    candidates = [column for column, side in sides.items() if side == "candidate"]
    matched = {column: _match(column, columns, sides) for column in candidates}
    pairs = []
    for row in rows.values():
        stated = [spot for spot in row.values() if spot.figure.role in _STATED]
        for column in candidates:
            if column in row and row[column].figure.role in PAIRED:
                pairs.append(_pair(row, matched[column], column, stated, len(candidates) == 1))
        if not candidates:
            pairs += [_alone(row, column, stated) for column in sides if column in row]
    return _with_rows(rows, [pair for pair in pairs if pair is not None])


def _with_rows(rows: dict[int, dict[int, Spot]], pairs: list[Pair]) -> list[Pair]:
    """Give the average's pair the recovery that a row of its own states in the same column."""
    said = {
        column: spot.figure
        for row in rows.values()
        for column, spot in row.items()
        if spot.figure.role == "recovery" and role(spot.row_label) == "recovery"
    }
    places = {spot.figure.start: column for row in rows.values() for column, spot in row.items()}
    given = []
    for pair in pairs:
        one = pair.candidate
        column = places.get(one.start) if one and one.average and pair.both else None
        stated = said.get(column) if column is not None and pair.stated is None else None
        given.append(replace(pair, stated=stated) if stated else pair)
    return given


def _match(column: int, labels: dict[int, str], sides: dict[int, Side]) -> int | None:
    """Return the reference column of a candidate's: of the same words otherwise, or the only."""
    references = [key for key, side in sides.items() if side == "reference"]
    same = [key for key in references if rest(labels[key]) == rest(labels[column])]
    before = [key for key in same if key < column]
    if same:
        return before[-1] if before and len(same) > 2 else same[0]
    return references[0] if len(references) == 1 else None


def _pair(
    row: dict[int, Spot], reference: int | None, column: int, stated: list[Spot], only: bool
) -> Pair | None:
    candidate = row[column]
    base = row.get(reference) if reference is not None else None
    if base is not None and base.figure.role != candidate.figure.role:
        return None
    said = _said(candidate, stated, only) if candidate.figure.role == "score" else None
    if base is None and said is None:
        return None
    label = candidate.row_label or candidate.column_label
    return Pair(
        _sided(base, "reference", label) if base else None,
        _sided(candidate, "candidate", label),
        said,
    )


def _said(candidate: Spot, stated: list[Spot], only: bool) -> Figure | None:
    """Return the loss stated for a candidate.

    It stands in its cell, in the only such column, or in the next column where the table has
    several candidates.
    """
    if candidate.aside is not None and candidate.aside.role in _STATED:
        return candidate.aside
    stated = [spot for spot in stated if _one_metric(spot, candidate)]
    named = [spot for spot in stated if _same_words(spot.column_label, candidate.column_label)]
    if len(named) == 1:
        return named[0].figure
    if only and len(stated) == 1:
        return stated[0].figure
    beside = [spot for spot in stated if spot.column == candidate.column + 1]
    return beside[0].figure if beside and not only else None


def _one_metric(stated: Spot, candidate: Spot) -> bool:
    """Return whether a stated loss names no other metric than the score does."""
    one, other = stated.figure.metric, candidate.figure.metric
    return not one or not other or one == other


def _same_words(one: str, other: str) -> bool:
    first, second = variant(one), variant(other)
    return first is not None and second is not None and first.words == second.words


def _alone(row: dict[int, Spot], column: int, stated: list[Spot]) -> Pair | None:
    """Return a reference with its stated loss, where the table has no candidate."""
    reference = row[column]
    if len(stated) != 1 or reference.figure.role != "score":
        return None
    return Pair(_sided(reference, "reference", reference.row_label), None, stated[0].figure)


def _down(spots: tuple[Spot, ...]) -> list[Pair]:
    """Return pairs of rows, column by column."""
    labels = {spot.row: spot.row_label for spot in spots}
    sides = _sides(labels)
    cells = {(spot.row, spot.column): spot for spot in spots}
    matched = {key: _row_match(key, labels, sides) for key in sides if sides[key] == "candidate"}
    references = [key for key, side in sides.items() if side == "reference"]
    only = references[0] if len(references) == 1 else None
    rows: dict[int, list[Spot]] = defaultdict(list)
    for spot in spots:
        rows[spot.row].append(spot)
    pairs = []
    for spot in spots:
        if spot.figure.role not in PAIRED or sides.get(spot.row) == "reference":
            continue
        said = _row_said(spot, rows[spot.row])
        above = matched.get(spot.row, only if said else None)
        base = cells.get((above, spot.column)) if above is not None else None
        if (base or said) and (base is None or base.figure.role == spot.figure.role):
            label = spot.column_label
            reference = _sided(base, "reference", label) if base else None
            pairs.append(Pair(reference, _sided(spot, "candidate", label), said))
    return pairs


def _row_match(row: int, labels: dict[int, str], sides: dict[int, Side]) -> int | None:
    """Return the reference row of a candidate's: of the same words otherwise, or the only one."""
    references = [key for key, side in sides.items() if side == "reference"]
    same = [key for key in references if rest(labels[key]) == rest(labels[row])]
    if same:
        above = [key for key in same if key < row]
        return above[-1] if above and len(same) > 2 else same[0]
    return references[0] if len(references) == 1 else None


def _row_said(spot: Spot, row: list[Spot]) -> Figure | None:
    """Return the loss stated for a score, in its cell or in the one such column of its row.

    A column counts where the row has one score, or this one is the average.
    """
    if spot.figure.role != "score":
        return None
    if spot.aside is not None and spot.aside.role in _STATED:
        return spot.aside
    stated = [one.figure for one in row if one.figure.role in _STATED]
    scores = [one for one in row if one.figure.role == "score"]
    averages = [one for one in scores if one.figure.average]
    belongs = len(scores) == 1 or (len(averages) == 1 and averages[0] is spot)
    return stated[0] if belongs and len(stated) == 1 else None


def _sided(spot: Spot, side: Side, label: str) -> Figure:
    """Return the figure with its side, and the words of what was scored."""
    names = (spot.column_label, spot.row_label)
    found = next((one for one in map(variant, names) if one and one.side == side), None)
    return replace(spot.figure, variant=found or Variant(side, ""), label=label)
