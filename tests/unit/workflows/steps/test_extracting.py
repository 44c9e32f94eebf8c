"""A user's own reading of a text."""

from __future__ import annotations

from pathlib import Path

import pytest

import quantassay as qa
from quantassay.errors import UserCodeError

TEXT = "Our in-house ticket set: INT8 loses 0.4 points against FP32.\n"


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "card.md"
    path.write_text(TEXT, "utf-8")
    return path


def reader(folder: Path, name: str, body: str) -> str:
    (folder / f"{name}.py").write_text(f"def read(text):\n    {body}\n", "utf-8")
    return f"{name}:read"


def test_its_items_stand_in_place_of_ours(card: Path) -> None:
    body = 'return {"task": {"answer": "yes", "quotes": ["in-house ticket set"], "why": "ours"}}'
    spec = reader(card.parent, "own_reading", body)
    task = qa.audit(card, extractor=spec).claims[0].items["task"]
    assert (task.answer, task.why) == ("yes", f"ours (by {spec})")
    assert TEXT[task.quotes[0].start : task.quotes[0].end] == "in-house ticket set"


def test_a_quote_may_be_a_pair_of_places(card: Path) -> None:
    spec = reader(
        card.parent,
        "placed_reading",
        'return {"metric": {"answer": "partial", "quotes": [[4, 12]]}}',
    )
    metric = qa.audit(card, extractor=spec).claims[0].items["metric"]
    assert metric.quotes[0].text == "in-house"


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("raising", "raise ValueError('no')", "raised ValueError"),
        ("no_dict", "return 3", "returned int"),
        ("misspelt", 'return {"metrics": {"answer": "no"}}', "did you mean 'metric'"),
        ("no_answer", 'return {"metric": {"answer": "maybe"}}', "yes, partial, no"),
        ("unquoted", 'return {"metric": {"answer": "yes"}}', "without a quote"),
        ("invented", 'return {"metric": {"answer": "yes", "quotes": ["F1"]}}', "is not in"),
        ("outside", 'return {"metric": {"answer": "yes", "quotes": [[5, 900]]}}', "is not in"),
    ],
)
def test_what_it_may_not_return(card: Path, name: str, body: str, said: str) -> None:
    with pytest.raises(UserCodeError, match=said):
        qa.audit(card, extractor=reader(card.parent, name, body))
