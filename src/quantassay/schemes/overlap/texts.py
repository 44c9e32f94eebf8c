"""Texts that are nearly the same: other case or punctuation, some words changed or added."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Feeds = Mapping[str, NDArray[Any]]
Keys = NDArray[np.uint64]

WORDS, SHARED = 5, 0.6
#: below FEW runs every one must be shared, and below FEWEST the whole text
FEW, FEWEST = 8, 3
COMMON, COMMON_SHARE = 5, 0.01
_FACTORS = np.random.default_rng(5).integers(1, 2**63, WORDS, np.uint64) | np.uint64(1)
_WORD = re.compile(r"\w+")
_INSIDE = re.compile(r"['’]|(?<=\d)[,.](?=\d)")
_LONGEST_WORD = 20


class Shingles:
    """Close where a text holds most runs of five words of the other, the shorter one counted.

    Case and punctuation are ignored; a run that stands in over 1 % of the calibration texts, and in
    more than five, is a template and is not counted. Of the runs of the shorter text 60 % are
    shared; all where it has under eight. Texts of under seven words are close where all are the
    same. Memory grows with the calibration texts alone (Broder, On the resemblance and containment
    of documents, 1997).
    """

    def __init__(self, calibration: Feeds) -> None:
        texts = [_words(text) for text in _texts(calibration)]
        self._codes: dict[str, int] = {}
        for text in texts:
            for word in text:
                self._codes.setdefault(word, len(self._codes) + 1)
        self._whole = {tuple(text) for text in texts}
        runs = [np.unique(self._runs(text)) for text in texts]
        keys = np.concatenate(runs)
        owner = np.repeat(np.arange(len(texts)), [len(each) for each in runs])
        order = np.argsort(keys, kind="stable")
        distinct, counts = np.unique(keys, return_counts=True)
        template = distinct[counts > max(COMMON, COMMON_SHARE * len(texts))]
        kept = order[~np.isin(keys[order], template)]
        self._keys, self._owner, self._template = keys[kept], owner[kept], template
        self._sizes = np.bincount(self._owner, minlength=len(texts))
        self.compared = f"{SHARED:.0%} of runs of {WORDS} words shared, of the shorter text"

    def close(self, feeds: Feeds) -> NDArray[np.bool_]:
        """Return which samples are close to one that calibrates."""
        return np.array([self._is_close(_words(text)) for text in _texts(feeds)], np.bool_)

    def _is_close(self, words: Sequence[str]) -> bool:
        if tuple(words) in self._whole:
            return bool(words)
        runs = np.unique(self._runs(words))
        runs = runs[~np.isin(runs, self._template)]
        first = np.searchsorted(self._keys, runs, "left")
        last = np.searchsorted(self._keys, runs, "right")
        hits = np.flatnonzero(last > first)
        if not len(hits):
            return False
        owners = [self._owner[first[hit] : last[hit]] for hit in hits]
        shared = np.bincount(np.concatenate(owners), minlength=len(self._sizes))
        shorter = np.minimum(self._sizes, len(runs))
        needed = np.where(shorter >= FEW, SHARED * shorter, shorter)
        return bool(((shared >= needed) & (shorter >= FEWEST)).any())

    def _runs(self, words: Sequence[str]) -> Keys:
        """Return a key for every run; words that no calibration text has match nothing."""
        codes = np.array([self._codes.get(word, 0) for word in words], np.uint64)
        if len(codes) < WORDS:
            return np.empty(0, np.uint64)
        windows = np.lib.stride_tricks.sliding_window_view(codes, WORDS)
        keys = (windows * _FACTORS).sum(axis=1, dtype=np.uint64)
        unknown = (windows == 0).any(axis=1)
        # each its own, so that they count towards the length of the text
        keys[unknown] = np.uint64(2**63) + np.flatnonzero(unknown).astype(np.uint64)
        return np.asarray(keys, np.uint64)


def _texts(feeds: Feeds) -> list[str]:
    """Return one text a sample: all that it is fed, one after the other."""
    parts = [feeds[name].reshape(len(feeds[name]), -1).tolist() for name in sorted(feeds)]
    return [
        " ".join(_text(value) for part in row for value in part) for row in zip(*parts, strict=True)
    ]


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _words(text: str) -> list[str]:
    """Return the words; the characters of a script that writes none apart."""
    words = _WORD.findall(_INSIDE.sub("", text.casefold()))
    if len(text) > _LONGEST_WORD * max(1, len(words)):
        return [letter for word in words for letter in word]
    return words
