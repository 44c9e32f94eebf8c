"""Margins, confidence and metrics on the command line of `compare`."""

from __future__ import annotations

import pytest


@pytest.fixture
def sides(answers):
    return answers("ref.parquet"), answers("cand.parquet", wrong=12)


def test_the_sides_would_pass(command, sides):
    outcome = command("compare", *sides, "--margin", "0.05", "--json")
    assert (outcome.code, outcome.verdict()) == (0, "pass")
    assert outcome.stderr == ""


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--margin", "0"), ("--margin 0", "above 0")),
        (("--margin", "-0.01"), ("--margin -0.01", "above 0")),
        (("--margin", "nan"), ("--margin nan",)),
        (("--margin", "inf"), ("--margin inf",)),
        (("--margin", "1%"), ("--margin 1%",)),
        (("--margin", "1"), ("top1", "margin 1", "any loss")),
        (("--margin", "top1=100"), ("top1", "any loss")),
        (("--margin", "f1=0.01"), ("--margin f1=0.01", "--metric f1")),
        (("--margin", "topp1=0.01"), ("did you mean 'top1'?",)),
        (("--margin", "top1:class=0.1"), ("'class'", "--by class")),
        (("--margin", "0.01", "--confidence", "95"), ("did you mean 0.95?",)),
        (("--margin", "0.01", "--confidence", "0"), ("confidence is 0",)),
        (("--margin", "0.01", "--confidence", "1"), ("confidence is 1",)),
        (("--margin", "0.01", "--confidence", "nan"), ("confidence is nan",)),
        (("--metric", "topp1"), ("'topp1'", "did you mean 'top1'?")),
        (("--metric", "f1(averag=micro)"), ("'averag'", "did you mean 'average'?")),
        (("--metric", "topk(k=0)"), ("k is 0",)),
        (("--metric", "topk(k"), ("--metric topk(k",)),
        (("--metric", "brier"), ("brier needs probabilities",)),
        (("--by", "clas"), ("no column 'clas'",)),
        (("--cluster", "writer"), ("no column 'writer'",)),
        (("--id", "name"), ("no column 'name'",)),
        (("--prediction", "predd"), ("did you mean 'pred'?",)),
        (("--small-strata", "drop"), ("--small-strata",)),
    ],
    ids=" ".join,
)
def test_it_is_refused_with_its_name(command, sides, options, words):
    command("compare", *sides, *options).refused(*words)


def test_a_file_compared_with_itself_is_no_candidate(command, sides):
    command("compare", sides[0], sides[0], "--margin", "0.05").refused("ref.parquet", "itself")


def test_a_metric_that_is_only_described_never_passes(command, answers):
    p = [[0.7, 0.1, 0.1, 0.1]] * 400
    files = [answers(f"{name}.parquet", pred=None, probabilities=p) for name in ("a", "b")]
    outcome = command("compare", *files, "--metric", "ece", "--margin", "0.1", "--json")
    assert (outcome.code, outcome.verdict()) == (3, "insufficient")
