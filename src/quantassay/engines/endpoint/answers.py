"""What is asked of a server for one sample, and how its answer reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ...errors import DataError, PluginError
from .options import EndpointOptions

Body = dict[str, Any]


class Answering(Protocol):
    """Asks for one sample and reads the answer; ``output`` names what comes out."""

    output: str

    def body(self, texts: Sequence[str]) -> Body:
        """Return the request for the texts of one sample."""
        ...

    def read(self, choice: Mapping[str, Any], texts: Sequence[str]) -> Any:
        """Return the answer to one sample.

        Raises
        ------
        KeyError, TypeError, IndexError, ValueError
            If the answer does not hold it.
        """
        ...

    def column(self, values: Sequence[Any]) -> NDArray[Any]:
        """Return the answers to all samples as one array."""
        ...


def answering(options: EndpointOptions) -> Answering:
    """Return how answers of the kind that is asked for are had.

    Raises
    ------
    PluginError
        If the options do not go together.
    """
    if (options.output == "choices") != bool(options.choices):
        msg = "engine 'endpoint': 'choices' and 'output: choices' go together"
        raise PluginError(msg)
    if options.output == "loglikelihood" and options.mode == "chat":
        msg = "engine 'endpoint': 'output: loglikelihood' needs 'mode: completion'"
        raise PluginError(msg)
    kinds: dict[str, type[Generated | Chosen | Continued]] = {
        "text": Generated,
        "choices": Chosen,
        "loglikelihood": Continued,
    }
    return kinds[options.output](options)


def _prompted(options: EndpointOptions, texts: Sequence[str]) -> Body:
    """Return the part of a request that every kind shares."""
    if len(texts) != 1:
        msg = f"engine 'endpoint' is fed one text a sample here, got {len(texts)} columns"
        raise DataError(msg)
    body: Body = {
        "model": options.model, "temperature": options.temperature, "seed": options.seed,
        "stream": False,
    }  # fmt: skip
    if options.stop:
        body["stop"] = list(options.stop)
    if options.mode == "completion":
        return {**body, "prompt": (options.system or "") + texts[0]}
    messages = [{"role": "user", "content": texts[0]}]
    if options.system is not None:
        messages.insert(0, {"role": "system", "content": options.system})
    return {**body, "messages": messages}


class Generated:
    """Text that the model writes."""

    output = "text"

    def __init__(self, options: EndpointOptions) -> None:
        self._options = options

    def body(self, texts: Sequence[str]) -> Body:
        """Ask for at most ``max_tokens`` tokens."""
        return {**_prompted(self._options, texts), "max_tokens": self._options.max_tokens}

    def read(self, choice: Mapping[str, Any], texts: Sequence[str]) -> str:
        """Return the text; '' where the server says that there is none."""
        text = (
            choice["text"] if self._options.mode == "completion" else choice["message"]["content"]
        )
        if text is not None and not isinstance(text, str):
            raise TypeError
        # half of a character in UTF-16, which JSON can hold and no file can
        whole = (text or "").encode("utf-8", "replace").decode()
        return whole.replace("\0", "")

    def column(self, values: Sequence[str]) -> NDArray[np.str_]:
        """Return texts (n,)."""
        return np.array(values, dtype=np.str_)


class Chosen:
    """The log-probability of each choice as the next token.

    One that is not among the likeliest that the server lists is put below them all; where none is
    listed, nothing is known, and all are NaN: the sample counts as failed.
    """

    output = "scores"

    def __init__(self, options: EndpointOptions) -> None:
        self._options = options

    def body(self, texts: Sequence[str]) -> Body:
        """Ask for one token, and for the likeliest ones in its place."""
        body = {**_prompted(self._options, texts), "max_tokens": 1}
        if self._options.mode == "completion":
            return {**body, "logprobs": self._options.top_logprobs}
        return {**body, "logprobs": True, "top_logprobs": self._options.top_logprobs}

    def read(self, choice: Mapping[str, Any], texts: Sequence[str]) -> list[float]:
        """Return a score for each choice; the likeliest token that reads as it counts."""
        listed = self._listed(choice["logprobs"])
        found: dict[str, float] = {}
        for token, logprob in listed:
            if np.isfinite(logprob):
                found[token.strip()] = max(logprob, found.get(token.strip(), -np.inf))
        wanted = [each.strip() for each in self._options.choices]
        if not set(wanted) & set(found):
            return [float("nan")] * len(wanted)
        below = min(found.values()) - 1.0
        return [found.get(each, below) for each in wanted]

    def _listed(self, told: Mapping[str, Any]) -> list[tuple[str, float]]:
        if self._options.mode == "completion":
            top = told["top_logprobs"][0]
            return [(str(token), float(logprob)) for token, logprob in top.items()]
        top = told["content"][0]["top_logprobs"]
        return [(str(one["token"]), float(one["logprob"])) for one in top]

    def column(self, values: Sequence[list[float]]) -> NDArray[np.float64]:
        """Return scores (n, choices)."""
        return np.array(values, np.float64)


class Continued:
    """The log-likelihood of a continuation: the sum over its tokens, given what is before it.

    A token that begins before the continuation and ends in it counts with the continuation.
    """

    output = "loglikelihood"

    def __init__(self, options: EndpointOptions) -> None:
        self._options = options

    def body(self, texts: Sequence[str]) -> Body:
        """Ask for the prompt's own log-probabilities."""
        if len(texts) != 2:
            msg = (
                "engine 'endpoint' is fed a context and its continuation: "
                "'input: {context: ..., continuation: ...}'"
            )
            raise DataError(msg)
        body = _prompted(self._options, ["".join(texts)])
        return {**body, "max_tokens": 1, "echo": True, "logprobs": 1}

    def read(self, choice: Mapping[str, Any], texts: Sequence[str]) -> float:
        """Return the sum, in nats; the token that the server adds is left out."""
        told = choice["logprobs"]
        begin = len(self._options.system or "") + len(texts[0])
        end = begin + len(texts[1])
        tokens = zip(told["tokens"], told["token_logprobs"], told["text_offset"], strict=True)
        inside = [
            logprob
            for token, logprob, offset in tokens
            if offset < end and offset + len(token) > begin
        ]
        if not inside or inside[0] is None:
            raise ValueError
        return float(sum(inside))

    def column(self, values: Sequence[float]) -> NDArray[np.float64]:
        """Return sums (n, 1)."""
        return np.array(values, np.float64)[:, None]
