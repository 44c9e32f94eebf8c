"""Placements: where positives rank among the negatives, and negatives among the positives."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .arrays import Floats, scalar

Codes = NDArray[np.intp]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Placements:
    """Paired placements summed over the cells (G,); all that a comparison of two AUROC needs.

    Attributes
    ----------
    positives, negatives
        Samples of each class.
    reference, candidate
        Area under the ROC curve, 0 to 1; NaN where a class is empty.
    positive_square, negative_square
        Sum over the samples of one class of the squared difference of their placements.
    """

    positives: Floats
    negatives: Floats
    reference: Floats
    candidate: Floats
    positive_square: Floats
    negative_square: Floats

    @property
    def difference(self) -> Floats:
        """Candidate minus reference."""
        return self.candidate - self.reference

    def swapped(self) -> Placements:
        """Return the same with reference and candidate swapped."""
        return replace(self, reference=self.candidate, candidate=self.reference)


def area_under_roc(score: ArrayLike, positive: ArrayLike) -> Floats:
    """Return the area under the ROC curve: P(a positive outranks a negative), ties one half.

    Parameters
    ----------
    score
        Scores (n,), higher for the positive class.
    positive
        Whether each sample is a positive (n,).

    Returns
    -------
    Floats
        0 to 1; NaN where a class is empty.

    Raises
    ------
    ValueError
        If lengths differ, or a score is NaN.
    """
    return scalar(paired_placements(score, score, positive).reference[0])


def paired_placements(
    reference: ArrayLike,
    candidate: ArrayLike,
    positive: ArrayLike,
    cell: ArrayLike | None = None,
    cells: int = 1,
) -> Placements:
    """Return the placement sums of every cell, in one sort a side.

    Parameters
    ----------
    reference, candidate
        Scores (n,) of both sides, higher for the positive class; infinities rank at the ends.
    positive
        Whether each sample is a positive (n,).
    cell
        Cell of each sample (n,), 0 to ``cells`` - 1; a negative code: in none.
    cells
        Number of cells G.

    Returns
    -------
    Placements
        Arrays (G,).

    Raises
    ------
    ValueError
        If lengths differ, or a score is NaN.

    Notes
    -----
    Sun and Xu 2014, doi:10.1109/LSP.2014.2337313: placements from ranks, O(n log n).
    """
    truth, code, sides = inside(positive, cell, reference, candidate)
    return summed(truth, code, [shares(side, truth, code, cells) for side in sides], cells)


def summed(truth: Mask, code: Codes, right: list[Floats], cells: int) -> Placements:
    """Return the sums over cells of the placements (n,) of both sides."""
    counts, moved = class_counts(truth, code, cells), right[1] - right[0]

    def total(values: Floats, of: Mask) -> Floats:
        return np.asarray(np.bincount(code[of], values[of], cells), np.float64)

    with np.errstate(invalid="ignore", divide="ignore"):
        areas = [np.where(counts[0] > 0, total(side, truth) / counts[1], np.nan) for side in right]
    return Placements(
        counts[1], counts[0], *areas, *(total(moved**2, of) for of in (truth, ~truth))
    )


def class_counts(truth: Mask, code: Codes, cells: int) -> Floats:
    """Return the negatives and the positives of every cell (2, G)."""
    both = np.bincount(2 * code + truth, minlength=2 * cells)
    return both.astype(np.float64).reshape(cells, 2).T


def shares(score: Floats, truth: Mask, code: Codes, cells: int) -> Floats:
    """Return for each sample the share (n,) of the other class of its cell that it is right of.

    A positive is right of the negatives below it, a negative of the positives above it.
    """
    counts = class_counts(truth, code, cells)
    order = _order(score, code)
    said, cell = truth[order], code[order]
    first = np.cumsum(counts, axis=1) - counts
    other = 1 - said
    whole = counts[other, cell]
    below = _below(said, _ties(score[order], cell)) - first[other, cell]
    found = np.empty(len(order))
    found[order] = np.where(said, below, whole - below) / np.maximum(whole, 1)
    return found


def _ties(score: Floats, cell: Codes) -> Codes:
    """Return where runs of equal scores within one cell start."""
    new = np.ones(len(score), bool)
    new[1:] = (score[1:] != score[:-1]) | (cell[1:] != cell[:-1])
    return np.flatnonzero(new)


def _below(said: Mask, start: Codes) -> Floats:
    """Return how many of the other class come before each sample, ties counted half."""
    through = np.concatenate([[0], np.cumsum(said)])
    edges = np.append(start, len(said))
    positives, both = through[edges[:-1]] + through[edges[1:]], edges[:-1] + edges[1:]
    if len(start) < len(said):
        width = np.diff(edges)
        positives, both = np.repeat(positives, width), np.repeat(both, width)
    return np.asarray(np.where(said, both - positives, positives) / 2, np.float64)


def _order(score: Floats, code: Codes) -> Codes:
    """Return the order by cell, then score; cells by counting where their codes are short."""
    order = np.argsort(score)
    if not len(code) or code.max() == code.min():
        return order
    short = code.astype(np.uint16) if code.max() < 2**16 else code
    return order[np.argsort(short[order], kind="stable")]


def inside(
    positive: ArrayLike, cell: ArrayLike | None, *rows: ArrayLike
) -> tuple[Mask, Codes, list[Floats]]:
    """Return classes, cells and further rows of the samples that lie in a cell.

    Raises
    ------
    ValueError
        If lengths differ, or a number is NaN.
    """
    truth = np.asarray(positive, bool)
    code = np.zeros(truth.shape, np.intp) if cell is None else np.asarray(cell, np.intp)
    sides = [np.asarray(row, np.float64) for row in rows]
    if truth.ndim != 1 or {code.shape, *(side.shape for side in sides)} != {truth.shape}:
        msg = "scores, classes and cells are rows (n,) of one length"
        raise ValueError(msg)
    if any(np.isnan(side).any() for side in sides):
        msg = "a score that is not a number has no rank"
        raise ValueError(msg)
    held = code >= 0
    if held.all():
        return truth, code, sides
    return truth[held], code[held], [side[held] for side in sides]
