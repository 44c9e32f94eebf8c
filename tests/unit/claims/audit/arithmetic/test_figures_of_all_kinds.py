"""No table or sentence of figures, however odd, stops an audit."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from quantassay.claims.audit.audit import audit_document
from quantassay.claims.audit.rules import RULES
from quantassay.claims.sources.read import read_text

HEADERS = (
    "FP16", "INT8", "W4", "FP32", "Accuracy", "Drop", "Recovery", "Delta", "Speedup",
    "Latency (ms)", "Throughput", "FPS FP32", "FPS INT8", "Size (MB)", "Samples", "Correct",
    "Average", "WER",
    "Perplexity", "F1", "FP32 accuracy (drop)", "FP16 / INT8", "MMLU", "ImageNet top-1", "n",
)  # fmt: skip
ROWS = (
    "MMLU", "net FP32", "net INT8", "GSM8K", "Latency", "Average", "Recovery (%)", "Samples", "WER",
    "throughput (images/s)", "Size", "top-1", "CIFAR-10", "",
)  # fmt: skip
UNITS = ("", "%", " %", " pp", "x", " ms", " FPS", " MB", " s", " points")
WORDS = (
    "The accuracy of INT8 drops from {} to {}.", "It recovers {} of BF16 accuracy: {} vs {}.",
    "INT8 is {} faster: {} to {}.", "INT8 scores {} on MMLU and FP16 scores {}, a loss of {}.",
    "Perplexity improved from {} to {}.", "{} of {} images are right, an accuracy of {}.",
    "Evaluated on n = {} samples of CIFAR-10.", "Precision {}, recall {} and F1 {}.",
    "No accuracy loss: {} against {}.", "Less than {} accuracy loss on all tasks.",
    "The margin is {}, the 95 % CI {} to {}.", "<!-- FP16 MMLU {} and INT8 {} -->",
    "Worst class falls {} from {} to {}.", "Both score about {}.", "At {} it is {} smaller.",
)  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(
        ["0", "0.0", "1", "1.00", "100", "-0", "1,319", "5,000", "999,999,999,999,999"]
    ),
    st.integers(0, 10**12).map(str),
    st.decimals(-200, 200, places=2).map(str),
    st.decimals(0, 1, places=4).map(str),
    st.decimals(0, "0.000001", places=12).map("{:.12f}".format),
    st.sampled_from(
        ["N/A", "-", "xx.x", "71.2 ± 0.3", "71.2 / 70.9", "71.2 (-0.4)", "71.2 (99.1%)"]
    ),
)
FIGURES = st.tuples(VALUES, st.sampled_from(UNITS)).map("".join)


@st.composite
def tables(draw: st.DrawFn) -> str:
    headers = draw(st.lists(st.sampled_from(HEADERS), min_size=1, max_size=5))
    labels = draw(st.lists(st.sampled_from(ROWS), min_size=1, max_size=5))
    rows = [[label, *(draw(FIGURES) for _ in headers)] for label in labels]
    lines = [["", *headers], ["---"] * (len(headers) + 1), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


@st.composite
def sentences(draw: st.DrawFn) -> str:
    words = draw(st.sampled_from(WORDS))
    return words.format(*(draw(FIGURES) for _ in range(3)))


@settings(deadline=None, max_examples=250)
@given(st.lists(st.one_of(tables(), sentences()), min_size=1, max_size=5))
def test_any_figures_are_audited(parts: list[str]) -> None:
    audit = audit_document(read_text("# net INT8\n\n" + "\n\n".join(parts)), {})
    for claim in audit.claims:
        for one in (*claim.arithmetic, *claim.contradictions):
            assert one.rule in RULES
            assert "nan" not in one.finding.lower().replace("finan", "")
            assert " inf" not in one.finding
