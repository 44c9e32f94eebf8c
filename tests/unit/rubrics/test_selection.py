"""How a rubric says which candidate is chosen."""

from __future__ import annotations

import pytest

from quantassay.rubrics.digest import ABSENT, canonical, differences

END = "confidence: 0.95\n"
INT8 = "  int8: {scheme: onnxruntime-static, of: fp32, calibration: train}\n"
MORE = (INT8, f"{INT8}  fp16: {{model: a.onnx}}\n  poor: {{model: b.onnx, gate: false}}\n")


def with_selection(text):
    return (END, f"{END}selection: {text}\n")


def test_it_is_read(rubrics):
    text = "{procedure: fixed-sequence, order: [fp16, int8]}"
    found = rubrics.load(MORE, with_selection(text)).rubric
    assert found.gating == ("int8", "fp16")
    assert found.selection.procedure == "fixed-sequence"
    assert found.selection.order == ["fp16", "int8"]
    assert rubrics.load(with_selection("{}")).rubric.selection.procedure == "fastest-first"


def test_without_it_a_rubric_is_what_it_was(rubrics):
    before = rubrics.load().rubric
    assert "selection" not in canonical(before)
    after = rubrics.load(with_selection("{procedure: fastest-first}")).rubric
    assert ("selection.procedure", ABSENT, '"fastest-first"') in differences(before, after)


def test_the_order_of_a_sequence_counts(rubrics):
    first, second = (
        rubrics.load(MORE, with_selection(f"{{procedure: fixed-sequence, order: {order}}}")).rubric
        for order in ("[fp16, int8]", "[int8, fp16]")
    )
    assert differences(first, second) == [("selection.order", '["fp16","int8"]', '["int8","fp16"]')]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{procedure: fixed-sequence}", "selection: procedure 'fixed-sequence' needs 'order'"),
        ("{order: [fp16, int8]}", "'order' belongs to procedure 'fixed-sequence'"),
        ("{procedure: fastest}", "procedure: must be 'fastest-first' or 'fixed-sequence'"),
        ("{procedures: fastest-first}", "procedures: unknown key (did you mean 'procedure'?)"),
    ],
)
def test_what_keys_cannot_be_is_refused(rubrics, text, said):
    assert said in rubrics.complaint(MORE, with_selection(text))


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("[int9, fp16]", "order[0]: no variant is called 'int9' (did you mean 'int8'?)"),
        ("[int8]", "order: lacks 'fp16': list every candidate that gates"),
        ("[int8, fp16, int8]", "order[2]: 'int8' is listed twice"),
        ("[fp32, int8, fp16]", "order[0]: 'fp32' is the deciding reference"),
        ("[int8, fp16, poor]", "order[2]: 'poor' says 'gate: false'"),
        ("[]", "order: lacks 'int8', 'fp16'"),
    ],
)
def test_an_order_names_every_gating_candidate_once(rubrics, order, said):
    text = f"{{procedure: fixed-sequence, order: {order}}}"
    complaint = rubrics.complaint(MORE, with_selection(text))
    assert said in complaint
    assert complaint.startswith("assay.yaml:20: selection.order")
    assert complaint.count("\n") == 0
