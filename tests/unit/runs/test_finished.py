from __future__ import annotations

import pytest

from quantassay.errors import RunFolderError
from quantassay.runs.finished import claim_in, require_finished
from quantassay.runs.history import note_results
from quantassay.runs.journal import Journal


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "journal.jsonl", clock=lambda: "then")


@pytest.fixture
def finished(journal, tmp_path):
    note_results(journal, "verdicts")
    journal.append("finished")
    (tmp_path / "verdicts.json").write_text("verdicts")
    return journal


def test_reports_of_a_finished_run(finished, tmp_path):
    require_finished(tmp_path)
    (tmp_path / "verdicts.json").unlink()
    require_finished(tmp_path)


def test_verdicts_without_a_journal_cannot_be_checked(tmp_path):
    require_finished(tmp_path)
    (tmp_path / "verdicts.json").write_text("{}")
    with pytest.raises(RunFolderError, match="nothing here can be checked"):
        require_finished(tmp_path)


def test_reports_beside_a_run_that_goes_on_are_refused(finished, tmp_path):
    finished.append("resumed")
    with pytest.raises(RunFolderError, match="did not finish"):
        require_finished(tmp_path)


def test_an_empty_journal_is_no_finished_run(tmp_path):
    (tmp_path / "journal.jsonl").write_text("")
    with pytest.raises(RunFolderError, match="did not finish"):
        require_finished(tmp_path)


def test_verdicts_that_were_changed_are_refused(finished, tmp_path):
    (tmp_path / "verdicts.json").write_text("pass")
    with pytest.raises(RunFolderError, match="changed by hand"):
        require_finished(tmp_path)


def test_verdicts_that_no_run_noted_are_refused(journal, tmp_path):
    journal.append("finished")
    (tmp_path / "verdicts.json").write_text("pass")
    with pytest.raises(RunFolderError, match="changed by hand"):
        require_finished(tmp_path)


def test_the_last_results_count(finished, tmp_path):
    note_results(finished, "others")
    finished.append("finished")
    with pytest.raises(RunFolderError, match="changed by hand"):
        require_finished(tmp_path)


def test_what_was_written_is_what_reports_are_held_to(tmp_path):
    journal = Journal(tmp_path / "journal.jsonl", clock=lambda: "then")
    note_results(journal, "accuracy", {}, "with speed")
    journal.append("finished")
    (tmp_path / "verdicts.json").write_text("with speed")
    require_finished(tmp_path)
    (tmp_path / "verdicts.json").write_text("accuracy")
    with pytest.raises(RunFolderError, match="changed by hand"):
        require_finished(tmp_path)


def test_the_claim_of_a_folder_is_that_of_a_finished_run(finished, tmp_path):
    assert claim_in(tmp_path) == tmp_path / "claim.json"
    assert claim_in(tmp_path / "claim.json") == tmp_path / "claim.json"
    finished.append("resumed")
    with pytest.raises(RunFolderError, match="did not finish"):
        claim_in(tmp_path)
