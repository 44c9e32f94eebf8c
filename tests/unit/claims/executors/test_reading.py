from __future__ import annotations

import json

import pytest

from quantassay.claims.build import claim
from quantassay.claims.executors.document import executor_document
from quantassay.claims.executors.reading import read_executor
from quantassay.claims.untrusted_json import MOST_BYTES
from quantassay.errors import DataError
from quantassay.records.plain import plain


@pytest.fixture
def written(tmp_path, spec):
    """The file of an executor, its values changed."""

    def write(change=lambda document: None):
        document = json.loads(json.dumps(executor_document(spec)))
        change(document)
        path = tmp_path / "executor.json"
        path.write_text(json.dumps(document))
        return path

    return write


def test_what_was_written_is_read_back(written, spec):
    assert read_executor(written()) == spec


def facts(document):
    return document["layers"]["processor"]["facts"]


HOSTILE = {
    "a fact by hand": lambda d: facts(d).update(model="Better CPU"),
    "a digest by hand": lambda d: d.update(digest="sha256:" + "0" * 64),
    "a fact of a variant by hand": lambda d: d["variants"]["int8"]["layers"]["engine"][
        "facts"
    ].update(threads=9),
    "a margin by hand": lambda d: d["variants"]["int8"]["criterion"]["margins"]["top1"].update(
        overall=0.5
    ),
    "control characters": lambda d: facts(d).update(model="\x1b[2J"),
    "a control character in a key": lambda d: facts(d).update({"\x1b[2J": 1}),
    "a lone surrogate": lambda d: facts(d).update(model="\ud800"),
    "a fact that is a mapping": lambda d: facts(d).update(model={"a": 1}),
    "a fact that is null": lambda d: facts(d).update(model=None),
    "a fact that is true": lambda d: facts(d).update(model=True),
    "a fact with a fraction": lambda d: facts(d).update(model=1.5),
    "a long fact": lambda d: facts(d).update(model="x" * 5000),
    "many facts": lambda d: facts(d).update({f"k{i}": 1 for i in range(500)}),
    "a large number": lambda d: facts(d).update(model=10**40),
    "a layer of another name": lambda d: d["layers"].update(soul=d["layers"]["processor"]),
    "layers in a list": lambda d: d.update(layers=[]),
    "an unknown key": lambda d: d.update(host="me"),
    "no variants": lambda d: d.pop("variants"),
    "another schema": lambda d: d.update(schema="quantassay/executor/9"),
    "no schema": lambda d: d.pop("schema"),
    "a margin that is none": lambda d: d["variants"]["int8"]["criterion"].update(margins={"a": 1}),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_that_is_not_as_it_was_written_is_refused_in_one_line(written, kind):
    path = written(HOSTILE[kind])
    with pytest.raises(DataError) as caught:
        read_executor(path)
    said = str(caught.value)
    assert said.startswith(f"{path}: ")
    assert said.isprintable()
    assert len(said) < 600 + len(str(path))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"schema": "quantassay/executor/1", "schema": 2}',
        b'{"schema": NaN}',
        b'{"schema": 1e999}',
        b'{"schema": ' + b"9" * 10_000 + b"}",
        b"[]",
        b"null",
        b'{"schema": "quantassay/claim/1"}',
    ],
    ids=range(11),
)
def test_bytes_that_tell_of_no_executor_are_refused_in_one_line(tmp_path, content):
    path = tmp_path / "executor.json"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_executor(path)
    assert str(caught.value).isprintable()


def test_no_file_a_folder_and_a_file_of_no_end(tmp_path):
    for path in (tmp_path / "absent.json", tmp_path):
        with pytest.raises(DataError, match="cannot be read"):
            read_executor(path)
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(MOST_BYTES + 2)
    with pytest.raises(DataError, match="too long for an executor"):
        read_executor(huge)


def test_the_executor_that_a_claim_specifies(tmp_path, spec):
    value = {
        "schema": "quantassay/claim/1", "made": "now", "quantassay": "0.1.0",
        "reference": {"name": "fp32"}, "candidates": {},
        "executor_specification": executor_document(spec),
    }  # fmt: skip
    path = tmp_path / "claim.json"
    path.write_text(json.dumps(value))
    assert read_executor(path) == spec
    value["executor_specification"]["layers"]["processor"]["facts"]["model"] = "Better CPU"
    path.write_text(json.dumps(value))
    with pytest.raises(DataError, match="not as it was written"):
        read_executor(path)


def test_a_claim_without_a_specification_is_read_as_far_as_it_tells(tmp_path, result):
    made = plain(claim(result))
    assert made.pop("executor_specification") is None
    path = tmp_path / "claim.json"
    path.write_text(json.dumps(made))
    found = read_executor(path)
    assert set(found.layers) == {"application", "framework", "os", "processor", "limits"}
    assert found.facts("processor")["model"] == "CPU"
    assert found.facts("engine", "int8")["version"] == "1.20"
    assert found.variants["int8"].artifact == "ab" * 32
    assert found.variants["int8"].criterion is None


def test_a_claim_of_answers_recorded_elsewhere_tells_of_nothing(tmp_path, result):
    made = plain(claim(result))
    made["executor"] = None
    for one in (made["reference"], *made["candidates"].values()):
        one["execution"] = None
    path = tmp_path / "claim.json"
    path.write_text(json.dumps(made))
    found = read_executor(path)
    assert found.layers == {}
    assert {one.note for one in found.variants.values()} == {"its answers were recorded elsewhere"}
