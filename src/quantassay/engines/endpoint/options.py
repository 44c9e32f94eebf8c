"""What a rubric says of a server."""

from __future__ import annotations

from dataclasses import dataclass, field

MODES = ("completion", "chat")
OUTPUTS = ("text", "choices", "loglikelihood")


@dataclass(frozen=True)
class EndpointOptions:
    """Options of the engine ``endpoint``.

    ``url`` is the server's base, such as ``http://localhost:8000/v1``; ``model`` its name there.
    ``output`` is what comes back: ``text`` that is generated, the score of each of ``choices`` as
    the next token, or the ``loglikelihood`` of a continuation. ``key_env`` names the environment
    variable that holds the server's key: the key itself never stands in a rubric.
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
