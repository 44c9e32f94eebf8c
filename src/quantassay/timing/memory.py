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
    "and answers {queries}: main memory alone, nothing of an accelerator"
)
ELSEWHERE = "not measured: engine {engine!r} runs no model of its own, what answers is elsewhere"
#: seconds
PATIENCE = 300
MOST_WORDS = 300


def peak_memory(
    engine: str,
    artifact: Path | None,
    options: Mapping[str, Any],
    queries: Sequence[Feeds],
    patience: float = PATIENCE,
) -> tuple[int | None, str]:
    """Return peak bytes, and how they were measured; None with the reason where that failed.

    The process is ended after ``patience`` seconds.
    """
    from quantassay import plugins

    if sys.platform == "win32":
        return None, "not measured on this system"
    if not getattr(plugins.load("engines", engine), "takes_file", True):
        return None, ELSEWHERE.format(engine=engine)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        order = {
            "engine": engine,
            "artifact": str(artifact) if artifact else None,
            "options": {key: str(v) if isinstance(v, Path) else v for key, v in options.items()},
            "queries": [_save(folder / f"{at}.npz", feeds) for at, feeds in enumerate(queries)],
        }
        (folder / "order.json").write_text(json.dumps(order), encoding="utf-8")
        failure = _run(folder, patience)
        if failure:
            return None, f"not measured: the process that measures it {failure}"
        return int((folder / "bytes").read_text()), NOTE.format(queries=_count(len(queries)))


def _count(queries: int) -> str:
    return "one query" if queries == 1 else f"{queries} queries"


def _run(folder: Path, patience: float) -> str:
    """Measure in a process of its own; return what went wrong, or ''."""
    command = [sys.executable, "-P", "-m", "quantassay.timing.memory", str(folder)]
    # what the user's own code prints may be long: it goes nowhere, or into a file
    with (folder / "errors").open("wb") as errors:
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                check=False,
                timeout=patience,
            )
        except subprocess.TimeoutExpired:
            return f"took over {patience:g} s"
    if done.returncode == 0 and (folder / "bytes").exists():
        return ""
    with (folder / "errors").open("rb") as kept:
        kept.seek(max((folder / "errors").stat().st_size - 4096, 0))
        lines = kept.read().decode(errors="replace").strip().splitlines()
    return f"failed: {lines[-1][:MOST_WORDS] if lines else f'exit status {done.returncode}'}"


def _save(path: Path, feeds: Feeds) -> str:
    # an input may have no name, and npz member names must be plain; objects are texts
    arrays: dict[str, Any] = {
        f"input{at}": array.astype(np.str_) if array.dtype == object else array
        for at, array in enumerate(feeds.values())
    }
    np.savez(path, allow_pickle=False, **arrays)
    names = [[name, array.dtype == object] for name, array in feeds.items()]
    path.with_suffix(".json").write_text(json.dumps(names), encoding="utf-8")
    return str(path)


def _load(path: Path) -> dict[str, NDArray[Any]]:
    names = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    with np.load(path, allow_pickle=False) as arrays:
        return {
            name: arrays[f"input{at}"].astype(object) if texts else arrays[f"input{at}"]
            for at, (name, texts) in enumerate(names)
        }


def _measure(order: dict[str, Any]) -> int:
    from quantassay import plugins

    options = order["options"]
    if "folder" in options:
        options["folder"] = Path(options["folder"])
    queries = [_load(Path(path)) for path in order["queries"]]
    before = _resident("VmRSS")
    engine = plugins.load("engines", order["engine"])
    session = engine.open(Path(order["artifact"]) if order["artifact"] else None, options)
    for feeds in queries:
        session.run(feeds)
    return _resident("VmHWM") - before


def _resident(field: str) -> int:
    """Return the resident set of this process in bytes: now (VmRSS), or at its peak (VmHWM)."""
    status = Path("/proc/self/status")
    if status.exists():
        # on Linux getrusage begins with the peak of the process that started this one
        return 1024 * int(re.findall(rf"{field}:\s+(\d+) kB", status.read_text())[0])
    from resource import RUSAGE_SELF, getrusage

    return int(getrusage(RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024))


def main(folder: Path) -> None:
    """Measure as ordered there, and write the bytes beside the order."""
    found = _measure(json.loads((folder / "order.json").read_text(encoding="utf-8")))
    (folder / "bytes").write_text(str(found), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
