"""Files that are and are not rubrics."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from quantassay.errors import RubricError
from quantassay.rubrics.load import load


def test_a_right_rubric_loads_in_one_shape(rubrics) -> None:
    loaded = rubrics.load()
    rubric = loaded.rubric
    assert loaded.folder == rubrics.folder
    assert loaded.warnings == ()
    assert rubric.references == ("fp32",)
    assert rubric.candidates == ("int8",)
    assert [stratum.key for stratum in rubric.strata] == ["digit", "rare"]
    top1, ece = rubric.metrics
    assert rubric.margin_for(top1, None).value == 0.02
    assert rubric.margin_for(top1, "rare").value == 0.05
    assert rubric.margin_for(top1, "other") is None
    assert rubric.margin_for(ece, None) is None
    assert loaded.resolve("test.csv") == rubrics.folder / "test.csv"


def test_a_key_is_found_again_by_its_line(rubrics) -> None:
    loaded = rubrics.load()
    assert loaded.at("task", "data", "target") == f"{loaded.path}:4: task.data.target"
    assert loaded.at("metrics", 0, "by", "rare") == f"{loaded.path}:9: metrics[0].by.rare"
    assert loaded.at("timing", "blocks") == f"{loaded.path}:1: timing.blocks"


def test_several_errors_are_listed_in_the_order_of_the_file(complaint) -> None:
    lines = complaint(("confidence: 0.95", "confidence: 95"), ("margin: 0.02", "margin: 0"))
    assert lines.splitlines() == [
        "assay.yaml:9: metrics[0].margin: must be above 0, is 0",
        "assay.yaml:17: confidence: must be below 1, is 95 (did you mean 0.95?)",
    ]


def test_more_than_ten_errors_are_counted(complaint) -> None:
    text = "\n".join(f"key{i}: 1" for i in range(20))
    assert complaint(text=text).splitlines()[-1] == "assay.yaml: and 15 more"


def test_thousands_of_errors_are_counted_in_a_moment(complaint) -> None:
    text = "\n".join(f"key{i}: {{a: 1}}" for i in range(9000))
    started = time.perf_counter()
    assert complaint(text=text).endswith("and 8995 more")
    assert time.perf_counter() - started < 20


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "1: the rubric is empty: `quantassay draft` writes a first one"),
        (b"# nothing\n", "1: the rubric is empty"),
        (b"- a\n", "1: the rubric must be a mapping of keys to values"),
        (b"hello", "1: the rubric must be a mapping of keys to values"),
        (b"a: 1\nb: caf\xe9\n", "2: the byte 0xe9 is not UTF-8: save the file as UTF-8"),
        ("a: 1".encode("utf-16"), "1: the byte 0xff is not UTF-8"),
        (b"#" * 1_000_001, " is over 1 MB; a rubric is a page: is this data?"),
    ],
)
def test_files_that_are_no_rubric(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "assay.yaml"
    path.write_bytes(content)
    with pytest.raises(RubricError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}:{said}")


def test_a_byte_order_mark_and_windows_lines_are_read(rubrics, words) -> None:
    path = rubrics.write()
    plain = load(path, words).digest
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(path, words).digest == plain


def test_a_missing_file_names_its_neighbour(rubrics, tmp_path: Path) -> None:
    rubrics.write()
    with pytest.raises(RubricError, match=r"asay.yaml: no such file \(did you mean 'assay.yaml'"):
        load(tmp_path / "asay.yaml")
    with pytest.raises(RubricError, match="no such file: there is no folder"):
        load(tmp_path / "nowhere" / "assay.yaml")


def test_a_folder_names_the_rubric_in_it(rubrics, tmp_path: Path) -> None:
    rubrics.write()
    with pytest.raises(RubricError, match=r"is a folder, not a rubric \(it holds 'assay.yaml'\)"):
        load(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser reads everything")
def test_a_file_without_permission(rubrics) -> None:
    path = rubrics.write()
    path.chmod(0)
    with pytest.raises(RubricError, match="cannot be read: Permission denied"):
        load(path)


def test_warnings_stand_in_the_order_of_the_file(rubrics) -> None:
    loaded = rubrics.load(
        ("digit: 0.1, rare: 0.05", "digit: 0.1"),
        ("calibration: train}", "calibration: train, gate: false}"),
        ("confidence:", "  spare: {data: {path: more.csv}}\nconfidence:"),
    )
    assert [note.removeprefix(f"{loaded.path}:") for note in loaded.warnings] == [
        "7: strata[1]: 'rare' is critical, but no metric has a margin for it",
        "12: variants: every candidate says 'gate: false': there is no overall verdict",
        "17: calibrations.spare: no variant uses this calibration set",
    ]


def test_a_rubric_without_margins_loads_with_a_warning(rubrics) -> None:
    loaded = rubrics.load((", margin: 0.02, by: {digit: 0.1, rare: 0.05}", ""))
    assert any("no margin is declared" in note for note in loaded.warnings)
