"""The engine `endpoint` against llama.cpp's own OpenAI-compatible server."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import numpy as np
import pytest

from quantassay.engines.endpoint.engine import Endpoint, EndpointSession

from ..models.tiny_llama import prompts, tiny_llama

pytestmark = pytest.mark.long
PATIENCE = 60
MODEL = "a Llama of 0.4 M weights, trained on sums, behind llama-cpp-python's server"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the tiny Llama on the loopback."""
    pytest.importorskip("torch", reason="trains a Llama: make test-gguf")
    pytest.importorskip("llama_cpp.server", reason="needs llama-cpp-python[server]: make test-gguf")
    from ..models.tiny_gguf import write_gguf

    folder = tmp_path_factory.mktemp("served")
    model = write_gguf(tiny_llama(), folder / "tiny.gguf")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "llama_cpp.server", "--model", str(model), "--model_alias", "tiny",
        "--host", "127.0.0.1", "--port", str(port), "--logits_all", "true", "--n_ctx", "64",
        "--n_threads", "1", "--verbose", "false",
    ]  # fmt: skip
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait_for(f"http://127.0.0.1:{port}/v1", process, folder / "server.log")
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"{url}/models", timeout=1):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail(log.read_text()[-1000:])


@pytest.fixture
def opened(url: str) -> Iterator[Callable[..., EndpointSession]]:
    sessions: list[EndpointSession] = []

    def make(**options: object) -> EndpointSession:
        sessions.append(Endpoint.open(None, {"url": url, "model": "tiny", **options}))
        return sessions[-1]

    yield make
    for session in sessions:
        session.close()


@pytest.mark.combination(scheme=None, engine="endpoint", model=MODEL)
def test_a_server_writes_and_scores_the_same_answers(url: str, opened) -> None:
    asked = prompts("test").take(np.arange(60))
    writing = opened(max_tokens=1, concurrency=2)
    scoring = opened(output="choices", choices=list("0123456789"), concurrency=2)
    batch = {"": np.array(asked.texts)}
    written = writing.run(batch)["text"]
    scores = scoring.run(batch)["scores"]
    assert np.isfinite(scores).all()
    listed = np.array([str(best) for best in scores.argmax(axis=1)])
    assert (listed == np.char.strip(written)).mean() > 0.95
    right = np.char.strip(written) == asked.answers.astype(str)
    assert right[asked.questions == "s"].mean() > 0.9
    assert writing.use().provider == url


@pytest.mark.combination(scheme=None, engine="endpoint", model=MODEL)
def test_a_likelihood_is_that_of_the_tokens_of_the_continuation(opened) -> None:
    asked = prompts("test").take(np.arange(5))
    session = opened(output="loglikelihood")
    every = []
    for digit in range(10):
        texts = {"context": np.array(asked.texts), "continuation": np.full(5, str(digit))}
        every.append(session.run(texts)["loglikelihood"][:, 0])
    sums = np.exp(np.array(every)).sum(axis=0)
    assert (sums > 0.9).all()
    assert (sums <= 1 + 1e-5).all()
