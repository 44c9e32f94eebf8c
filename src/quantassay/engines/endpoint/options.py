"""What a rubric says of a server."""

from __future__ import annotations

from dataclasses import dataclass, field

MODES = ("completion", "chat")
OUTPUTS = ("text", "choices", "loglikelihood")


@dataclass(frozen=True)
class EndpointOptions:
    """Options of the engine ``endpoint``.

    Parameters
    ----------
    url
        The server's base, such as ``http://localhost:8000/v1``.
    model
        The model's name there.
    mode
        Which of the server's two ways of asking is used.
    output
        What comes back: text that is generated, the score of each of ``choices`` as the next
        token, or the log-likelihood of a continuation (fed a context and the continuation).
    choices
        The answers to choose from, each a token: ``[A, B, C, D]``.
    system
        Text that goes before every sample.
    max_tokens
        Where generated text ends at the latest.
    stop
        Texts at which it ends.
    temperature
        How far tokens are drawn from the likeliest; 0 takes that.
    seed
        Of that draw; sent to the server, which may not heed it.
    top_logprobs
        How many of the likeliest tokens the server is asked to list.
    concurrency
        How many samples are sent at a time.
    retries
        How often a request that failed is repeated.
    timeout
        How many seconds a request may take.
    key_env
        The environment variable that holds the server's key; the key never stands in a rubric.
    """

    url: str
    model: str
    mode: str = field(default="completion", metadata={"choices": MODES})
    output: str = field(default="text", metadata={"choices": OUTPUTS})
    choices: tuple[str, ...] = ()
    system: str | None = None
    max_tokens: int = field(default=16, metadata={"least": 1})
    stop: tuple[str, ...] = ()
    temperature: float = field(default=0.0, metadata={"least": 0})
    seed: int = 0
    top_logprobs: int = field(default=20, metadata={"least": 1})
    concurrency: int = field(default=8, metadata={"least": 1})
    retries: int = field(default=3, metadata={"least": 0})
    timeout: float = field(default=60.0, metadata={"least": 0.001})
    key_env: str | None = None
