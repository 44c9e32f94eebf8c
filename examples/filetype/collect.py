"""Collect the data and the model of the file-type example from what is installed here.

``python examples/filetype/collect.py`` writes ``test.parquet``, ``calibration.parquet`` and
``model.onnx`` (a copy of the model inside the magika wheel) to ``data/`` beside it. It reads the
running Python's standard library and site-packages, and ``/usr/share``.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import importlib.metadata
import json
import os
import shutil
import sysconfig
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import islice, zip_longest
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

HERE = Path(__file__).parent
MODEL = resources.files("magika") / "models" / "standard_v3_3"
SHARE_FOR_CALIBRATION = 5  # one package in five

# Extensions that stand for one of the model's types, so that a file's name is evidence of what
# is in it. Left out: .txt (anything), .h (C, C++ and others), .pl (Perl, Prolog), .m, .csv.
TYPES = {
    "bat": "batch",
    "c": "c",
    "cc": "cpp",
    "cmake": "cmake",
    "cpp": "cpp",
    "css": "css",
    "gif": "gif",
    "gz": "gzip",
    "html": "html",
    "ini": "ini",
    "jar": "jar",
    "jpg": "jpeg",
    "js": "javascript",
    "json": "json",
    "m4": "m4",
    "md": "markdown",
    "npy": "npy",
    "npz": "npz",
    "onnx": "onnx",
    "pem": "pem",
    "php": "php",
    "pm": "perl",
    "png": "png",
    "ps": "postscript",
    "py": "python",
    "pyc": "pythonbytecode",
    "rst": "rst",
    "sh": "shell",
    "so": "elf",
    "sql": "sql",
    "svg": "svg",
    "tcl": "tcl",
    "toml": "toml",
    "ttf": "ttf",
    "wav": "wav",
    "xml": "xml",
    "yaml": "yaml",
    "yml": "yaml",
}

Tokens = NDArray[np.int32]
T = TypeVar("T")


@dataclass(frozen=True)
class Found:
    """A file, the type that its extension stands for, and the package that it came with."""

    path: Path
    type: str
    package: str


@dataclass(frozen=True)
class Sample:
    """A file as the model sees it."""

    sample_id: str
    tokens: Tokens
    type: str
    package: str
    path: str


def roots() -> list[Path]:
    """Return the folders that are searched, where they exist."""
    python = sysconfig.get_paths()
    named = [python["stdlib"], python["purelib"], python["platlib"], "/usr/share"]
    return [Path(name) for name in dict.fromkeys(named) if Path(name).is_dir()]


@cache
def owners() -> Mapping[str, str]:
    """Map files to packages, as pip and (on Debian) dpkg recorded them."""
    known = {
        line: listing.stem.partition(":")[0]
        for listing in sorted(Path("/var/lib/dpkg/info").glob("*.list"))
        for line in listing.read_text().splitlines()
    }
    for distribution in importlib.metadata.distributions():
        name, folder = distribution.name, str(distribution.locate_file(""))
        for row in csv.reader((distribution.read_text("RECORD") or "").splitlines()):
            known[os.path.normpath(os.path.join(folder, row[0]))] = name  # noqa: PTH118
    return known


def folder_of(path: Path, root: Path) -> str:
    """Name the package of a file that nobody recorded: its top folder, or the root's name."""
    parts = path.relative_to(root).parts
    if parts[0] == "doc" and len(parts) > 2:
        return parts[1]
    return parts[0] if len(parts) > 1 else root.name


def walk(root: Path) -> Iterator[Path]:
    """List the plain files below a root in a fixed order, without nested site-packages."""
    for folder, below, files in os.walk(root):
        below[:] = sorted(name for name in below if name != "site-packages")
        for name in sorted(files):
            path = Path(folder, name)
            if not path.is_symlink() and path.is_file():
                yield path


def found(folders: Iterable[Path]) -> Iterator[Found]:
    """List every file whose extension stands for a type."""
    known = owners()
    for root in folders:
        for path in walk(root):
            kind = TYPES.get(path.suffix.lower().removeprefix("."))
            if kind is not None:
                yield Found(path, kind, known.get(str(path)) or folder_of(path, root))


def digest(text: str | bytes) -> str:
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def parted(files: Iterable[Found]) -> tuple[list[Found], list[Found]]:
    """Give every package to calibration or to the test, never to both."""
    held: list[Found] = []
    rest: list[Found] = []
    for file in files:
        chosen = int(digest(file.package), 16) % SHARE_FOR_CALIBRATION == 0
        (held if chosen else rest).append(file)
    return held, rest


