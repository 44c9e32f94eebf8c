"""The options of the transformers engine, and the packages that it needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from ...plugins.installed import installed

TASKS = ("causal", "embedding", "classification")
POOLINGS = ("mean", "cls", "last")
OUTPUTS = ("next", "loglikelihood", "choices", "text")
DTYPES = ("float32", "bfloat16", "float16")
COUNT = {"least": 1, "most": 1 << 24}


@dataclass(frozen=True)
class TransformersOptions:
    """Options of the engine ``transformers``.

    Parameters
    ----------
    threads
        Processor threads.
    task
        What the model is for; by default what the folder's architecture is.
    pooling
        Of tokens to an embedding; by default as a sentence-transformers folder says.
    normalize
        Whether embeddings get the length 1; by default as a sentence-transformers folder says.
    max_length
        Tokens of a text. Longer ones are cut for embeddings and classes, and refused else.
    dtype
        What weights and activations are held in.
    output
        Of causal models. ``next``: logits of the token after the text. ``loglikelihood``: of the
        input ``continuation`` after the input ``context``, the sum over its tokens, and their
        number. ``choices``: the sum for each of a list of continuations. ``text``: greedy text.
    max_new_tokens
        Where greedy text ends.
    """

    threads: int = field(default=1, metadata=COUNT)
    task: str | None = field(default=None, metadata={"choices": TASKS})
    pooling: str | None = field(default=None, metadata={"choices": POOLINGS})
    normalize: bool | None = None
    max_length: int | None = field(default=None, metadata=COUNT)
    dtype: str = field(default="float32", metadata={"choices": DTYPES})
    output: str = field(default="next", metadata={"choices": OUTPUTS})
    max_new_tokens: int = field(default=64, metadata=COUNT)


def require(*names: str) -> list[Any]:
    """Import modules, or say how to get them.

    Raises
    ------
    PluginError
        If one is not installed.
    """
    with installed("engine 'transformers'", "torch"):
        return [import_module(name) for name in names]
