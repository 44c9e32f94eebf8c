"""Names are found whatever their spelling, and only where they are names."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantassay.claims.lexicons.matches import find


def names(text: str, kind: str) -> list[str]:
    return [match.name for match in find(text) if match.kind == kind]


@pytest.mark.parametrize(
    "text", ["SQuAD v1.1", "squad 1.1", "squad_v1_1", "SQuADv1.1", "SQUAD-V1.1"]
)
def test_spellings_of_one_name(text):
    assert names(text, "dataset") == ["SQuAD v1.1"]


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("ResNet50-v1", "model", "architecture with depth"),
        ("yolov5s", "model", "YOLO with size"),
        ("Llama-3-8B-Instruct-FP8", "model", "model with billions"),
        ("IQ4_XS", "format", "GGUF quant"),
        ("W4A16", "format", "weights and activations"),
        ("nDCG@10", "metric", "nDCG@k"),
        ("mAP@0.5:0.95", "metric", "mAP@IoU"),
        ("bert-base-uncased-mrpc", "dataset", "MRPC"),
        ("arc_challenge", "dataset", "ARC-Challenge"),
    ],
)
def test_names_and_patterns(text, kind, name):
    assert names(f"see {text}, please", kind) == [name]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a drop of rain and a race", "dataset"),
        ("glue code and no clue", "dataset"),
        ("them and lemmas", "metric"),
        ("MMLUX and xMMLU", "dataset"),
        ("W4A16B", "format"),
    ],
)
def test_words_and_parts_of_words_are_no_names(text, kind):
    assert names(text, kind) == []


def test_the_longest_name_wins_within_a_kind_only():
    found = find("FP8-dynamic")
    assert [(match.kind, match.name) for match in found] == [("format", "FP8-dynamic")]
    assert names("LibriSpeech test-clean", "dataset") == ["LibriSpeech test-clean"]


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_matches_are_in_order_and_apart(text):
    reached: dict[str, int] = {}
    last = 0
    for match in find(text):
        assert last <= match.start < match.end <= len(text)
        assert match.start >= reached.get(match.kind, 0)
        reached[match.kind], last = match.end, match.start


@pytest.mark.long
@pytest.mark.parametrize(
    "piece", ["|", "a-", "1-", "llama-", "Q4_", "a/", "W4", "1,", "squad ", "mAP "]
)
def test_time_grows_with_length_only(piece):
    find(piece)
    started = time.process_time()
    find(piece * (100_000 // len(piece)))
    assert time.process_time() - started < 2
