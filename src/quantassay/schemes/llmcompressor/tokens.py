"""Calibration samples as tokens, without padding."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import DataError
from ..contract import Batches
from .model import has_tokenizer, require

MOST = 1 << 31
TAKEN = ("", "input_ids", "attention_mask")
Rows = list[NDArray[np.int64]]


def token_batches(
    calibration: Batches | None, reference: Path, scheme: str
) -> list[dict[str, NDArray[np.int64]]]:
    """Turn calibration batches into tokens, rows of one length together.

    Padding is left out: positions that the mask hides would set ranges too.

    Parameters
    ----------
    calibration : sequence of mappings of str to ndarray
        ``input_ids`` and ``attention_mask`` (n, length); or texts (n,), which the tokenizer of
        the reference's folder reads.

    Returns
    -------
    list of dict
        ``input_ids`` and ``attention_mask``, both (n, length).

    Raises
    ------
    DataError
        If there are none, or they are neither tokens nor texts.
    """
    if not calibration:
        msg = f"scheme {scheme!r} needs calibration samples: set 'calibration'"
        raise DataError(msg)
    found = []
    for batch in calibration:
        for _, rows in groupby(_rows(batch, reference), len):
            ids = np.stack(list(rows))
            found.append({"input_ids": ids, "attention_mask": np.ones_like(ids)})
    return found


def loader(batches: list[dict[str, NDArray[np.int64]]]) -> Any:
    """Return batches of tokens as a ``torch.utils.data.DataLoader``, in their order."""
    tensor = require("torch").from_numpy
    rows = [{name: tensor(array) for name, array in batch.items()} for batch in batches]
    return require("torch.utils.data").DataLoader(rows, batch_size=None)


def _rows(batch: Mapping[str, NDArray[Any]], reference: Path) -> Iterator[NDArray[np.int64]]:
    ids = batch.get("input_ids", batch.get(""))
    if ids is None or not batch.keys() <= set(TAKEN):
        names = ", ".join(repr(name) for name in batch)
        msg = f"{reference}: calibrates on texts, or on input_ids and attention_mask; got {names}"
        raise DataError(msg)
    if ids.dtype.kind in "OUT":
        rows = _tokenized([str(text) for text in ids], reference)
    elif ids.dtype.kind in "iu" and ids.ndim == 2:
        mask = batch.get("attention_mask", np.ones_like(ids))
        rows = [row[kept != 0].astype(np.int64) for row, kept in zip(ids, mask, strict=True)]
    else:
        msg = (
            f"{reference}: calibrates on texts or on whole numbers (samples, tokens); got "
            f"{ids.dtype} of shape {ids.shape}"
        )
        raise DataError(msg)
    words = _vocabulary(reference)
    for at, row in enumerate(rows):
        if not len(row) or not 0 <= row.min() <= row.max() < words:
            what = f"a token that is not from 0 to {words - 1}" if len(row) else "no token"
            msg = f"{reference}: sample {at} of a calibration batch has {what}"
            raise DataError(msg)
        yield row


def _vocabulary(reference: Path) -> int:
    """Return how many tokens a model knows; where it does not say, more than there can be."""
    try:
        said = json.loads((reference / "config.json").read_bytes()).get("vocab_size")
    except (ValueError, RecursionError, AttributeError):
        said = None
    return said if isinstance(said, int) else MOST


def _tokenized(texts: list[str], reference: Path) -> Rows:
    if not has_tokenizer(reference):
        msg = f"{reference}: has no tokenizer.json to read texts with; calibrate on input_ids"
        raise DataError(msg)
    tokenizer = require("transformers").AutoTokenizer.from_pretrained(
        reference, local_files_only=True, trust_remote_code=False
    )
    return [np.asarray(tokenizer(text)["input_ids"], np.int64) for text in texts]
