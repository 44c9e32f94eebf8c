"""How likely a model finds a continuation of a context, or each of several."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import DataError
from .answering import Answering, Batch, Rows


class Loglikelihood(Answering):
    """Of a continuation after its context: the sum of its tokens' log-probabilities, in nats.

    As lm-evaluation-harness does it: blanks between the two belong to the continuation, whose
    tokens are those that follow the context's in the tokens of both together; an empty context
    is the token that begins, or else ends, a text.
    """

    inputs = ("context", "continuation")
    outputs = ("loglikelihood",)

    def __call__(self, batch: Batch) -> Rows:
        """Answer one batch: sum and number of tokens (n, 2)."""
        contexts, continuations = self._pairs(batch)
        if continuations.ndim != 1:
            msg = f"{self.path}: a list of continuations: ask for 'output: choices'"
            raise DataError(msg)
        return {"loglikelihood": self._sums(contexts, continuations.tolist())}

    def _pairs(self, batch: Batch) -> tuple[NDArray[Any], NDArray[Any]]:
        found = [batch.get(name) for name in self.inputs]
        if any(one is None or one.dtype.kind not in "OU" for one in found) or len(batch) != 2:
            msg = (
                f"{self.path}: the inputs are the texts 'context' and 'continuation'; map them in "
                "'input: {context: column, continuation: column}'"
            )
            raise DataError(msg)
        context, continuation = (one for one in found if one is not None)
        return context, continuation

    def _sums(self, contexts: NDArray[Any], continuations: list[str]) -> NDArray[np.float64]:
        split = [
            self._split(str(context), str(continuation))
            for context, continuation in zip(contexts, continuations, strict=True)
        ]
        rows = [[*before, *after] for before, after in split]
        self.tokenizer.refuse_long(rows)
        tokens = self.tokenizer.padded(rows)
        logits = self.logits(tokens)
        return np.array(
            [
                (self._sum(logits[at, len(before) - 1 :], after), len(after))
                for at, (before, after) in enumerate(split)
            ],
            np.float64,
        ).reshape(-1, 2)

    def _sum(self, logits: Any, ids: list[int]) -> float:
        """Sum the log-probabilities of tokens, each from the logits before it."""
        chances = self.torch.log_softmax(logits[: len(ids)].double(), dim=-1)
        return float(chances[self.torch.arange(len(ids)), self.torch.tensor(ids)].sum())

    def _split(self, context: str, continuation: str) -> tuple[list[int], list[int]]:
        blanks = len(context) - len(context.rstrip())
        if blanks:
            context, continuation = context[:-blanks], context[-blanks:] + continuation
        if not context:
            before = [self._beginning()]
            after = self._plain(continuation)
        else:
            (before,) = self.tokenizer.whole([context])
            after = self.tokenizer.whole([context + continuation])[0][len(before) :]
            self._refuse_end(before)
        if not before or not after:
            msg = f"{self.path}: the continuation {continuation[:40]!r} adds no token"
            raise DataError(msg)
        return before, after

    def _refuse_end(self, ids: list[int]) -> None:
        if ids and ids[-1] == self.tokenizer.native.eos_token_id:
            msg = f"{self.path}: its tokenizer ends every text, so that nothing can follow one"
            raise DataError(msg)

    def _plain(self, text: str) -> list[int]:
        found: list[int] = self.tokenizer.native(text, add_special_tokens=False)["input_ids"]
        return found

    def _beginning(self) -> int:
        native = self.tokenizer.native
        for token in (native.bos_token_id, native.eos_token_id):
            if token is not None:
                return int(token)
        msg = f"{self.path}: a context is empty, and no token begins or ends a text"
        raise DataError(msg)


class Choices(Loglikelihood):
    """The sum for each of several continuations of a context (n, choices)."""

    outputs = ("choices",)

    def __call__(self, batch: Batch) -> Rows:
        """Answer one batch."""
        contexts, continuations = self._pairs(batch)
        if continuations.ndim != 2:
            msg = f"{self.path}: 'output: choices' takes a list of continuations for each context"
            raise DataError(msg)
        columns = [self._sums(contexts, column.tolist())[:, 0] for column in continuations.T]
        return {"choices": np.stack(columns, axis=1)}
