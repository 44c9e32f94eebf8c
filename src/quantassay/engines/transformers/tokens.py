"""From texts to arrays of tokens, padded so that the padding changes no answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import ArtifactError, DataError, reason

Ids = NDArray[np.int64]
PLENTY = 1 << 20


@dataclass(frozen=True)
class Tokens:
    """Token ids (n, length), and a mask (n, length) that is 1 where a token is no padding."""

    ids: Ids
    mask: Ids

    @property
    def last(self) -> Ids:
        """The place of each row's last token (n,)."""
        return np.asarray(self.mask.shape[1] - 1 - np.argmax(self.mask[:, ::-1], axis=1), np.int64)

    @property
    def positions(self) -> Ids:
        """Places counted over tokens alone (n, length)."""
        return np.maximum(np.cumsum(self.mask, axis=1) - 1, 0)


class Tokenizer:
    """The tokenizer of a model folder; ``native`` is that of transformers."""

    def __init__(self, native: Any, path: Path, limit: int | None) -> None:
        self.native, self._path, self.limit = native, path, limit

    def cut(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the tokens of texts, cut to the greatest length."""
        found: list[list[int]] = self.native(
            list(texts), truncation=self.limit is not None, max_length=self.limit, padding=False
        )["input_ids"]
        return found

    def whole(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the tokens of texts; one that is too long is an error, never cut.

        Raises
        ------
        DataError
            If a text has more tokens than the model takes.
        """
        found: list[list[int]] = self.native(list(texts), padding=False, verbose=False)["input_ids"]
        self.refuse_long(found)
        return found

    def refuse_long(self, rows: Sequence[Sequence[int]]) -> None:
        """Raise DataError where a row has more tokens than the model takes."""
        for at, ids in enumerate(rows):
            if self.limit is not None and len(ids) > self.limit:
                msg = (
                    f"{self._path}: the text in row {at} of a batch has {len(ids)} tokens, the "
                    f"model takes {self.limit}: shorten it, or set 'max_length'"
                )
                raise DataError(msg)

    def padded(self, rows: Sequence[Sequence[int]], *, left: bool = False) -> Tokens:
        """Pad rows of ids to one length; with left the padding stands before them."""
        width = max(1, *(len(ids) for ids in rows))
        ids = np.full((len(rows), width), self.native.pad_token_id or 0, np.int64)
        mask = np.zeros_like(ids)
        for at, own in enumerate(rows):
            part = slice(width - len(own), width) if left else slice(0, len(own))
            ids[at, part], mask[at, part] = own, 1
        return Tokens(ids, mask)

    def decode(self, ids: Ids) -> list[str]:
        """Return the texts of tokens (n, length), special ones left out."""
        found: list[str] = self.native.batch_decode(ids, skip_special_tokens=True)
        return found


def open_tokenizer(path: Path, auto: Any, limit: int | None, most: int | None) -> Tokenizer:
    """Load the tokenizer of a folder.

    Parameters
    ----------
    path
        The folder.
    auto
        ``transformers.AutoTokenizer``.
    limit, most
        Greatest length asked for, and the places that the model has; None: not known.

    Raises
    ------
    ArtifactError
        If there is none that needs no code of its own.
    """
    if not (path / "tokenizer.json").is_file():
        msg = f"{path}: no tokenizer.json: save the tokenizer there, or feed input_ids"
        raise ArtifactError(msg)
    try:
        native = auto.from_pretrained(
            path, trust_remote_code=False, local_files_only=True, use_fast=True
        )
    except Exception as error:
        msg = f"{path}: its tokenizer cannot be loaded: {reason(error, 200)}"
        raise ArtifactError(msg) from error
    said = getattr(native, "model_max_length", None)
    known = [each for each in (most, said) if isinstance(each, int) and 0 < each < PLENTY]
    return Tokenizer(native, path, limit or min(known, default=None))


def given_tokens(batch: Mapping[str, NDArray[Any]], where: Path) -> Tokens:
    """Read tokens that were made elsewhere: ``input_ids`` and ``attention_mask``.

    Raises
    ------
    DataError
        If they are not whole numbers of one shape (n, length), or a row has no token.
    """
    known = {"", "input_ids", "attention_mask"}
    ids = batch.get("input_ids", batch.get(""))
    if ids is None or not batch.keys() <= known:
        msg = f"{where}: the model takes text, or input_ids and attention_mask; got "
        raise DataError(msg + ", ".join(repr(name) for name in batch))
    mask = np.asarray(batch.get("attention_mask", np.ones_like(ids)))
    if ids.ndim != 2 or ids.shape != mask.shape or ids.dtype.kind not in "iu":
        msg = (
            f"{where}: input_ids and attention_mask are whole numbers (rows, tokens); they are "
            f"{ids.dtype} {ids.shape} and {mask.dtype} {mask.shape}"
        )
        raise DataError(msg)
    if not mask.any(axis=1).all():
        msg = f"{where}: row {int(np.argmin(mask.any(axis=1)))} of a batch has no token"
        raise DataError(msg)
    return Tokens(ids.astype(np.int64), (mask != 0).astype(np.int64))


def texts_of(array: NDArray[Any]) -> list[str] | None:
    """Return an array of text (n,) as a list; None of numbers."""
    return [str(each) for each in array] if array.dtype.kind in "OU" else None
