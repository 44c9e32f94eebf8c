"""The calibration study of a rubric."""

from __future__ import annotations

import pytest

from quantassay.rubrics.digest import canonical

END = "confidence: 0.95\n"


def with_study(text, more=""):
    return (END, f"{END}{more}calibration_study: {text}\n")


def test_what_is_left_out(rubrics):
    found = rubrics.load(with_study("{of: int8, samples: 32}")).rubric.calibration_study
    assert (found.draws, found.samples, found.metrics, found.shifted) == (8, [32], [], None)


def test_all_of_it(rubrics):
    text = "{of: int8, draws: 5, samples: [32, 128], metrics: [top1], shifted: digit}"
    found = rubrics.load(with_study(text)).rubric.calibration_study
    assert (found.draws, found.samples, found.metrics) == (5, [32, 128], ["top1"])
    assert found.shifted == "digit"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{of: int9, samples: 32}", "of: no variant is called 'int9' (did you mean 'int8'?)"),
        ("{of: fp32, samples: 32}", "of: 'fp32' has no calibration to draw anew"),
        ("{of: int8, samples: 32, metrics: [top2]}", "no metric 'top2' is measured (did you"),
        ("{of: int8, samples: 32, shifted: digits}", "no stratum is called 'digits' (did you"),
        ("{of: int8, samples: [32, 32]}", "'samples' lists the same size twice"),
        ("{of: int8, samples: 32, draws: 2}", "draws: must be at least 3, is 2"),
        ("{of: int8, samples: []}", "samples: must not be empty"),
        ("{of: int8, samples: 0}", "must be above 0, is 0"),
        ("{of: int8}", "samples: missing"),
        ("{of: int8, sizes: 32, samples: 1}", "sizes: unknown key"),
    ],
)
def test_what_is_wrong_is_said(rubrics, text, said):
    assert said in rubrics.complaint(with_study(text))


def test_looks_do_not_go_with_it(rubrics):
    text = rubrics.complaint(with_study("{of: int8, samples: 32}", "stopping: {}\n"))
    assert "calibration_study: measures the whole test set: it does not go with 'stopping'" in text


def test_a_rubric_without_one_keeps_its_digest(rubrics):
    assert "calibration_study" not in canonical(rubrics.load().rubric)
    found = canonical(rubrics.load(with_study("{of: int8, samples: 32}")).rubric)
    assert found["calibration_study"]["samples"] == [32]
