"""A model that llama.cpp has loaded: from text to tokens, from tokens to logits, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Running:
    """Runs one sequence of tokens at a time.

    Parameters
    ----------
    library : module
        ``llama_cpp``.
    native : llama_cpp.Llama
        The loaded model.
    """

    def __init__(self, library: Any, native: Any) -> None:
        self._library, self._native = library, native
        self.vocabulary = int(native.n_vocab())
        self.begins = int(native.token_bos())

    def tokens(self, text: str) -> list[int]:
        """Return the tokens of a text, with those that the file puts around each."""
        found: list[int] = self._native.tokenize(text.encode(), add_bos=True, special=True)
        return found

    def text(self, tokens: list[int], before: list[int]) -> str:
        """Return the text of tokens that came after others."""
        found: bytes = self._native.detokenize(tokens, prev_tokens=before)
        return found.decode(errors="replace")

    def begin(self, tokens: Sequence[int]) -> None:
        """Forget what ran before, and run over tokens."""
        self._native.reset()
        self._native.eval(tokens)

    def go_on(self, token: int) -> None:
        """Run over one more token."""
        self._native.eval([token])

    def ends(self, token: int) -> bool:
        """Return whether a token ends a text."""
        vocabulary = self._library.llama_model_get_vocab(self._native.model)
        return bool(self._library.llama_vocab_is_eog(vocabulary, token))

    def last(self) -> NDArray[np.float32]:
        """Return the logits after the last token (vocabulary,)."""
        found = self._library.llama_get_logits_ith(self._native.ctx, -1)
        return np.array(np.ctypeslib.as_array(found, (self.vocabulary,)))

    def every(self, start: int, stop: int) -> NDArray[np.float64]:
        """Return the logits after tokens ``start`` to ``stop`` (stop - start, vocabulary)."""
        found: NDArray[np.float32] = self._native.scores[start:stop]
        return found.astype(np.float64)
