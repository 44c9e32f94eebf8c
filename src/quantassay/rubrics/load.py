"""A file to a checked rubric."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import RubricError, nearest, some
from . import checks
from .digest import digest
from .model import Rubric
from .problems import Path as KeyPath
from .problems import Problem, dotted, line_of, raise_all
from .tree import MAX_BYTES, Tree, parse
from .validate import validate
from .vocabulary import Installed, Vocabulary


@dataclass(frozen=True)
class Loaded:
    """A rubric that passed every check, and where it stands.

    Relative paths in the rubric are relative to ``folder``. ``warnings`` are one line each.
    """

    rubric: Rubric
    path: Path
    folder: Path
    digest: str
    warnings: tuple[str, ...] = ()
    lines: Mapping[KeyPath, int] = field(default_factory=dict, repr=False)

    def at(self, *key: str | int) -> str:
        """Return ``file:line: key.path`` of a part of the rubric, to open an error with."""
        return f"{self.path}:{line_of(self.lines, key)}: {dotted(key)}"

    def resolve(self, path: str) -> Path:
        """Return a path of the rubric as seen from here."""
        return self.folder / path


def load(path: str | Path, vocabulary: Vocabulary | None = None) -> Loaded:
    """Read a rubric and check it.

    ``vocabulary`` says which names exist; the installed plugins by default.

    Raises
    ------
    RubricError
        One line for each thing that is wrong, in the order of the file: file, line, key path,
        what, mend.
    """
    path = Path(path)
    tree = mapping_of(path, "rubric", "`quantassay draft` writes a first one")
    if "study" in tree.values and "rubric" not in tree.values:
        msg = f"{path}:1: this is a study, not a rubric: `quantassay study` takes it"
        raise RubricError(msg)
    rubric = validate(tree, str(path))
    words = vocabulary or Installed()
    raise_all(str(path), _placed(checks.errors(rubric, words), tree.lines))
    noted = _placed(checks.warnings(rubric, words), tree.lines)
    warnings = tuple(f"{path}:{note}" for note in sorted(noted, key=lambda note: note.line))
    folder = (path.parent / rubric.folder).resolve() if rubric.folder else path.parent
    return Loaded(rubric, path, folder, digest(rubric), warnings, tree.lines)


def _placed(found: Iterable[checks.Finding], lines: Mapping[KeyPath, int]) -> list[Problem]:
    return [Problem(line_of(lines, key), key, what) for key, what in found]


def mapping_of(path: Path, kind: str, mend: str) -> Tree:
    """Return the keys and values of a YAML file; ``kind`` is what errors call it.

    Raises
    ------
    RubricError
        If it cannot be read or parsed, or holds anything but keys and values; ``mend`` ends the
        error of the last.
    """
    tree = parse(text_of(path, kind), str(path))
    if not isinstance(tree.values, dict):
        what = "is empty" if tree.values is None else "must be a mapping of keys to values"
        msg = f"{path}:1: the {kind} {what}: {mend}"
        raise RubricError(msg)
    return tree


def text_of(path: Path, kind: str = "rubric") -> str:
    """Return the text of a YAML file, its line ends as newlines; ``kind`` is what errors call it.

    Raises
    ------
    RubricError
        If it cannot be read, is over 1 MB or not UTF-8.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        msg = f"{path}: no such file{_beside(path)}"
        raise RubricError(msg) from None
    except IsADirectoryError:
        msg = f"{path}: is a folder, not a {kind}{_within(path)}"
        raise RubricError(msg) from None
    except OSError as error:
        msg = f"{path}: cannot be read: {os.strerror(error.errno or 0)}"
        raise RubricError(msg) from None
    if len(content) > MAX_BYTES:
        msg = f"{path}: is over {MAX_BYTES // 1_000_000} MB; a {kind} is a page: is this data?"
        raise RubricError(msg)
    return _decoded(content, path)


def _decoded(content: bytes, path: Path) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        msg = (
            f"{path}:{line}: the byte 0x{content[error.start]:02x} is not UTF-8: "
            "save the file as UTF-8"
        )
        raise RubricError(msg) from None
    return re.sub(r"\r\n?", "\n", text)


def _beside(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f": there is no folder {str(folder)!r}"
    return nearest(path.name, [file.name for file in folder.iterdir()])


def _within(path: Path) -> str:
    found = sorted(file.name for file in path.glob("*.y*ml"))
    return f" (it holds {some(found, 3)})" if found else ""
