from __future__ import annotations

import errno
import os
import subprocess
import sys
import textwrap

import pytest

from quantassay.errors import RunFolderError
from quantassay.runs.files import mend, write_atomically, write_text


def test_writes_where_no_folder_is_yet(tmp_path):
    write_text(tmp_path / "a" / "b.txt", "é\n")
    assert (tmp_path / "a" / "b.txt").read_bytes() == "é\n".encode()


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "kept.txt"
    write_text(target, "old")

    def interrupted(file):
        file.write(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_atomically(target, interrupted)
    assert target.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["kept.txt"]


WRITE = """
    import resource, signal, sys
    from pathlib import Path
    from quantassay.errors import RunFolderError
    from quantassay.runs.files import write_text

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    try:
        write_text(Path(sys.argv[1]), "x" * 2000)
    except RunFolderError as error:
        print(error)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs file size limits")
def test_a_full_disk_leaves_the_old_file_and_says_so(tmp_path):
    target = tmp_path / "kept.txt"
    write_text(target, "old")
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(WRITE), str(target)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert f"cannot write {target}" in done.stdout
    assert "make room and run again" in done.stdout
    assert target.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["kept.txt"]


def test_a_place_that_is_no_folder_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RunFolderError, match="choose another folder"):
        write_text(tmp_path / "file" / "inside.txt", "x")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "make room"),
        (errno.EDQUOT, "make room"),
        (errno.EACCES, "another folder"),
        (errno.EROFS, "another folder"),
        (errno.ENAMETOOLONG, "another folder"),
    ],
)
def test_what_helps_depends_on_what_happened(number, words):
    assert words in mend(OSError(number, "no"))
