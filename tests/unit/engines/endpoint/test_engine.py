from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from quantassay import plugins
from quantassay.engines.endpoint.client import LONGEST_WAIT, _wait
from quantassay.engines.endpoint.engine import Endpoint
from quantassay.errors import DataError, PluginError
from quantassay.testing import check_engine

pytest.importorskip("httpx2", reason="httpx2 is not installed: make test")


@pytest.fixture
def opened(server):
    sessions = []

    def make(**options):
        options = {"url": server.url, "model": "tiny", **options}
        sessions.append(Endpoint.open(None, options))
        return sessions[-1]

    yield make
    for session in sessions:
        session.close()


def texts(*values):
    return {"": np.array(values)}


def test_it_is_registered_and_takes_no_file() -> None:
    assert plugins.load("engines", "endpoint") is Endpoint
    assert not Endpoint.takes_file
    with pytest.raises(PluginError, match="takes no model file"):
        Endpoint.open(Path("m.onnx"), {"url": "http://localhost/v1", "model": "m"})


def test_it_obeys_the_laws_of_engines(server) -> None:
    given = {"url": server.url, "model": "tiny"}
    check_engine(Endpoint, None, texts("one", "two", "three"), given)


@pytest.mark.parametrize("mode", ["completion", "chat"])
def test_texts_come_back_in_order(opened, server, mode) -> None:
    prompts = [f"sample {i}" for i in range(40)]
    found = opened(mode=mode).run(texts(*prompts))
    assert found["text"].tolist() == [prompt.upper() for prompt in prompts]
    sent = server.bodies[0]
    assert (sent["temperature"], sent["max_tokens"], sent["seed"]) == (0, 16, 0)


def test_as_many_at_a_time_as_asked(opened, server) -> None:
    together = threading.Barrier(3, timeout=20)
    answer = server.answer

    def meeting(body):
        together.wait()
        return answer(body)

    server.answer = meeting
    opened(concurrency=3).run(texts(*"abcdef"))
    assert server.most == 3


@pytest.mark.parametrize("mode", ["completion", "chat"])
def test_choices_are_scored_by_the_likeliest_token_that_reads_as_them(opened, mode) -> None:
    session = opened(mode=mode, output="choices", choices=["A", "B", "C"])
    found = session.run(texts("known", "unheard of"))["scores"]
    np.testing.assert_allclose(found[0], [-0.5, -1.0, -4.0])
    assert np.isnan(found[1]).all()


def test_the_likelihood_of_a_continuation_is_that_of_its_tokens(opened) -> None:
    batch = {"context": np.array(["ab"]), "continuation": np.array(["cd"])}
    found = opened(output="loglikelihood").run(batch)["loglikelihood"]
    assert found.tolist() == [[-float(ord("c") % 7) - float(ord("d") % 7)]]
    with pytest.raises(DataError, match="fed one text"):
        opened().run(batch)
    with pytest.raises(DataError, match="a context and its continuation"):
        opened(output="loglikelihood").run(texts("ab"))


def test_what_may_pass_is_asked_again(opened, server) -> None:
    server.failures = [503, 429]
    assert opened(retries=2, concurrency=1).run(texts("a"))["text"].tolist() == ["A"]
    assert len(server.bodies) == 3


@pytest.mark.parametrize(
    ("failures", "retries", "said", "asked"),
    [([503] * 3, 1, "answers 503 after 2 tries", 2), ([400] * 2, 5, "answers 400: ", 1)],
)
def test_what_keeps_failing_stops(opened, server, failures, retries, said, asked) -> None:
    server.failures = failures
    with pytest.raises(DataError, match=said) as caught:
        opened(retries=retries, concurrency=1).run(texts("a"))
    assert "row 0" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(server.bodies) == asked


@pytest.mark.parametrize(
    "answer",
    [{}, {"choices": []}, {"choices": [{"text": 3}]}, [], {"choices": [{"message": {}}]}],
)
def test_an_answer_without_what_was_asked_for_is_said(opened, server, answer) -> None:
    server.answer = lambda body: answer
    with pytest.raises(DataError, match="holds no text"):
        opened().run(texts("a"))


def test_a_number_that_no_float_holds_is_said(opened, server) -> None:
    told = {"top_logprobs": [{"A": -(10**400)}]}
    server.answer = lambda body: {"choices": [{"logprobs": told}]}
    with pytest.raises(DataError, match="holds no choices"):
        opened(output="choices", choices=["A", "B"]).run(texts("a"))


def test_text_that_no_file_can_hold_is_mended(opened, server) -> None:
    server.answer = lambda body: {"choices": [{"text": "half \ud800"}]}
    assert opened().run(texts("a"))["text"].tolist() == ["half ?"]


@pytest.mark.parametrize("asked", ["\u00b2", "9" * 400, "soon", "1e9", ""])
def test_a_wait_that_is_no_number_of_seconds_is_not_heeded(asked) -> None:
    assert _wait(0, asked) == 0.5
    assert _wait(0, "999999") == LONGEST_WAIT


def test_what_is_no_json_is_said(opened, server) -> None:
    session = opened()
    server.raw = b"<html>"
    with pytest.raises(DataError, match="no JSON"):
        session.run(texts("a"))


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(DataError, match="cannot be reached"):
        Endpoint.open(None, {"url": "http://127.0.0.1:9/v1", "model": "m", "retries": 0})


def test_a_model_that_is_not_served(opened) -> None:
    with pytest.raises(DataError, match="did you mean 'tiny'"):
        opened(model="tinny")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"url": "localhost:8000"}, "not like 'http"),
        ({"url": "http://me:secret@localhost/v1"}, "set 'key_env'"),
        ({"urls": "x"}, "did you mean 'url'"),
        ({"concurrency": 0}, "at least 1"),
        ({"mode": "talk"}, "one of completion, chat"),
        ({"key_env": "QUANTASSAY_NO_SUCH_KEY"}, "is not set"),
        ({"output": "choices"}, "go together"),
        ({"output": "loglikelihood", "mode": "chat"}, "needs 'mode: completion'"),
    ],
)
def test_options_that_cannot_be(options, said) -> None:
    with pytest.raises(PluginError, match=said):
        Endpoint.open(None, {"url": "http://127.0.0.1:9/v1", "model": "m", **options})


def test_options_that_are_missing() -> None:
    with pytest.raises(PluginError, match="needs the option 'model'"):
        Endpoint.open(None, {"url": "http://127.0.0.1:9/v1"})


def test_the_key_is_sent_and_never_told(opened, server, monkeypatch) -> None:
    monkeypatch.setenv("MY_KEY", "s3cret")
    session = opened(key_env="MY_KEY")
    session.run(texts("a"))
    assert server.headers[0]["authorization"] == "Bearer s3cret"
    assert "s3cret" not in repr(session.use())


def test_it_tells_what_the_server_tells(opened, server) -> None:
    use = opened().use()
    assert (use.engine, use.provider, use.threads) == ("endpoint", server.url, None)
    assert use.options["owned_by"] == "me"
    assert use.options["concurrency"] == "8"
    assert use.precisions == ()


def test_only_texts_are_sent(opened) -> None:
    with pytest.raises(DataError, match="is fed texts"):
        opened().run({"": np.zeros((2, 3))})
