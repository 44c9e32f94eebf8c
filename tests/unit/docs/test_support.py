"""Every scheme and engine that is listed was run on a real model, or says why not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from quantassay import plugins

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "docs"))

from pages import support  # noqa: E402

LISTED = [*support.pairs(), *((None, engine) for engine in plugins.names("engines"))]


@pytest.mark.parametrize(("scheme", "engine"), LISTED)
def test_every_pair_was_run_or_says_why_not(scheme: str | None, engine: str) -> None:
    ran = [one for one in support.ran() if (one["scheme"], one["engine"]) == (scheme, engine)]
    why = [
        one["why"]
        for one in support.not_run()
        if (one.get("scheme"), one["engine"]) == (scheme, engine) and "with" not in one
    ]
    assert len(why) == (0 if ran else 1), "run its test with QUANTASSAY_UPDATE_GOLDEN=1"
    assert all(len(reason) > 10 for reason in why)


def test_every_row_has_its_test() -> None:
    assert support.ran()
    for one in support.ran():
        path, _, name = one["test"].partition("::")
        assert f"def {name.split('::')[-1]}(" in (ROOT / path).read_text(encoding="utf-8"), one
        assert one["model"]
        assert one["scheme"] is None or one["scheme"] in plugins.names("schemes")
        assert one["engine"] in plugins.names("engines")
