"""A transfer as a stranger reads it: verdict first, every figure with what it rests on."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from quantassay.records.production import (
    ColumnDifference,
    Production,
    ProductionMix,
    ProductionShare,
    TwoSample,
)
from quantassay.records.transfer import (
    Axis,
    CriticalReading,
    Judged,
    Measurement,
    Move,
    Reweighted,
    Shift,
    StratumShare,
    Transfer,
)
from quantassay.reports.console import render
from quantassay.reports.html import render as html
from quantassay.reports.markdown import render as markdown
from quantassay.reports.transfer import document

STRATA = (
    StratumShare("day", 0.9, 0.5, 400, 0.001, (-0.01, 0.012), "pass", "exact"),
    StratumShare("night", 0.1, 0.5, 400, 0.02, (0.005, 0.04), "inconclusive", "exact"),
)
READING = Reweighted(
    "int8", "fp32", "top1", "fraction", "place", True, None, STRATA, 800, 0.0029,
    (-0.0071, 0.01301), "by MOVER", 0.013, "inconclusive", "the loss interval holds the margin",
    shift=Shift(0.12, "a pass", (Move("night", "day", 0.12),)),
)  # fmt: skip
CRITICAL = CriticalReading(
    "int8", "fp32", "top1", "fraction", {"place": "night"}, 400, 0.02, (0.005, 0.04), "exact",
    0.05, "pass", "the loss interval ends below the margin", "deployment",
)  # fmt: skip
PRODUCTION = Production(
    "traffic.csv",
    600,
    (
        ProductionMix(
            "place", 600, 2, (ProductionShare("night", 60, 0.1, (0.077, 0.127), 400, 0.5),),
            1e-9, 0.4, "Pearson's test of homogeneity, the chi-square law",
        ),
    ),
    (
        TwoSample(
            "inputs", (600, 800), (600, 500), 3,
            (ColumnDifference("size", 0.31, "Kolmogorov-Smirnov", 1e-8, (0.1, 1.2)),),
            0.12, 0.001, 1e-8, True, ("when: a column of timestamp", ), "place",
        ),
    ),
    ("what is not found is not shown to be absent",),
)  # fmt: skip
FOUND = Transfer(
    "gate/1", "claim.json", 0.95, "fp32", {"int8": Judged("int8", "inconclusive", "why")}, "int8",
    "inconclusive", False, "the loss is neither",
    (Axis("strata mix", "differs", "measurement", "place (2)", "place", "40 % is elsewhere", True),
     Axis("task", "same", "digest", "doors", "doors", "the test set is the same", False)),
    (READING,), (CRITICAL,), PRODUCTION, "strata mix",
    Measurement("strata mix", 1234, True, "about 1,234 samples", "quantassay plan", "limits"),
    ("taken as stated",),
)  # fmt: skip


def shown(found: Transfer = FOUND, width: int = 200) -> str:
    stream = io.StringIO()
    render(document(found), Console(file=stream, width=width, legacy_windows=False))
    return stream.getvalue()


def test_the_verdict_comes_first_and_every_figure_is_whole() -> None:
    text = shown()
    assert text.startswith("~ INCONCLUSIVE  Whether the claim travels cannot be determined: ")
    # an end above the margin never looks equal to it
    assert (
        "top1 at the mix by place: loss 0.290 pp [−0.710, 1.301] against fp32 (n 800, "
        "margin 1.3 pp; by MOVER)"
    ) in text
    assert (
        "top1 @ place=night: loss 2.00 pp [0.50, 4.00] against fp32 (n 400, margin 5 pp of the "
        in (text)
    )


def test_it_ends_with_the_weakest_axis_and_a_number() -> None:
    text = shown()
    assert "strata mix: 40 % is elsewhere" in text
    assert "what would settle it: about 1,234 samples" in text
    assert "12.0 % of the traffic from night moved to day would turn it into a pass" in text


def test_production_says_what_differs_most_and_what_is_not_shown() -> None:
    text = shown()
    assert "Inputs: differ (600 of 600 samples against 500 of 800, drawn at the mix of" in text
    assert "energy distance 0.120, p 0.0010" in text
    assert "10.0 % [7.7, 12.7]" in text
    assert "what is not found is not shown to be absent" in text


def test_what_was_refused_has_no_figure() -> None:
    one = replace(
        READING, loss=None, interval=None, verdict="insufficient", reason="place=dawn: no",
        refused=("place=dawn: no",), shift=None,
    )  # fmt: skip
    text = shown(replace(FOUND, reweighted=(one,), verdict="insufficient"))
    assert text.startswith("○ INSUFFICIENT")
    assert "top1 at the mix by place: no figure: place=dawn: no" in text


@pytest.mark.parametrize(
    ("travels", "verdict", "start"),
    [
        (True, "pass", "✓ PASS  The claim travels"),
        (False, "pass", "~ INCONCLUSIVE"),
        (False, "fail", "✗ FAIL  The claim does not travel"),
        (False, None, "~ INCONCLUSIVE"),
    ],
)
def test_only_what_travels_is_a_pass(travels: bool, verdict, start: str) -> None:
    assert shown(replace(FOUND, travels=travels, verdict=verdict)).startswith(start)


@pytest.mark.parametrize("width", [40, 80])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(map(len, shown(width=width).splitlines())) <= width


def test_no_figure_is_cut_at_eighty_columns() -> None:
    name = "shifted-three-or-eight"
    critical = replace(CRITICAL, stratum={name: "yes"}, n=12_345, verdict="inconclusive")
    read = replace(READING, strata=tuple(replace(s, n=12_345) for s in STRATA))
    text = shown(replace(FOUND, critical=(critical,), reweighted=(read,)), width=80)
    assert text.count("12,345") == 4
    assert text.count("[0.50, 4.00]") == 3
    assert "5 pp  INCONCLUSIVE" in text
    assert "…" not in text
    head = next(line for line in text.splitlines() if "margin  verdict" in line)
    assert head.split() == ["stratum", "n", "loss", "margin", "verdict"]


def test_why_an_axis_stands_so_has_room_and_keeps_its_words() -> None:
    axis = replace(FOUND.axes[0], why="forms of one kind " * 20, gates=False)
    text = shown(replace(FOUND, axes=(axis, *FOUND.axes[1:])), width=80)
    assert "strata mix  differs*" in text
    assert "one marked * does not gate" in text
    assert "forms of one kind forms of one kind" in text
    assert " k …" not in text


def test_names_from_a_claim_cannot_pose_as_markup() -> None:
    evil = replace(FOUND, deployment="<script>x</script>|`\x1b[31m", reference="@me [a](b)")
    page, text = html(document(evil)), markdown(document(evil))
    assert "<script>x" not in page
    assert "<script>" not in text
    assert "\x1b" not in page + text + shown(evil)
    assert "[a](b)" not in text


def test_markdown_shows_axes_and_what_would_settle_them_unfolded() -> None:
    text = markdown(document(FOUND))
    assert text.index("### Axes of int8, the worst first") < text.index("<details>")
    assert text.index("### Most likely not to survive") < text.index("<details>")
