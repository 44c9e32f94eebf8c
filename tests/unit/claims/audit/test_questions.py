from __future__ import annotations

from dataclasses import replace

import pytest

from quantassay.claims.audit.questions import implicit, questions
from quantassay.claims.audit.reply import escaped, reply
from quantassay.records.audit import ITEMS, ClaimAudit, Finding, Item, Quote

DISCLOSED = {name: Item("yes", (), "") for name in ITEMS}


def test_undisclosed_items_come_before_those_disclosed_in_part() -> None:
    items = {
        **DISCLOSED,
        "strata": Item("no", (), ""),
        "task": Item("partial", (), ""),
        "metric": Item("no", (), ""),
    }
    assert implicit(items) == ("metric", "strata", "task")


@pytest.mark.parametrize("name", ITEMS)
@pytest.mark.parametrize("answer", ["no", "partial"])
def test_every_item_has_a_question_with_an_example(name: str, answer: str) -> None:
    (asked,) = questions({**DISCLOSED, name: Item(answer, (), "")}, [])
    assert asked.endswith(".")
    assert "For example" in asked


def test_findings_are_asked_about_first_with_their_words() -> None:
    quote = Quote("the eval dataloader", 0, 19)
    found = Finding("calibration-on-evaluation", "...", (quote,))
    asked = questions({**DISCLOSED, "strata": Item("no", (), "")}, [found])
    assert asked[0].startswith('"the eval dataloader": ')
    assert len(asked) == 2


def test_a_finding_that_asks_nothing_is_left_out() -> None:
    assert questions(DISCLOSED, [Finding("sampling-beyond", "...", ())]) == ()


CLAIM = ClaimAudit("", DISCLOSED, (), (), "measured", "", ())


def test_nothing_missing_is_said() -> None:
    assert "everything that we look for is disclosed" in reply(CLAIM)


def test_a_reply_names_what_is_missing_and_escapes_what_is_quoted() -> None:
    bad = "[x](javascript:alert(1)) <img src=x> @team #1 | `a`"
    finding = Finding(
        "no-loss", "A sentence says that there is no loss.", (Quote(bad, 0, len(bad)),)
    )
    items = {**DISCLOSED, "calibration": Item("no", (), "")}
    claim = replace(
        CLAIM, items=items, contradictions=(finding,), questions=questions(items, [finding])
    )
    text = reply(claim)
    assert "- the calibration (not disclosed)" in text
    assert "1. " in text
    assert "\\<img" in text
    assert "<img" not in text.replace("\\<img", "")
    assert "](" not in text.replace("\\](", "")


def test_escaping_keeps_words_on_one_line() -> None:
    assert escaped("a\n# b") == "a # b"
    assert escaped("1.5 % (min-max)") == "1.5 % (min-max)"


def test_nothing_is_linked_or_mentioned() -> None:
    text = escaped("https://example.org www.example.org @team #12 <a>")
    assert "://" not in text
    assert "@team" not in text
    assert "#12" not in text
    assert "\\<a\\>" in text


def test_a_question_of_a_mismatch_names_what_was_computed() -> None:
    found = Finding("stated-loss", "97.2% does not follow: they give 95.17 %.", (Quote("q", 0, 1),))
    (asked,) = questions(DISCLOSED, [found])
    assert asked == "97.2% does not follow: they give 95.17 %. Which of the figures holds?"


def test_a_reply_tells_mismatches_from_what_is_open() -> None:
    claim = replace(
        CLAIM,
        arithmetic=(Finding("stated-loss", "Wrong.", ()), Finding("sampling-open", "Open.", ())),
    )
    text = reply(claim)
    proven, open_ = text.index("**Does not follow**"), text.index("**Cannot be told")
    assert proven < text.index("Wrong.") < open_ < text.index("Open.")
