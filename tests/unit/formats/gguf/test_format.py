"""GGUF files that are written here, byte by byte."""

from __future__ import annotations

import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.models.gguf_bytes import (
    F16,
    F32,
    Q8_0,
    SAID,
    TENSORS,
    header,
    number,
    string,
    strings,
    text,
)

from quantassay.errors import ArtifactError
from quantassay.formats.gguf.file import read_header
from quantassay.formats.gguf.format import Gguf


@pytest.fixture
def write(tmp_path):
    def written(content: bytes, name="tiny.gguf"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return written


@pytest.fixture
def tiny(write):
    return write(header(SAID, TENSORS))


def test_a_file_is_what_it_says(tiny):
    assert Gguf.recognizes(tiny)
    artifact = Gguf.identify(tiny)
    assert artifact.version == "llama tiny"
    assert artifact.bytes == tiny.stat().st_size
    contents = Gguf.contents(tiny)
    assert contents.ops == {
        "Embedding F16": 1, "Matrix Q4_K": 1, "Matrix Q8_0": 1, "Vector F32": 1
    }  # fmt: skip
    assert contents.low_ops == {"Embedding F16": 1, "Matrix Q4_K": 1, "Matrix Q8_0": 1}
    assert contents.layers == (2, 2)
    assert contents.macs == (32 * 4 + 256 * 2,) * 2
    assert contents.stored == "Q4_K"


def test_bits_count_the_scales_of_blocks(tiny):
    found = {weight.kind: weight.bits / weight.elements for weight in Gguf.contents(tiny).weights}
    assert found == {"fp16": 16, "Q8_0": 8.5, "Q4_K": 4.5, "fp32": 32}


def test_names_it_is_told_by_do_not_change_what_it_computes(tiny, write):
    other = [string("general.name", "other") if b"general.name" in one else one for one in SAID]
    same = write(header(other, TENSORS), "other.gguf")
    assert Gguf.identify(same).digest != Gguf.identify(tiny).digest
    assert Gguf.contents(same).structure == Gguf.contents(tiny).structure


@pytest.mark.parametrize(
    ("said", "tensors"),
    [
        ([*SAID[:2], number("llama.block_count", 2), SAID[3]], TENSORS),
        ([*SAID[:3], strings("tokenizer.ggml.tokens", ["b", "a"])], TENSORS),
        (SAID, [(TENSORS[0][0], (32, 4), F16), *TENSORS[1:]]),
        (SAID, [("blk.0.attn_q.weight", *TENSORS[0][1:]), *TENSORS[1:]]),
    ],
    ids=["hyperparameter", "vocabulary", "shape", "use"],
)
def test_what_it_computes_is_in_its_structure(said, tensors, tiny, write):
    other = write(header(said, tensors), "other.gguf")
    assert Gguf.contents(other).structure != Gguf.contents(tiny).structure


def test_one_changed_weight_is_seen(tiny, write):
    content = bytearray(tiny.read_bytes())
    content[-1] ^= 1
    other = write(bytes(content), "other.gguf")
    assert Gguf.contents(other).structure != Gguf.contents(tiny).structure


def test_what_a_file_says_of_itself_is_printable(write):
    said = [SAID[0], string("general.name", "a\x1b[31m\n" + "b" * 500)]
    version = Gguf.identify(write(header(said, TENSORS))).version
    assert version.isprintable() and len(version) < 100


def damaged(where: int, layout: str, value: int) -> bytes:
    content = bytearray(header(SAID, TENSORS))
    struct.pack_into(layout, content, where, value)
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "cut short"),
        (b"GGUF", "cut short"),
        (b"ggml" + header(SAID, TENSORS)[4:], "does not begin with GGUF"),
        (header(SAID, TENSORS, version=1), "version is 1"),
        (header(SAID, TENSORS, counts=(1 << 60, 4)), "tells of 1152921504606846976 tensors"),
        (header(SAID, TENSORS, counts=(4, 1 << 60)), "tells of 1152921504606846976 keys"),
        (damaged(24, "<Q", 1 << 62), "a length in it is wrong"),
        (header([text("a") + struct.pack("<IIQ", 9, 10, 1 << 61)], TENSORS), "array in it"),
        (header([text("a") + struct.pack("<IIQ", 9, 9, 1)], TENSORS), "kind 9"),
        (header([text("a") + struct.pack("<I", 77)], TENSORS), "kind 77"),
        (header([number("general.alignment", 0)], TENSORS), "alignment is 0"),
        (header([string("general.alignment", "x")], TENSORS), "alignment is 'x'"),
        (header(SAID, TENSORS)[:-200], "lies outside the file"),
        (header(SAID, [TENSORS[0], TENSORS[0]]), "two tensors have the same name"),
        (header(SAID, [("w", (31, 4), F32), ("v", (1, 1, 1, 1, 1), F32)]), "5 dimensions"),
    ],
)
def test_a_damaged_file_is_refused(content, words, write):
    with pytest.raises(ArtifactError, match=f"no whole GGUF file: .*{words}"):
        Gguf.identify(write(content))


def test_rows_that_are_no_whole_blocks_are_refused(write):
    content = header(SAID, [("w", (32, 4), F32)]).replace(
        text("w") + struct.pack("<IQQI", 2, 32, 4, F32),
        text("w") + struct.pack("<IQQI", 2, 33, 4, Q8_0),
    )
    with pytest.raises(ArtifactError, match=r"shape \(33, 4\) cannot be Q8_0"):
        Gguf.identify(write(content))


def test_tensors_that_share_bytes_are_refused(write):
    content = header(SAID, [("a", (32,), F32), ("b", (32,), F32)])
    content = content.replace(struct.pack("<IQ", F32, 128), struct.pack("<IQ", F32, 96))
    with pytest.raises(ArtifactError, match="'b' lies outside the file, or upon another"):
        Gguf.identify(write(content))


def test_one_of_several_parts_is_refused(write):
    split = text("split.count") + struct.pack("<IH", 2, 3)
    with pytest.raises(ArtifactError, match="one of 3 parts"):
        Gguf.identify(write(header([*SAID, split], TENSORS)))


def test_no_file_is_said(tmp_path):
    assert not Gguf.recognizes(tmp_path / "none.gguf")
    with pytest.raises(ArtifactError, match="no such model file"):
        Gguf.identify(tmp_path / "none.gguf")


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_bytes_are_read_or_refused_in_one_line(write, data):
    content = bytearray(header(SAID, TENSORS))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, 420))] = data.draw(st.integers(0, 255))
    path = write(bytes(content[: data.draw(st.integers(0, len(content)))]))
    try:
        file = read_header(path)
    except ArtifactError as error:
        assert "\n" not in str(error)
    else:
        assert all(one.start + one.size <= path.stat().st_size for one in file.tensors)
