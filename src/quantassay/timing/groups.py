"""Which variants are open at the same time."""

from __future__ import annotations

from collections.abc import Mapping

#: a loaded model takes up more than its file: weights packed anew, activations
FACTOR = 3.0


def groups(reference: str, sizes: Mapping[str, int], room: float) -> list[list[str]]:
    """Return groups of variants that fit in memory together, the reference first in each.

    Parameters
    ----------
    reference
        Its name.
    sizes
        Bytes of each variant's file, 0 where it has none.
    room
        Bytes of memory that are free.

    Returns
    -------
    list of list of str
        One group where all fit. A candidate that fits nowhere has a group of its own.
    """
    found = [[reference]]
    taken = least = FACTOR * sizes[reference]
    for name, size in sizes.items():
        if name == reference:
            continue
        if taken + FACTOR * size > room and len(found[-1]) > 1:
            found.append([reference])
            taken = least
        found[-1].append(name)
        taken += FACTOR * size
    return found
