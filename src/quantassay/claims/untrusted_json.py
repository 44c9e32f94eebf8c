"""JSON of a stranger: bounded in size, depth and digits, and without numbers that are none."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any, NoReturn

from quantassay.errors import DataError

MOST_BYTES = 64 << 20
#: no count of samples, bytes or operations takes more
DIGITS = 18


def parsed(path: Path, kind: str, digits: int = DIGITS) -> Any:
    """Return the values of a JSON file that is said to be of some kind, such as "a claim".

    Whole numbers have at most ``digits`` of them.

    Raises
    ------
    DataError
        If it cannot be read, is over 64 MiB, no JSON, or holds a number that is none.
    """

    def refuse(name: str) -> NoReturn:
        msg = f"{path}: {name} is no figure: {kind} says null, and why"
        raise DataError(msg)

    def countable(text: str) -> int:
        if len(text) > digits:
            msg = f"a number of {len(text)} digits"
            raise ValueError(msg)
        return int(text)

    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            msg = f"{path}: over {MOST_BYTES >> 20} MiB: too long for {kind}; is this data?"
            raise DataError(msg)
        return json.loads(
            content,
            object_pairs_hook=_unique,
            parse_constant=refuse,
            parse_float=_finite,
            parse_int=countable,
        )
    except OSError as error:
        msg = f"{path}: cannot be read: {os.strerror(error.errno or 0)}"
        raise DataError(msg) from None
    except RecursionError:
        msg = f"{path}: nested too deep for {kind}"
        raise DataError(msg) from None
    except ValueError as error:
        msg = f"{path}: not JSON ({str(error)[:120]}): name {kind} that quantassay wrote"
        raise DataError(msg) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        msg = "a key stands twice in one object"
        raise ValueError(msg)
    return found


def _finite(text: str) -> float:
    if math.isinf(float(text)):
        msg = f"{text[:40]} is too large for a figure"
        raise ValueError(msg)
    return float(text)