def in_turn(groups: Iterable[Iterable[T]]) -> Iterator[T]:
    """Take one of each group, then a second of each, until all are empty."""
    rounds = zip_longest(*groups)
    return (item for row in rounds for item in row if item is not None)


def spread(files: Iterable[Found]) -> Iterator[Found]:
    """Order files so that any first part of them is even over types, then over packages."""
    groups: dict[str, dict[str, list[Found]]] = defaultdict(lambda: defaultdict(list))
    for file in files:
        groups[file.type][file.package].append(file)
    types = []
    for _, packages in sorted(groups.items()):
        ordered = [sorted(packages[name], key=by_name) for name in sorted(packages, key=digest)]
        types.append(in_turn(ordered))
    return in_turn(types)


def capped(files: Iterable[Found], most: int) -> Iterator[Found]:
    """Drop the files of a package after its first ``most``."""
    taken: Counter[str] = Counter()
    for file in files:
        taken[file.package] += 1
        if taken[file.package] <= most:
            yield file


def by_name(file: Found) -> str:
    return digest(str(file.path))


def features(path: Path, config: dict[str, int]) -> Tokens | None:
    """Return the model's input for a file; None where magika would not ask its model.

    As magika 1.0 does it: the first and the last 1,024 bytes of what is left of the first and the
    last 4,096 after stripping white space, padded with a token of its own.
    """
    with path.open("rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        block = min(config["block_size"], size)
        start = stream.read(block).lstrip()[: config["beg_size"]]
        stream.seek(size - block)
        end = stream.read(block).rstrip()[-config["end_size"] :]
    if len(start) < config["min_file_size_for_dl"]:
        return None
    tokens = np.full(config["beg_size"] + config["end_size"], config["padding_token"], np.int32)
    tokens[: len(start)] = np.frombuffer(start, np.uint8)
    tokens[len(tokens) - len(end) :] = np.frombuffer(end, np.uint8)
    return tokens


def samples(files: Iterable[Found], seen: set[bytes]) -> Iterator[Sample]:
    """Turn files into samples, each content once; ``seen`` collects the contents."""
    config = json.loads((MODEL / "config.min.json").read_text())
    for file in files:
        try:
            tokens = features(file.path, config)
        except OSError:
            continue
        if tokens is None or tokens.tobytes() in seen:
            continue
        seen.add(tokens.tobytes())
        name = digest(tokens.tobytes())[:16]
        yield Sample(name, tokens, file.type, file.package, str(file.path))


def write(rows: Iterable[Sample], path: Path) -> list[Sample]:
    """Write samples as Parquet and return them."""
    kept = list(rows)
    values = np.concatenate([row.tokens for row in kept])
    width = len(kept[0].tokens)
    columns = {
        "sample_id": [row.sample_id for row in kept],
        "tokens": pa.FixedSizeListArray.from_arrays(pa.array(values, pa.int32()), width),
        "type": [row.type for row in kept],
        "package": [row.package for row in kept],
        "path": [row.path for row in kept],
    }
    pq.write_table(pa.table(columns), path, compression="zstd")
    return kept


def summary(name: str, rows: list[Sample]) -> str:
    packages = len({row.package for row in rows})
    return f"{name}: {len(rows)} files, {len({r.type for r in rows})} types, {packages} packages"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=10_000, help="files of the test set, at most")
    parser.add_argument("--calibration", type=int, default=512, help="files to calibrate on")
    parser.add_argument("--per-package", type=int, default=40, help="files of one package, at most")
    parser.add_argument("--out", type=Path, default=HERE / "data", help="where to write")
    parser.add_argument("--root", type=Path, action="append", help="search here instead")
    return parser.parse_args()


def main() -> None:
    chosen = arguments()
    chosen.out.mkdir(parents=True, exist_ok=True)
    held, rest = parted(found(chosen.root or roots()))
    seen: set[bytes] = set()
    for name, files, rows in (
        ("calibration", held, chosen.calibration),
        ("test", rest, chosen.rows),
    ):
        kept = islice(samples(capped(spread(files), chosen.per_package), seen), rows)
        print(summary(name, write(kept, chosen.out / f"{name}.parquet")))
    with resources.as_file(MODEL / "model.onnx") as model:
        shutil.copyfile(model, chosen.out / "model.onnx")


if __name__ == "__main__":
    main()
