"""Builders of the reference pages; they also read the tables of `benchmarks`, beside `docs`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
