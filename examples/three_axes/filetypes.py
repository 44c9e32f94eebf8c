"""Collect the files and the model of the file-type task, as ../filetype does, but fewer and evener.

``python examples/three_axes/filetypes.py [FOLDER]`` writes ``test.parquet``,
``calibration.parquet`` and ``model.onnx``. It needs magika.
"""

from __future__ import annotations

import json
import runpy
import sys
from importlib import resources
from pathlib import Path

import pyarrow.parquet as pq

HERE = Path(__file__).parent
ROWS, PER_PACKAGE, CALIBRATION = 1200, 4, 128
KNOWN = resources.files("magika") / "config" / "content_types_kb.min.json"


def main(folder: Path = HERE / "data" / "filetypes") -> None:
    counts = {"rows": ROWS, "per-package": PER_PACKAGE, "calibration": CALIBRATION}
    sys.argv[1:] = [f"--out={folder}", *(f"--{name}={count}" for name, count in counts.items())]
    runpy.run_path(str(HERE.parent / "filetype" / "collect.py"), run_name="__main__")
    add_kind(folder / "test.parquet")


def add_kind(path: Path) -> None:
    """Add a column that says of each file whether magika takes its type for text."""
    rows, known = pq.read_table(path), json.loads(KNOWN.read_text())
    kinds = ["text" if known[each]["is_text"] else "binary" for each in rows["type"].to_pylist()]
    pq.write_table(rows.append_column("kind", [kinds]), path, compression="zstd")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
