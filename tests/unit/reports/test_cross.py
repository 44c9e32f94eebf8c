from __future__ import annotations

import io
from dataclasses import replace
from types import ModuleType

import pytest
from rich.console import Console

from quantassay.records.cross import At, CrossContrast
from quantassay.reports import console
from quantassay.reports.blocks import Bullets, Document, Forest, Section, Table
from quantassay.reports.cross import document
from quantassay.reports.cross_contrasts import SHOWN, compared, factor
from quantassay.reports.html import render
from quantassay.reports.markdown import LONGEST
from quantassay.reports.markdown import render as markdown


def section(made: Document, key: str) -> Section:
    return next(each for each in made.sections if each.key == key)


def table(made: Document, key: str) -> Table:
    return next(block for block in section(made, key).blocks if isinstance(block, Table))


def forest(made: Document) -> Forest:
    return next(block for block in section(made, "losses").blocks if isinstance(block, Forest))


def test_answers_come_first_each_with_its_interval(studies: ModuleType) -> None:
    made = document(studies.study())
    answers = made.sections[0]
    assert answers.key == "answers"
    bullets = answers.blocks[0]
    assert isinstance(bullets, Bullets)
    assert bullets.items[1].startswith("The model moves the penalty: 80.10 to 94.80 pp;")
    assert bullets.items[2] == "Metric: cannot be asked: one metric."
    backed = table(made, "contrasts").rows[0]
    assert backed[2].text == "88.10 pp [80.10, 94.80]"
    assert "hold at once, with 95 % confidence" in str(answers.blocks[2])
    assert made.banner.headline == (
        "15 triples, each on its declared surface: 6 robust (1 of them not at the first try), "
        "6 fragile, 3 undetermined. "
        "Shown to move the loss: model; not shown: task; not asked: metric."
    )


def test_a_row_has_all_that_it_takes_to_read_its_loss(studies: ModuleType) -> None:
    found = table(document(studies.study()), "cross")
    heads = [column.name for column in found.columns]
    row = dict(zip(heads, found.rows[12], strict=True))
    assert row["Task / model / scheme"].text == "retrieval / as-trained / fp16"
    assert row["Outcome"].text == "ROBUST"
    assert row["Loss [95 %]"].text == "0.01 pp [−0.71, 0.73]"
    assert (row["Margin"].text, row["n"].text, row["Clusters"].text) == ("3 pp", "1,200", "300")
    assert row["Decided by"].text == "mrr @ overall, loss up to 0.73 of 3 pp"
    assert row["Other metrics"].text == "nll 0.0004 nats [−0.0196, 0.0304]"
    assert row["Surface"].text == "1 cell; 1 more without a margin"
    assert row["Scheme really applied"].tone == "warning"
    assert row["Throughput [95 %]"].text == "not measured"
    assert "ROBUST: on its declared surface" in found.note


def test_fragile_at_once_is_asked_of_fragile_triples_alone(studies: ModuleType) -> None:
    found = table(document(studies.study()), "cross")
    place = [column.name for column in found.columns].index("Fragile at once")
    said = {row[0].text: row[place].text for row in found.rows}
    assert said["sums / outliers / int8-static"] == "yes"
    assert said["sums / as-trained / int8-static"] == "no"
    assert said["digits / as-trained / fp16"] == "–"


def test_an_undefined_loss_is_said_never_drawn_as_zero(studies: ModuleType) -> None:
    rows = forest(document(studies.study())).rows
    undefined = next(row for row in rows if row.text == "undefined")
    assert undefined.loss is None and undefined.facts == "no sample has an answer"
    missing = next(row for row in rows if row.text == "not measured")
    assert missing.loss is None and missing.facts == "this model has no MatMul to store"


def test_the_axis_bends_only_where_losses_are_far_apart(studies: ModuleType) -> None:
    drawn = forest(document(studies.study()))
    assert drawn.bend == 2.0
    assert "linear up to 2 pp" in drawn.note and "logarithmic beyond" in drawn.note
    alone = forest(document(studies.one_cell()))
    assert alone.bend is None and alone.note.startswith("Scale: linear.")


def test_metrics_of_another_unit_have_an_axis_of_their_own(studies: ModuleType) -> None:
    found = replace(studies.study(), headline={"digits": "top1", "sums": "nll"})
    drawn = [b for b in section(document(found), "losses").blocks if isinstance(b, Forest)]
    assert [each.axis for each in drawn] == ["loss, pp", "loss, nats"]
    assert {row.group.partition(",")[0] for row in drawn[1].rows} == {"sums"}


def test_strata_are_in_their_natural_order_below_the_whole(studies: ModuleType) -> None:
    found = table(document(studies.study()), "strata")
    assert found.caption == "sums / as-trained: loss of exact_match by stratum [95 %]"
    names = [row[0].text for row in found.rows]
    assert names == ["whole test set", "steps=1", "steps=2", "steps=3", "steps=10"]
    assert found.rows[2][4].text == "~ 2.27 pp [1.07, 3.46]"
    assert not found.folded


def test_what_was_not_measured_is_listed_with_its_reason(studies: ModuleType) -> None:
    made = document(studies.study())
    bullets = section(made, "left-out").blocks[0]
    assert isinstance(bullets, Bullets)
    assert bullets.items[0].endswith(": this model has no MatMul to store")
    assert "1 of 16 triples were not measured" in table(made, "cross").note


