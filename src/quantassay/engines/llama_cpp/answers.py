"""What a model answers through llama.cpp: next tokens, log-likelihoods or texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ...errors import DataError
from .options import LlamaCppOptions
from .running import Running

Batch = Mapping[str, NDArray[Any]]
Rows = dict[str, NDArray[Any]]
TOKENS = ("input_ids", "attention_mask")


@dataclass
class Answering:
    """A loaded model. Samples run one after the other, so none depends on who shares its batch."""

    model: Running
    path: Path
    limit: int
    options: LlamaCppOptions

    inputs: ClassVar[tuple[str, ...]] = ("text",)
    outputs: ClassVar[tuple[str, ...]]

    def __call__(self, batch: Batch) -> Rows:
        """Answer one batch."""
        answers = [self.answer(tokens) for tokens in self.rows(batch)]
        return {self.outputs[0]: self.stacked(answers)}

    def answer(self, tokens: list[int]) -> Any:
        """Answer one sample."""
        raise NotImplementedError

    @staticmethod
    def stacked(answers: list[Any]) -> NDArray[Any]:
        """Put answers together, a row a sample."""
        return np.stack(answers)

    def rows(self, batch: Batch) -> list[list[int]]:
        """Turn a batch into tokens: of one column of text, or made elsewhere; padding left out.

        Raises
        ------
        DataError
            If it is neither, or a row has no token or more than the model takes.
        """
        only = next(iter(batch.values())) if batch.keys() <= {"", "text"} else None
        if only is not None and only.ndim == 1 and only.dtype.kind in "OUT":
            return [self.tokenized(str(text)) for text in only]
        ids = batch.get(TOKENS[0], batch.get(""))
        if ids is None or not batch.keys() <= {"", *TOKENS}:
            names = ", ".join(repr(name) for name in batch)
            msg = f"{self.path}: the model takes text, or input_ids and attention_mask; got {names}"
            raise DataError(msg)
        mask = np.asarray(batch.get(TOKENS[1], np.ones_like(ids)))
        if ids.ndim != 2 or ids.shape != mask.shape or ids.dtype.kind not in "iu":
            msg = (
                f"{self.path}: input_ids and attention_mask are whole numbers (rows, tokens); they "
                f"are {ids.dtype} {ids.shape} and {mask.dtype} {mask.shape}"
            )
            raise DataError(msg)
        return [self.fitting(row[kept != 0].tolist()) for row, kept in zip(ids, mask, strict=True)]

    def tokenized(self, text: str) -> list[int]:
        """Return the tokens of a text, with those that the file puts around each."""
        return self.fitting(self.model.tokens(text))

    def fitting(self, tokens: list[int]) -> list[int]:
        """Refuse tokens that the model cannot take.

        Raises
        ------
        DataError
            If there are none, too many, or one that is not in its vocabulary.
        """
        if not 0 < len(tokens) <= self.limit:
            msg = (
                f"{self.path}: a text of a batch has {len(tokens)} tokens, the model takes 1 to "
                f"{self.limit}: shorten it, or set 'max_length'"
            )
            raise DataError(msg)
        if not 0 <= min(tokens) <= max(tokens) < self.model.vocabulary:
            msg = f"{self.path}: a token of a batch is not from 0 to {self.model.vocabulary - 1}"
            raise DataError(msg)
        return tokens


class Next(Answering):
    """The logits of the token after the text (n, vocabulary)."""

    outputs = ("logits",)

    def answer(self, tokens: list[int]) -> NDArray[np.float32]:
        """Answer one sample."""
        self.model.begin(tokens)
        return self.model.last()


class Text(Answering):
    """Greedy text (n,): the most probable token each time, until one that ends a text."""

    outputs = ("text",)

    def answer(self, tokens: list[int]) -> str:
        """Answer one sample."""
        self.model.begin(tokens)
        made: list[int] = []
        most = min(self.options.max_new_tokens, self.limit - len(tokens))
        while len(made) < most:
            best = int(np.argmax(self.model.last()))
            if self.model.ends(best):
                break
            made.append(best)
            self.model.go_on(best)
        return self.model.text(made, tokens)

    @staticmethod
    def stacked(answers: list[Any]) -> NDArray[Any]:
        """Put texts together."""
        return np.array(answers, object)


class Loglikelihood(Answering):
    """Of a continuation after its context: the sum of its tokens' log-probabilities, in nats.

    Blanks between the two belong to the continuation, whose tokens are those that follow the
    context's in the tokens of both together, as in lm-evaluation-harness.
    """

    inputs = ("context", "continuation")
    outputs = ("loglikelihood",)

    def __call__(self, batch: Batch) -> Rows:
        """Answer one batch: sum and number of tokens (n, 2)."""
        contexts, continuations = self.pairs(batch, 1)
        found = [self.sum(*pair) for pair in zip(contexts, continuations, strict=True)]
        return {"loglikelihood": np.array(found, np.float64)}

    def pairs(self, batch: Batch, dimensions: int) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return contexts (n,) and continuations, of one or of two dimensions."""
        context, continuation = (batch.get(name) for name in self.inputs)
        texts = all(one is not None and one.dtype.kind in "OUT" for one in (context, continuation))
        if context is None or continuation is None or not texts or len(batch) != 2:
            msg = (
                f"{self.path}: the inputs are the texts 'context' and 'continuation'; map them in "
                "'input: {context: column, continuation: column}'"
            )
            raise DataError(msg)
        if continuation.ndim != dimensions:
            wanted = "a list of continuations" if dimensions == 2 else "one continuation"
            msg = f"{self.path}: 'output: {self.outputs[0]}' takes {wanted} for each context"
            raise DataError(msg)
        return context, continuation

    def sum(self, context: str, continuation: str) -> tuple[float, int]:
        """Return the log-probability of one continuation, and how many tokens it has."""
        before, after = self.split(str(context), str(continuation))
        self.model.begin([*before, *after])
        logits = self.model.every(len(before) - 1, len(before) + len(after) - 1)
        top = logits.max(axis=1)
        norms = top + np.log(np.exp(logits - top[:, None]).sum(axis=1))
        return float((logits[np.arange(len(after)), after] - norms).sum()), len(after)

    def split(self, context: str, continuation: str) -> tuple[list[int], list[int]]:
        """Return the tokens of both.

        Raises
        ------
        DataError
            If the continuation adds no token.
        """
        blanks = len(context) - len(context.rstrip())
        if blanks:
            context, continuation = context[:-blanks], context[-blanks:] + continuation
        before = self.tokenized(context) if context else [self.model.begins]
        after = self.tokenized(context + continuation)[len(before) :]
        if not after:
            msg = f"{self.path}: the continuation {continuation[:40]!r} adds no token"
            raise DataError(msg)
        return before, after


class Choices(Loglikelihood):
    """The sum for each of several continuations of a context (n, choices)."""

    outputs = ("choices",)

    def __call__(self, batch: Batch) -> Rows:
        """Answer one batch."""
        contexts, continuations = self.pairs(batch, 2)
        found = [
            [self.sum(context, one)[0] for one in row]
            for context, row in zip(contexts, continuations, strict=True)
        ]
        return {"choices": np.array(found, np.float64)}


KINDS: dict[str, type[Answering]] = {
    "next": Next,
    "loglikelihood": Loglikelihood,
    "choices": Choices,
    "text": Text,
}
