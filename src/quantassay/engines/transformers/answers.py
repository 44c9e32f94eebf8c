"""What a model answers: embeddings, classes, next tokens, log-likelihoods or texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .answering import Answering, Batch, Rows
from .folder import ModelFolder
from .likelihoods import Choices, Loglikelihood
from .options import TransformersOptions, require
from .tokens import Ids, Tokenizer, Tokens


class Embedding(Answering):
    """One vector a text (n, width), pooled from those of its tokens."""

    outputs = ("embedding",)
    cuts = True

    def __call__(self, batch: Batch) -> Rows:
        """Answer one batch."""
        tokens = self.tokens(batch)
        hidden = self.forward(tokens).last_hidden_state.float()
        pooled = self._pooled(hidden, tokens)
        if self.told["normalize"] == "True":
            pooled = self.torch.nn.functional.normalize(pooled, dim=1)
        return {"embedding": np.array(pooled.numpy())}

    def _pooled(self, hidden: Any, tokens: Tokens) -> Any:
        rows = self.torch.arange(len(tokens.ids))
        if self.told["pooling"] == "mean":
            weight = self.torch.from_numpy(tokens.mask).unsqueeze(-1).to(hidden.dtype)
            return (hidden * weight).sum(1) / weight.sum(1)
        first = np.argmax(tokens.mask, axis=1)
        place = first if self.told["pooling"] == "cls" else tokens.last
        return hidden[rows, self.torch.from_numpy(place)]


class Classification(Answering):
    """The logit of every class (n, classes)."""

    outputs = ("logits",)
    cuts = True

    def __call__(self, batch: Batch) -> Rows:
        """Answer one batch."""
        return {"logits": np.array(self.forward(self.tokens(batch)).logits.float().numpy())}


class Next(Answering):
    """The logits of the token after the text (n, vocabulary)."""

    outputs = ("logits",)

    def __call__(self, batch: Batch) -> Rows:
        """Answer one batch."""
        tokens = self.tokens(batch)
        rows = self.torch.arange(len(tokens.ids))
        found = self.logits(tokens)[rows, self.torch.from_numpy(tokens.last)]
        return {"logits": np.array(found.float().numpy())}


class Text(Answering):
    """Greedy text (n,): the most probable token each time, whatever the folder's settings."""

    outputs = ("text",)
    left = True

    def __call__(self, batch: Batch) -> Rows:
        """Answer one batch."""
        (library,) = require("transformers")
        tokens = self.tokens(batch)
        own, native = self.model.generation_config, self.tokenizer.native
        ends = own.eos_token_id if own.eos_token_id is not None else native.eos_token_id
        plain = library.GenerationConfig(
            do_sample=False,
            num_beams=1,
            max_new_tokens=int(self.told["max_new_tokens"]),
            bos_token_id=own.bos_token_id,
            eos_token_id=ends,
            pad_token_id=native.pad_token_id or 0,
        )
        made: Ids = self.model.generate(
            input_ids=self.torch.from_numpy(tokens.ids),
            attention_mask=self.torch.from_numpy(tokens.mask),
            generation_config=plain,
        ).numpy()
        return {"text": np.array(self.tokenizer.decode(made[:, tokens.ids.shape[1] :]), object)}


def answering_of(
    torch: Any,
    model: Any,
    tokenizer: Callable[[], Tokenizer],
    folder: ModelFolder,
    options: TransformersOptions,
    task: str,
) -> Answering:
    """Return what answers as asked."""
    kinds: dict[str, type[Answering]] = {
        "next": Next, "loglikelihood": Loglikelihood, "choices": Choices, "text": Text,
    }  # fmt: skip
    told = {"task": task}
    if task == "embedding":
        normalize = folder.normalize if options.normalize is None else options.normalize
        pooling = options.pooling or folder.pooling or "mean"
        told |= {"pooling": pooling, "normalize": str(normalize)}
        return Embedding(torch, model, tokenizer, folder.path, told)
    if task == "classification":
        return Classification(torch, model, tokenizer, folder.path, told)
    told |= {"output": options.output}
    if options.output == "text":
        told |= {"max_new_tokens": str(options.max_new_tokens)}
    return kinds[options.output](torch, model, tokenizer, folder.path, told)
