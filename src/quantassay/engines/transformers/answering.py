"""How any model of the engine answers: a batch to tokens, tokens through the model."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from numpy.typing import NDArray

from ...errors import DataError
from .tokens import Tokenizer, Tokens, given_tokens, texts_of

Batch = Mapping[str, NDArray[Any]]
Rows = dict[str, NDArray[Any]]
TEXT = "text"


@dataclass
class Answering(ABC):
    """A model with its tokenizer, which is opened when a text comes.

    ``told`` are the options that decide what comes out.
    """

    torch: Any
    model: Any
    open_tokenizer: Callable[[], Tokenizer]
    path: Path
    told: Mapping[str, str] = field(default_factory=dict)

    inputs: ClassVar[tuple[str, ...]] = (TEXT,)
    outputs: ClassVar[tuple[str, ...]]
    cuts: ClassVar[bool] = False
    left: ClassVar[bool] = False

    @abstractmethod
    def __call__(self, batch: Batch) -> Rows:
        """Answer one batch."""

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """The folder's tokenizer."""
        return self.open_tokenizer()

    def tokens(self, batch: Batch) -> Tokens:
        """Turn a batch into tokens: of one column of text, or made elsewhere."""
        only = next(iter(batch.values())) if batch.keys() <= {"", TEXT} else None
        texts = None if only is None or only.ndim != 1 else texts_of(only)
        if texts is None:
            return given_tokens(batch, self.path)
        rows = self.tokenizer.cut(texts) if self.cuts else self.tokenizer.whole(texts)
        return self.tokenizer.padded(rows, left=self.left)

    def forward(self, tokens: Tokens, **more: Any) -> Any:
        """Run the model over tokens."""
        return self.model(
            input_ids=self.torch.from_numpy(tokens.ids),
            attention_mask=self.torch.from_numpy(tokens.mask),
            **more,
        )

    def logits(self, tokens: Tokens) -> Any:
        """Return the logits after every token (n, length, vocabulary); places skip padding."""
        if not tokens.mask.any(axis=1).all():
            msg = f"{self.path}: a text of a batch has no token: nothing comes after nothing"
            raise DataError(msg)
        places = self.torch.from_numpy(tokens.positions)
        return self.forward(tokens, position_ids=places, use_cache=False).logits