def test_settled_contrasts_come_first_and_the_rest_is_counted(studies: ModuleType) -> None:
    found = table(document(studies.large()), "contrasts")
    assert len(found.rows) == SHOWN
    assert "780" in found.note
    assert {row[4].text for row in found.rows} == {"yes"}
    mixed = table(document(studies.study()), "contrasts")
    assert [row[4].text for row in mixed.rows] == ["yes", "yes", "no", "undefined"]


def test_an_interaction_is_named_by_what_differs() -> None:
    def place(task: str, model: str) -> tuple[At, str]:
        return At(task, model, "int8"), "top1"

    one = CrossContrast(
        ("task", "model"), (place("a", "y"), place("b", "y")), (place("a", "x"), place("b", "x")),
        0.1, (0.05, 0.2), (3.0, None),
    )  # fmt: skip
    assert compared(one) == "(a / y less a / x) less (b / y less b / x) (int8 / top1)"
    assert factor(one) == "between the two factors: at least 3.00 times"


def test_names_are_text_in_every_rendering(studies: ModuleType) -> None:
    made = document(studies.study())
    assert "<script>alert(2)" not in render(made)
    assert "<script>alert(2)" not in markdown(made)


def test_one_triple_and_four_hundred_are_both_readable(studies: ModuleType) -> None:
    alone = document(studies.one_cell())
    assert {each.key for each in alone.sections}.isdisjoint({"contrasts", "left-out"})
    large = document(studies.large())
    text = markdown(large)
    assert len(text) <= LONGEST
    assert text.count("| task-") >= 60
    stream = io.StringIO()
    console.render(large, Console(file=stream, width=80, legacy_windows=False))
    lines = stream.getvalue().splitlines()
    assert len(lines) < 160
    assert max(map(len, lines)) <= 80
    assert any("task-0 / a-rather-long" in line for line in lines)


def test_a_finding_of_many_runs_is_said_once(studies: ModuleType) -> None:
    bullets = section(document(studies.study()), "findings").blocks[0]
    assert isinstance(bullets, Bullets)
    assert bullets.items == (
        "retrieval / as-trained / int8-static: no question was answered.",
        "digits / as-trained / fp16, digits / as-trained / int8-static and 4 more: "
        "Clusters are unknown.",
    )


def test_findings_that_differ_in_figures_alone_are_one(studies: ModuleType) -> None:
    found = studies.study()
    said = (f"fp32 still grows: {place}.5 times, stratum digit={place}" for place in range(2))
    cells = [replace(cell, findings=()) for cell in found.cells]
    cells[:2] = [replace(cell, findings=(text,)) for cell, text in zip(cells, said, strict=False)]
    kept = document(replace(found, cells=tuple(cells), findings=()))
    assert len(section(kept, "findings").blocks[0].items) == 2  # of two strata
    said = (f"fp32 still grows: {place}.5 times as much" for place in range(2))
    cells[:2] = [replace(cell, findings=(text,)) for cell, text in zip(cells, said, strict=False)]
    one = document(replace(found, cells=tuple(cells), findings=()))
    assert section(one, "findings").blocks[0].items == (
        "digits / as-trained / fp16 (and with other figures 1 more triple): fp32 still grows: "
        "0.5 times as much",
    )


def test_the_largest_loss_is_given_in_the_unit_of_each_metric(studies: ModuleType) -> None:
    words = str(section(document(studies.study()), "definitions").blocks)
    assert "a hundredth of the largest loss, which is 100 pp by top1" in words


def test_a_robust_triple_that_its_losses_contradict_is_refused(studies: ModuleType) -> None:
    found = studies.study()
    at = At("digits", "as-trained", "fp16")
    wrong = tuple(
        replace(one, verdict="inconclusive") if one.at == at and one.metric == "top1" else one
        for one in found.penalties
    )
    with pytest.raises(ValueError, match="is called robust, but top1 @ overall is inconclusive"):
        document(replace(found, penalties=wrong))


def test_an_outcome_that_was_not_got_at_first_bears_a_mark(studies: ModuleType) -> None:
    found = studies.study()
    first, second, third, *rest = found.cells
    cells = (replace(first, amendments=0, looks=3), replace(second, anew=2), third, *rest)
    made = table(document(replace(found, cells=cells)), "cross")
    assert [row[1].text for row in made.rows[:3]] == [
        "ROBUST, result 3", "ROBUST, begun anew twice", "UNDETERMINED",
    ]  # fmt: skip
    assert "no such mark" in made.note
    plain = tuple(replace(one, amendments=0) for one in found.cells)
    assert "mark" not in table(document(replace(found, cells=plain)), "cross").note


def test_contrasts_that_sentences_name_are_on_top_however_many_there_are(
    studies: ModuleType,
) -> None:
    found = studies.large()
    named = [one.largest for one in found.answers if one.largest is not None]
    far = tuple(replace(one, interval=(0.99, 1.0)) for one in found.contrasts)
    rows = table(document(replace(found, contrasts=(*far, *named))), "contrasts").rows
    assert {row[1].text for row in rows[:2]} == {compared(one) for one in named}


def test_what_is_in_no_contrast_is_said_beside_the_answers(studies: ModuleType) -> None:
    found = studies.study()
    why = "not compared, since they have no interval: 3 of 15 penalties"
    answers = tuple(replace(one, reason=one.reason or why) for one in found.answers)
    made = document(replace(found, answers=answers))
    text = [str(block) for block in made.sections[0].blocks]
    assert sum("Not compared, since they have no interval: 3 of 15" in one for one in text) == 1
