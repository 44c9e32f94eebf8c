"""A small OpenAI-compatible server on the loopback, of which every answer is known."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


def upper(body):
    """Answer a prompt with its own text in capitals; tokens are single characters."""
    prompt = body.get("prompt") or body["messages"][-1]["content"]
    if body.get("echo"):
        told = {
            "tokens": [*prompt, "!"],
            "token_logprobs": [None, *(-float(ord(c) % 7) for c in prompt[1:]), -9.0],
            "text_offset": list(range(len(prompt) + 1)),
        }
        return {"choices": [{"text": prompt + "!", "logprobs": told}]}
    top = {" A": -0.5, "B": -1.0, "b": -3.0, "A": -2.0} if "known" in prompt else {"x": -0.1}
    if "messages" in body:
        listed = [{"token": token, "logprob": logprob} for token, logprob in top.items()]
        content = {"content": [{"top_logprobs": listed}]}
        return {"choices": [{"message": {"content": prompt.upper()}, "logprobs": content}]}
    return {"choices": [{"text": prompt.upper(), "logprobs": {"top_logprobs": [top]}}]}


class Server:
    """Answers with ``answer(body)``; ``failures`` are statuses that it gives first."""

    def __init__(self):
        self.answer, self.failures, self.bodies, self.headers = upper, [], [], []
        self.most, self._now, self._lock = 0, 0, threading.Lock()
        self.raw = None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self._send(200, {"data": [{"id": "tiny", "owned_by": "me"}]})

            def do_POST(self):
                length = int(self.headers["content-length"])
                body = json.loads(self.rfile.read(length))
                outer._enter(body, dict(self.headers))
                try:
                    if outer.failures:
                        self._send(outer.failures.pop(0), {"error": "not now"})
                    else:
                        self._send(200, outer.answer(body))
                finally:
                    outer._leave()

            def _send(self, status, value):
                content = outer.raw or json.dumps(value).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(content)))
                self.send_header("retry-after", "0")
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.native = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.native.server_port}/v1"

    def _enter(self, body, headers):
        with self._lock:
            self.bodies.append(body)
            self.headers.append({key.lower(): value for key, value in headers.items()})
            self._now += 1
            self.most = max(self.most, self._now)

    def _leave(self):
        with self._lock:
            self._now -= 1


@pytest.fixture
def server():
    made = Server()
    thread = threading.Thread(target=made.native.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.native.shutdown()
    thread.join()
    made.native.server_close()
