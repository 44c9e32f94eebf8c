"""How a rubric is written does not change its digest; what it says does."""

from __future__ import annotations

import json
import string
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from quantassay.rubrics.digest import canonical, differences, digest
from quantassay.rubrics.model import Rubric

names = st.text(string.ascii_lowercase, min_size=1, max_size=5)
margins = st.floats(1e-4, 0.5)
choices = st.lists(st.integers(0, 9) | names, min_size=1, max_size=4)
strata = st.dictionaries(names.map(lambda name: f"s-{name}"), choices, max_size=3)


@st.composite
def rubrics(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the plain values of a rubric."""
    parts = draw(strata)
    metrics = draw(st.lists(names, min_size=1, max_size=3, unique=True))
    return {
        "rubric": draw(names),
        "task": {"name": "t", "data": {"path": draw(names)}},
        "strata": [{"name": key, "where": {"c": values}} for key, values in parts.items()],
        "metrics": [
            {"name": name, "margin": draw(margins), "by": dict.fromkeys(parts, draw(margins))}
            for name in metrics
        ],
        "reference": ["fp32", *draw(st.permutations(["a", "b"]))],
        "variants": {name: {"model": f"{name}.onnx"} for name in ("fp32", "a", "b")},
        "seed": draw(st.integers(0, 9)),
    }


def shuffled(values: Any, random: Any, key: str = "") -> Any:
    """Return the same rubric with everything reordered that has no order."""
    if isinstance(values, dict):
        items = [(name, shuffled(value, random, name)) for name, value in values.items()]
        random.shuffle(items)
        return dict(items)
    if key in ("metrics", "strata", "c"):
        items = [shuffled(item, random) for item in values]
        random.shuffle(items)
        return items
    if key == "reference":
        return [values[0], *reversed(values[1:])]
    return values


@settings(deadline=None)
@given(rubrics(), st.randoms())
def test_order_without_meaning_does_not_count(values: dict[str, Any], random: Any) -> None:
    assert digest(Rubric(**values)) == digest(Rubric(**shuffled(values, random)))


@settings(deadline=None)
@given(rubrics(), st.booleans(), st.integers(2, 8), st.booleans())
def test_formatting_does_not_count(
    values: dict[str, Any], flow: bool, indent: int, unicode: bool
) -> None:
    text = yaml.safe_dump(
        values, default_flow_style=flow, indent=indent, allow_unicode=unicode, width=40
    )
    again = yaml.safe_load("# a comment\n" + text)
    assert digest(Rubric(**values)) == digest(Rubric(**again))


@settings(deadline=None)
@given(rubrics())
def test_defaults_written_out_do_not_count(values: dict[str, Any]) -> None:
    rubric = Rubric(**values)
    assert digest(rubric) == digest(Rubric(**rubric.model_dump()))


@settings(deadline=None)
@given(rubrics(), margins)
def test_a_margin_counts(values: dict[str, Any], margin: float) -> None:
    old = Rubric(**values)
    values["metrics"][0]["margin"] = margin
    new = Rubric(**values)
    same = old.metrics[0].margin == new.metrics[0].margin
    assert (digest(old) == digest(new)) is same
    key = f"metrics.{new.metrics[0].name}.margin.value"
    assert [found[0] for found in differences(old, new)] == ([] if same else [key])


@settings(deadline=None)
@given(rubrics(), rubrics())
def test_differences_are_empty_exactly_where_digests_agree(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    old, new = Rubric(**one), Rubric(**other)
    assert (digest(old) == digest(new)) is (differences(old, new) == [])
    mirrored = [(key, after, before) for key, before, after in differences(new, old)]
    assert differences(old, new) == mirrored


def test_the_deciding_reference_counts() -> None:
    values = {
        "rubric": "r",
        "task": {"name": "t", "data": {"path": "p"}},
        "metrics": ["top1"],
        "reference": ["a", "b"],
        "variants": {"a": {"model": "a"}, "b": {"model": "b"}},
    }
    old = Rubric(**values)
    new = Rubric(**(values | {"reference": ["b", "a"]}))
    assert differences(old, new) == [("reference", '["a","b"]', '["b","a"]')]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("margin: 0.02", "margin: 0.03", [("metrics.top1.margin.value", "0.02", "0.03")]),
        ("0.95", "0.9", [("confidence", "0.95", "0.9")]),
        ("rare: 0.05", "rare: 0.06", [("metrics.top1.by.rare.value", "0.05", "0.06")]),
        ("[8, 9]", "[9, 8, 8]", []),
        ("[8, 9]", "8", [("strata.rare.where.digit", "[8,9]", "[8]")]),
        ("[8, 9]", "['8', 9]", [("strata.rare.where.digit", "[8,9]", '["8",9]')]),
        ("path: test.csv", "path: ./test.csv", [("task.data.path", '"test.csv"', '"./test.csv"')]),
        ("samples: 256", "samples: 64", [("calibrations.train.samples", "256", "64")]),
        ("model.onnx}", "model.onnx} # the best", []),
    ],
)
def test_what_changed_is_named(rubrics, old: str, new: str, found: list[Any]) -> None:
    before, after = rubrics.load(), rubrics.load((old, new))
    assert differences(before.rubric, after.rubric) == found
    assert (before.digest == after.digest) is (found == [])


def test_a_metric_that_goes_shows_as_not_declared(rubrics) -> None:
    before, after = rubrics.load().rubric, rubrics.load(("  - {name: ece}\n", "")).rubric
    assert ("metrics.ece.name", '"ece"', "not declared") in differences(before, after)


def test_a_canonical_form_survives_being_written_down(rubrics) -> None:
    rubric = rubrics.load().rubric
    assert differences(json.loads(json.dumps(canonical(rubric))), rubric) == []


def test_the_digest_is_the_same_on_every_machine(rubrics) -> None:
    """Pinned: where this value changes, every earlier journal shows an amendment."""
    expected = "ebbe319b5c4ec499451c32ce22ad3fffec99fe83028a6ed34d6c98b8e2ef3d79"
    assert rubrics.load().digest == expected


def test_a_list_that_is_not_asked_for_leaves_the_digest_as_it_was():
    plain = {
        "rubric": "r", "task": {"name": "t", "data": {"path": "p"}}, "metrics": ["m"],
        "reference": "a", "variants": {"a": {"model": "a.onnx"}},
    }  # fmt: skip
    without, asked = (
        Rubric.model_validate({**plain, **more}) for more in ({}, {"proven_fine": True})
    )
    assert "proven_fine" not in canonical(without)
    assert digest(asked) != digest(without)
    assert differences(without, asked) == [("proven_fine", "not declared", "true")]
