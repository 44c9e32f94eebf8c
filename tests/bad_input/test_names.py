"""Names that would be markup, terminal codes or file paths elsewhere."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import numpy as np
import pytest

SCRIPT = "<script>alert(1)</script>"
NAMES = [SCRIPT, '"><img src=x onerror=alert(1)>', "a|b\n## PASS", "[red]x[/red]", "\x1b[31mred"]


class Page(HTMLParser):
    """Collects tags, and what event handlers and scripts there are."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.handlers = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.handlers += [name for name, _ in attributes if name.startswith("on")]


@pytest.fixture
def named(run, assay):
    """Run the assay with odd names for classes and for the values of a column."""

    def call(names, changes=None):
        assay.data(None, None, group=[names[i % len(names)] for i in range(400)])
        base = {
            "strata": ["group"],
            "metrics": [{"name": "top1", "margin": 0.05, "by": {"group": 0.3}}, "f1"],
        }
        return run(base | (changes or {}))

    return call


def parts(assay, scripts):
    page = Page((assay.out / "report.html").read_text("utf-8"))
    assert page.tags.count("script") == scripts
    assert page.handlers == []
    assert page.tags.count("img") == 0
    return (assay.out / "report.md").read_text("utf-8")


@pytest.fixture
def scripts(named, assay):
    """How many scripts the report has when every name is plain."""
    assert named(["a", "b"]).code == 0
    return Page((assay.out / "report.html").read_text("utf-8")).tags.count("script")


def test_strata_are_escaped_in_every_report(named, assay, scripts, command):
    outcome = named(NAMES)
    assert outcome.code == 0, outcome.stderr
    strata = [cell["stratum"].get("group") for cell in outcome.json["cells"]]
    assert set(NAMES) <= set(strata)
    text = parts(assay, scripts)
    assert SCRIPT not in text
    assert "\n## PASS" not in text and "<img" not in text and "\x1b" not in text
    assert SCRIPT.replace("<", "&lt;").replace(">", "&gt;") in (
        assay.out / "report.html"
    ).read_text("utf-8")
    shown = command("report", assay.out)
    assert SCRIPT not in shown.stdout
    assert json.loads((assay.out / "verdicts.json").read_text("utf-8")) == outcome.json


def test_the_console_shows_no_terminal_codes_of_the_data(named, assay, command):
    named(NAMES)
    outcome = command("run", assay.folder / "assay.yaml", "--out", assay.out)
    assert outcome.code == 0
    assert "\x1b" not in outcome.stdout


def test_classes_are_escaped(run, assay, scripts):
    names = [SCRIPT, "b", "c", NAMES[1]]
    assay.data(None, [names[i] for i in assay.target])
    changes = {
        "task": {"outputs": {"classes": names}},
        "strata": ["target"],
        "metrics": [{"name": "top1", "margin": 0.05, "by": {"target": 0.3}}],
    }
    assert run(changes).code == 0
    assert SCRIPT not in parts(assay, scripts)


def test_names_of_the_rubric_are_escaped(run, assay, scripts):
    changes = {
        "rubric": SCRIPT,
        "task": {"name": SCRIPT, "composition": NAMES[1]},
        "strata": [{"name": SCRIPT, "where": {"target": 1}}],
        "metrics": [{"name": "top1", "margin": 0.05, "by": {SCRIPT: 0.3}}],
        "variants": {"low": {"precision": SCRIPT, "calibration": SCRIPT}},
    }
    assert run(changes).code == 0
    assert SCRIPT not in parts(assay, scripts)


def test_a_variant_cannot_be_a_path_or_markup(run):
    model = {"model": "low.onnx"}
    for name in (SCRIPT, "../up", "a/b", "a\\b", "..", "x\ny", " a"):
        run({"variants": {"low": ..., name: model}}).refused("variants", "names become file names")


def test_a_variant_in_any_alphabet_is_welcome(run, assay):
    model = {"model": "low.onnx"}
    assert run({"variants": {"low": ..., "kleiner (größer) 量子化": model}}).code == 0
    assert len(list((assay.out / "predictions").iterdir())) == 2


def test_a_rubric_named_like_a_path_stays_below_runs(command, assay):
    path = assay.write({"rubric": "../../../etc/small"})
    assert command("run", path).code == 0
    found = [p.parent for p in assay.folder.rglob("verdicts.json")]
    assert [p.parent.name for p in found] == ["runs"]


def test_names_in_recorded_answers_are_escaped(command, answers):
    group = [SCRIPT if i % 2 else "b" for i in range(400)]
    files = answers("ref.parquet", group=group), answers("<cand>.parquet")
    outcome = command("compare", *files, "--by", "group", "--margin", "0.1")
    assert outcome.code == 0


def test_ids_that_are_markup_are_escaped(run, assay, scripts):
    values = assay.values.copy()
    values[3] = np.nan
    import pyarrow.parquet as pq

    table = pq.read_table(assay.data(values))
    import pyarrow as pa

    ids = [SCRIPT if i == 3 else f"s{i}" for i in range(400)]
    pq.write_table(table.set_column(0, "id", pa.array(ids)), assay.folder / "test.parquet")
    outcome = run()
    assert any(SCRIPT in text for text in outcome.json["findings"])
    assert SCRIPT not in parts(assay, scripts)
