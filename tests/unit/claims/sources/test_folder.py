from pathlib import Path

import pytest

from quantassay.claims.sources.read import read_path
from quantassay.errors import InputError


def test_the_files_of_a_folder_are_one_document(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("---\nlicense: mit\n---\n# Card\n")
    (tmp_path / "config.json").write_text('{"quantization_config": {"bits": 4}}')
    (tmp_path / "generation_config.json").write_text('{"bits": 3}')
    (tmp_path / ".eval_results").mkdir()
    (tmp_path / ".eval_results" / "arc.yaml").write_text("- value: 61.5\n")
    document = read_path(tmp_path)
    assert document.kind == "model folder"
    assert [part.file for part in document.parts] == [
        "README.md",
        "config.json",
        ".eval_results/arc.yaml",
    ]
    assert [(entry.path, entry.value) for entry in document.entries] == [
        ("license", "mit"),
        ("quantization_config.bits", "4"),
        ("0.value", "61.5"),
    ]
    quote = document.quote(document.entries[1].start, document.entries[1].end)
    assert (quote.text, quote.file) == ("4", "config.json")
    assert (tmp_path / "config.json").read_text()[quote.start : quote.end] == "4"


def test_links_that_lead_out_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret")
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "README.md").symlink_to(tmp_path / "secret.md")
    with pytest.raises(InputError, match=r"looked for README\.md"):
        read_path(folder)


def test_a_local_cache_of_the_hub_is_read(tmp_path: Path) -> None:
    blobs, snapshot = tmp_path / "blobs", tmp_path / "snapshots" / "abc"
    blobs.mkdir()
    snapshot.mkdir(parents=True)
    (blobs / "1").write_text("# Card")
    (snapshot / "README.md").symlink_to(blobs / "1")
    assert read_path(snapshot).source == "# Card"
