"""A folder of a model, as far as it is read before LLM Compressor is needed."""

import pytest


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "model"
    made.mkdir()
    (made / "config.json").write_text('{"vocab_size": 9}')
    (made / "model.safetensors").write_bytes(b"")
    return made
