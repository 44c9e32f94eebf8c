import io
from pathlib import Path

import pytest

from quantassay.claims.sources.decoding import LONGEST, MOST_LINES, MOST_MARKUP
from quantassay.claims.sources.read import read, read_path, read_stream, read_text
from quantassay.errors import InputError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marks_of_encodings_are_heeded(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "card.md"
    path.write_bytes("# Größe\r\nok\r\n".encode(encoding))
    document = read(path)
    assert document.headings
    assert document.plain.split() == ["Größe", "ok"]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (b" \n\xef\xbb\xbf", "empty|not UTF-8"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"\x89PNG\r\n", "an image"),
        (b"GGUF\x03", "a GGUF model"),
        (b"ab\x00cd", "a binary file"),
        (b"\xff\x00\xfe", "a binary file"),
        (b"gr\xfc\xdfe", "not UTF-8 text"),
        (b'{"nbformat": 4}', "a notebook"),
    ],
)
def test_what_is_no_text_is_named_in_one_line(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(InputError, match=f"file: ({what})") as error:
        read_path(path)
    assert "\n" not in str(error.value)
    assert "can be read" in str(error.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.md: no such file"):
        read_path(tmp_path / "gone.md")


@pytest.mark.parametrize(
    "text", ["x" * (LONGEST + 1), "x\n" * (MOST_LINES + 1), "|" * (MOST_MARKUP + 1)]
)
def test_more_than_the_limit_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"^-: too (long|much markup): at most [\d,]+ "):
        read_text(text)


def test_a_stream_is_read_as_a_file_is() -> None:
    assert read_stream(io.BytesIO("Größe\r\n".encode())).source == "Größe\n"


def test_damaged_json_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text('{"bits": 4')
    with pytest.raises(InputError, match=r"config\.json: JSON that is cut short"):
        read_path(path)
