"""Every test makes and runs its variants itself: nothing comes from an earlier run's cache."""

import pytest


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path_factory.mktemp("cache")))
