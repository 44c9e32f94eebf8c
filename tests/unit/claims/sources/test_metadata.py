import json

import pytest

from quantassay.claims.sources.metadata import json_entries, yaml_entries
from quantassay.claims.sources.read import read_text

CARD = """---
license: mit
note: "é # no comment"
model-index:
- results:
  - metrics:
    - {type: acc, value: 0.7838}
---
# Card
"""


def test_front_matter_has_every_scalar_at_its_place() -> None:
    document = read_text(CARD)
    assert {entry.path: entry.value for entry in document.entries} == {
        "license": "mit",
        "note": "é # no comment",
        "model-index.0.results.0.metrics.0.type": "acc",
        "model-index.0.results.0.metrics.0.value": "0.7838",
    }
    for entry in document.entries:
        assert CARD[entry.start : entry.end] == entry.value
    assert [one.kind for one in document.regions] == ["metadata", "heading"]


def test_front_matter_after_the_header_of_a_source() -> None:
    document = read_text(f"# source: https://x.example/int8\n---\n{CARD}")
    assert "x.example" not in document.plain
    assert document.entries[0].path == "license"


@pytest.mark.parametrize("body", ["a: [", "a: *b", "\tx: 1", "a: b: c", "a: " + "[" * 500])
def test_yaml_that_does_not_parse_gives_no_entries(body: str) -> None:
    document = read_text(f"---\n{body}\n---\n# Card\n")
    assert document.entries == ()
    assert len(document.headings) == 1


def test_aliases_are_not_unfolded() -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 9))
    entries = yaml_entries(f"l0: &l0 [lol]\n{levels}")
    assert [entry.value for entry in entries] == ["lol"]


def test_json_has_every_scalar_at_its_place() -> None:
    value = {"q": {"bits": 4, "on": True, "skip": ['a\n"b', None], "": {}}, "x": []}
    text = json.dumps(value, indent=1)
    entries = json_entries(text)
    assert [(entry.path, entry.value) for entry in entries] == [
        ("q.bits", "4"),
        ("q.on", "true"),
        ("q.skip.0", 'a\n"b'),
        ("q.skip.1", "null"),
    ]
    assert text[entries[0].start : entries[0].end] == "4"


def test_a_claim_of_our_own_is_recognized() -> None:
    assert read_text('{"schema": "quantassay/claim/1"}').kind == "claim"
    assert read_text('{"schema": "other", "was": "quantassay/claim/1"}').kind == "metadata"
