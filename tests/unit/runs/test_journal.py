from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap

import pytest

from quantassay.errors import RunFolderError
from quantassay.runs.journal import START, Journal, now


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.jsonl"


@pytest.fixture
def written(path):
    journal = Journal(path, clock=lambda: "2026-01-01T00:00:00+00:00")
    journal.append("rubric", digest="abc", margin=0.02)
    journal.append("results", digest="def")
    journal.append("finished")
    return path


def test_entries_come_back_as_they_were(written):
    found = Journal(written)
    assert [entry.event for entry in found.entries] == ["rubric", "results", "finished"]
    assert found.find("rubric")[0].data == {"digest": "abc", "margin": 0.02}
    assert found.find("rubric")[0].time == "2026-01-01T00:00:00+00:00"
    assert found.find("nothing") == []


def test_every_line_carries_the_digest_of_the_one_before(written):
    lines = [json.loads(line) for line in written.read_text().splitlines()]
    assert lines[0]["previous"] == START
    assert len({line["previous"] for line in lines}) == 3


def test_lines_already_there_are_never_touched(written):
    before = written.read_bytes()
    Journal(written).append("resumed")
    assert written.read_bytes().startswith(before)
    assert len(Journal(written).entries) == 4


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lines: [lines[0].replace("0.02", "0.05"), *lines[1:]],
        lambda lines: [lines[0], lines[2]],
        lambda lines: lines[1:],
        lambda lines: [lines[0], lines[0], *lines[1:]],
        lambda lines: [lines[0], "not json", *lines[1:]],
        lambda lines: [lines[0], "[1, 2]", *lines[1:]],
        lambda lines: [lines[0], "", *lines[1:]],
        lambda lines: [lines[1], lines[0], lines[2]],
    ],
    ids=["a value", "a line removed", "the first removed", "one twice", "no JSON", "a list",
         "an empty line", "the order"],
)  # fmt: skip
def test_tampering_is_found(written, spoil):
    lines = written.read_text().splitlines()
    written.write_text("".join(f"{line}\n" for line in spoil(lines)))
    with pytest.raises(RunFolderError, match=r"journal\.jsonl:\d: the journal was changed by hand"):
        Journal(written)


def test_bytes_that_are_no_text_are_found(written):
    written.write_bytes(written.read_bytes().replace(b"abc", b"\xff\xfe\xff"))
    with pytest.raises(RunFolderError, match=":1: the journal was changed by hand"):
        Journal(written)


@pytest.mark.parametrize("kept", [1, 10, 60])
def test_a_line_that_a_crash_cut_off_is_removed(written, kept):
    whole = written.read_bytes()
    written.write_bytes(whole + whole.splitlines()[0][:kept])
    journal = Journal(written)
    assert written.read_bytes() == whole
    journal.append("resumed")
    assert len(Journal(written).entries) == 4


def test_a_journal_of_one_torn_line_starts_again(path):
    path.write_text('{"time": "2026')
    Journal(path).append("rubric")
    assert len(Journal(path).entries) == 1


@pytest.mark.parametrize("text", ["\u2028", "\x85", "\x0b\x0c\r\n", "é 数", "<script>"])
def test_characters_that_end_lines_elsewhere_are_kept(path, text):
    Journal(path).append("rubric", name=text)
    assert Journal(path).entries[0].data == {"name": text}


def test_a_figure_that_is_no_number_is_refused(path):
    with pytest.raises(ValueError, match="JSON"):
        Journal(path).append("results", value=float("nan"))


def test_time_is_utc_to_the_second():
    assert now().endswith("+00:00") and len(now()) == 25


WRITE = """
    import resource, signal, sys
    from pathlib import Path
    from quantassay.errors import RunFolderError
    from quantassay.runs.journal import Journal

    path = Path(sys.argv[1])
    journal = Journal(path)
    journal.append("first")
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 40,) * 2)
    try:
        journal.append("second", text="x" * 1000)
    except RunFolderError as error:
        print(error)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs file size limits")
def test_a_full_disk_leaves_whole_lines(path):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(WRITE), str(path)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "cannot write" in done.stdout and "make room and run again" in done.stdout
    assert [entry.event for entry in Journal(path).entries] == ["first"]
    assert path.read_bytes().endswith(b"\n")
