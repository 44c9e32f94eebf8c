from __future__ import annotations

from copy import deepcopy

from junitparser import Failure, Skipped

from quantassay.exports.junit import JUnit


def cases(rich, valid, name="int8-static"):
    suite = next(one for one in valid("junit", JUnit().text(*rich)) if one.name == name)
    return {case.name: case for case in suite}


def test_a_case_is_a_judged_cell_and_one_is_the_verdict(rich, valid):
    found = cases(rich, valid)
    judged = [c for c in rich[0]["candidates"]["int8-static"]["accuracy"] if c["verdict"]]
    assert len(found) == len(judged) + 1
    assert "brier @ overall" not in found
    assert found["top1 @ digit=0"].is_passed


def test_a_failure_has_its_numbers(rich, valid):
    [failure] = cases(rich, valid)["top1 @ digit=8"].result
    assert isinstance(failure, Failure)
    assert failure.message.startswith("FAIL: ")
    assert "n 90" in failure.text or "n 88" in failure.text
    assert "margin 0.1" in failure.text


def test_what_cannot_be_told_is_skipped_with_its_reason(rich, valid):
    [skipped] = cases(rich, valid)["top1 @ overall"].result
    assert isinstance(skipped, Skipped)
    assert skipped.message.startswith("INCONCLUSIVE: ")


def test_what_does_not_gate_never_fails(rich, valid):
    found = cases(rich, valid, "int8-poor")
    assert not any(isinstance(r, Failure) for case in found.values() for r in case.result)
    [skipped] = found["top1 @ digit=8"].result
    assert skipped.message.startswith("watched, does not gate: FAIL")


def test_a_verdict_that_is_withheld_is_no_pass_though_every_cell_passes(rich, valid):
    claim = deepcopy(rich[0])
    one = claim["candidates"]["fp16"]
    one["accuracy"] = [c for c in one["accuracy"] if c["verdict"] == "pass"]
    one["decision"] |= {"verdict": "inconclusive", "reason": "withheld: holds for these items"}
    [skipped] = cases((claim, rich[1]), valid, "fp16")["verdict"].result
    assert skipped.message == "INCONCLUSIVE: withheld: holds for these items"


def test_text_that_xml_cannot_hold_is_replaced(rich, valid):
    claim = deepcopy(rich[0])
    claim["candidates"]["fp16"]["decision"]["reason"] = "a\x00b\x1b]]><b>&\ufffe"
    text = JUnit().text(claim, rich[1])
    case = cases((claim, rich[1]), valid, "fp16")["verdict"]
    assert "a\ufffdb\ufffd]]><b>&\ufffd" in case.system_out
    assert "\x00" not in text and "<script>" not in text
