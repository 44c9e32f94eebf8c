"""Property tests share a loaded machine with others: no deadline on a single example."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("stats", deadline=None)
settings.load_profile("stats")
