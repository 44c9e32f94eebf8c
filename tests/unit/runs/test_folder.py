from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap

import pytest

from quantassay.errors import RunFolderError
from quantassay.runs.folder import RunFolder

pytestmark = pytest.mark.skipif(os.name == "nt", reason="locks are POSIX")

HOLD = """
    import sys
    from pathlib import Path
    from quantassay.runs.folder import RunFolder

    with RunFolder(Path(sys.argv[1])) as folder:
        folder.journal.append("opened")
        print("open", flush=True)
        sys.stdin.readline()
"""


@pytest.fixture
def holder(tmp_path):
    """A second process that has the folder open."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLD), str(tmp_path / "run")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        assert process.stdout.readline() == "open\n"
        yield process
        process.kill()


def test_a_folder_that_another_process_has_open_is_refused(tmp_path, holder):
    with pytest.raises(RunFolderError, match="another run has .* open"):
        RunFolder(tmp_path / "run")
    holder.communicate("close\n")
    with RunFolder(tmp_path / "run") as folder:
        assert folder.journal.find("opened")


def test_a_killed_process_leaves_the_folder_free(tmp_path, holder):
    holder.kill()
    holder.wait()
    with RunFolder(tmp_path / "run") as folder:
        assert folder.journal.find("opened")


def test_two_in_one_process_are_refused_too(tmp_path):
    with RunFolder(tmp_path), pytest.raises(RunFolderError, match="another run"):
        RunFolder(tmp_path)
    with RunFolder(tmp_path):
        pass


def test_it_writes_text_and_json(tmp_path):
    with RunFolder(tmp_path / "new" / "run") as folder:
        folder.write("report.md", "é")
        path = folder.write_json("verdicts.json", {"name": "é"})
    assert (tmp_path / "new" / "run" / "report.md").read_text("utf-8") == "é"
    assert json.loads(path.read_text("utf-8")) == {"name": "é"}


def test_a_figure_that_is_no_number_is_not_written(tmp_path):
    with RunFolder(tmp_path) as folder:
        with pytest.raises(ValueError, match="JSON"):
            folder.write_json("verdicts.json", float("nan"))
        assert not (tmp_path / "verdicts.json").exists()


def test_a_damaged_journal_is_refused_and_the_lock_let_go(tmp_path):
    (tmp_path / "journal.jsonl").write_text("not json\n")
    for _ in range(2):
        with pytest.raises(RunFolderError, match="changed by hand"):
            RunFolder(tmp_path)


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RunFolderError, match="cannot use"):
        RunFolder(tmp_path / "file")


def test_reports_of_an_earlier_run_are_set_aside(tmp_path):
    with RunFolder(tmp_path) as folder:
        folder.set_aside(["verdicts.json"])
        assert not (tmp_path / "earlier").exists()
        folder.write("verdicts.json", "first")
        folder.journal.append("finished")
        folder.set_aside(["verdicts.json", "report.md"])
    assert not (tmp_path / "verdicts.json").exists()
    assert (tmp_path / "earlier" / "000001" / "verdicts.json").read_text() == "first"
