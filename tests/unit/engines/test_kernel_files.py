from quantassay.engines.kernel_files import LONGEST, MOST_BYTES, listed, text, told


def test_a_file_that_is_not_there_or_a_folder_says_nothing(tmp_path):
    assert text(tmp_path / "absent") == ""
    assert text(tmp_path) == ""
    assert listed(tmp_path / "absent", "*") == []


def test_no_file_is_read_to_no_end(tmp_path):
    (tmp_path / "long").write_bytes(b"x" * (MOST_BYTES + 5))
    assert len(text(tmp_path / "long")) == MOST_BYTES


def test_words_are_one_printable_line():
    assert told("a \x1b[31m b\n c") == "a [31m b c"
    assert told(" \n") == "unknown"
    assert len(told("word " * 99)) <= LONGEST
