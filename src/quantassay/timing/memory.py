"""Peak memory of a model, in a fresh process of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Feeds = Mapping[str, NDArray[Any]]
NOTE = (
    "growth of the peak resident set of a fresh process while it loads the engine and the model "
    "and runs {count} batches"
)


PATIENCE = 300
# the user's own code may print too
MARK = "quantassay-peak-bytes"


def peak_memory(
    engine: str, artifact: Path | None, options: Mapping[str, Any], batches: Sequence[Feeds]
) -> tuple[int | None, str]:
    """Return peak bytes, and how they were measured; None with the reason where that failed."""
    if sys.platform == "win32":
        return None, "not measured on this system"
    with tempfile.TemporaryDirectory() as folder:
        files = [_save(Path(folder) / f"{i}.npz", feeds) for i, feeds in enumerate(batches)]
        order = {
            "engine": engine,
            "artifact": str(artifact) if artifact else None,
            "options": {key: str(v) if isinstance(v, Path) else v for key, v in options.items()},
            "feeds": files,
        }
        try:
            done = subprocess.run(
                [sys.executable, "-m", "quantassay.timing.memory"],
                input=json.dumps(order),
                capture_output=True,
                text=True,
                check=False,
                timeout=PATIENCE,
            )
        except subprocess.TimeoutExpired:
            return None, f"not measured: the process that measures it took over {PATIENCE} s"
    figure = re.search(rf"^{MARK} (\d+)$", done.stdout, re.MULTILINE)
    if done.returncode or figure is None:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        return None, f"not measured: the process that measures it failed: {last[0]}"
    return int(figure[1]), NOTE.format(count=len(batches))


def _save(path: Path, feeds: Feeds) -> str:
    # an input may have no name, and npz member names must be plain
    arrays: dict[str, Any] = {f"input{i}": array for i, array in enumerate(feeds.values())}
    np.savez(path, **arrays)
    path.with_suffix(".json").write_text(json.dumps(list(feeds)))
    return str(path)


def _load(path: Path) -> dict[str, NDArray[Any]]:
    names = json.loads(path.with_suffix(".json").read_text())
    with np.load(path, allow_pickle=False) as arrays:
        return {name: arrays[f"input{i}"] for i, name in enumerate(names)}


def _measure(order: dict[str, Any]) -> int:
    from quantassay import plugins

    options = order["options"]
    if "folder" in options:
        options["folder"] = Path(options["folder"])
    feeds = [_load(Path(path)) for path in order["feeds"]]
    before = _peak()
    engine = plugins.load("engines", order["engine"])
    session = engine.open(Path(order["artifact"]) if order["artifact"] else None, options)
    for one in feeds:
        session.run(one)
    return _peak() - before


def _peak() -> int:
    """Return the peak resident set of this process in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # on Linux getrusage begins with the peak of the process that started this one
        return 1024 * int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0])
    from resource import RUSAGE_SELF, getrusage

    return int(getrusage(RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024))


if __name__ == "__main__":
    print(f"\n{MARK} {_measure(json.load(sys.stdin))}")
