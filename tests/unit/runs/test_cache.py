from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from quantassay.errors import RunFolderError
from quantassay.runs.cache import OutputCache, cache_root, kept_artifact

KEY = {"artifact": "abc", "batch": 64}


@pytest.fixture
def cache(tmp_path):
    found = OutputCache(tmp_path, KEY)
    for start in (0, 10, 20):
        found.append(start, np.arange(start, start + 10.0))
    return found


def rows(cache):
    return np.concatenate([np.empty(0), *cache.load()]).tolist()


def parts(cache):
    return sorted(cache.folder.glob("*.npy"))


def test_parts_come_back_in_order(tmp_path, cache):
    assert rows(OutputCache(tmp_path, KEY)) == list(range(30))


def test_another_key_is_another_cache(tmp_path, cache):
    for other in ({**KEY, "batch": 32}, {"artifact": "abc"}, {**KEY, "replicate": 1}):
        assert OutputCache(tmp_path, other).load() == []
    assert OutputCache(tmp_path, dict(reversed(KEY.items()))).key == cache.key


def test_a_missing_part_ends_what_is_known(cache):
    parts(cache)[1].unlink()
    assert rows(cache) == list(range(10))


@pytest.mark.parametrize("keep", [0, 50, -1])
def test_a_cut_part_is_thrown_away(cache, keep):
    part = parts(cache)[1]
    part.write_bytes(part.read_bytes()[:keep])
    assert rows(cache) == list(range(10))
    assert part not in parts(cache)


def test_a_changed_part_is_thrown_away(cache):
    part = parts(cache)[0]
    content = bytearray(part.read_bytes())
    content[-1] ^= 1
    part.write_bytes(content)
    assert rows(cache) == []


def test_an_intact_part_beside_a_damaged_one_is_used(cache):
    damaged = parts(cache)[0]
    cache.append(0, np.arange(10.0) + 1)
    for part in parts(cache):
        if part == damaged:
            part.write_bytes(b"")
    assert rows(cache)[:10] == list(range(1, 11))


def test_a_cut_part_can_be_written_again(cache):
    parts(cache)[1].unlink()
    cache.append(10, np.arange(10.0, 20))
    assert rows(cache) == list(range(30))


def test_other_files_are_no_parts(cache):
    (cache.folder / "notes.npy").write_text("mine")
    (cache.folder / ".000.npy.1.partial").write_text("half")
    assert rows(cache) == list(range(30))


def test_a_folder_that_is_not_there_holds_nothing(tmp_path):
    assert OutputCache(tmp_path / "none", KEY).load() == []


def test_where_caches_live(monkeypatch):
    monkeypatch.setenv("QUANTASSAY_CACHE", "/elsewhere")
    assert cache_root() == Path("/elsewhere")
    monkeypatch.delenv("QUANTASSAY_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/xdg")
    assert cache_root() == Path("/xdg/quantassay")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_root() == Path.home() / ".cache" / "quantassay"


class Maker:
    """Writes a model file, and counts how often."""

    def __init__(self, content=b"model"):
        self.content, self.calls = content, 0

    def __call__(self, path):
        self.calls += 1
        path.write_bytes(self.content)


def test_a_model_file_is_made_once(tmp_path):
    make = Maker()
    first, second = (kept_artifact(tmp_path, "key", "model.onnx", make) for _ in range(2))
    assert first == second
    assert first.read_bytes() == b"model"
    assert make.calls == 1
    assert kept_artifact(tmp_path, "other", "model.onnx", make) != first


def test_a_model_file_that_was_changed_is_made_again(tmp_path):
    make = Maker()
    kept_artifact(tmp_path, "key", "model.onnx", make).write_bytes(b"tampered")
    assert kept_artifact(tmp_path, "key", "model.onnx", make).read_bytes() == b"model"
    assert make.calls == 2


def test_a_making_that_was_cut_leaves_nothing(tmp_path):
    def cut(path):
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept_artifact(tmp_path, "key", "model.onnx", cut)
    assert list((tmp_path / "artifacts" / "key").iterdir()) == []


def test_a_cache_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "artifacts").write_text("")
    with pytest.raises(RunFolderError, match="choose another folder"):
        kept_artifact(tmp_path, "key", "model.onnx", Maker())
