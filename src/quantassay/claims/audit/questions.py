"""What a text leaves implicit, worst first, and what to ask its author."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from quantassay.records.audit import Finding, Item

from .rules import RULES

WORST_FIRST = (
    "task", "metric", "reference", "model_quantized", "sample_size", "calibration", "strata",
    "model_base", "composition",
)  # fmt: skip
MOST_QUESTIONS = 12
_RANKS = {rule: place for place, rule in enumerate(RULES)}
_ASKED: dict[str, tuple[str, str]] = {
    "task": (
        "On which data set, and which split of it, was this measured? For example: "
        '"ImageNet-1k, validation, 50,000 images".',
        'Which data set and split is it exactly? For example: "COCO val2017, 5,000 images".',
    ),
    "metric": (
        'Which score is it? For example: "top-1 accuracy" or "F1, macro over classes".',
        "How exactly is the score computed? For example: "
        '"mAP at IoU 0.50:0.95" or "acc_norm, 25-shot".',
    ),
    "reference": (
        "What is the loss measured against, in which precision did that run, and what does it "
        "score on the "
        'same samples? For example: "the FP16 checkpoint, 76.1 %".',
        "In which precision did the unquantized model run that the figures are compared with? For "
        'example: "BF16, the same engine".',
    ),
    "model_quantized": (
        "Which quantized model was measured? For example: a link to the file, or "
        '"W4A16, group size 128, GPTQ with llm-compressor 0.6".',
        "With which tool and scheme was it quantized, and can the file be named? For example: "
        '"INT8 static QDQ, per-channel, ONNX Runtime 1.20".',
    ),
    "sample_size": (
        "On how many samples were both scores measured, and how many changed from right to wrong "
        "and back? "
        'For example: "n = 10,000; 61 lost, 42 gained".',
        "Is this the number of scored samples, and how many changed between the two? For example: "
        '"n = 10,000; 61 lost, 42 gained".',
    ),
    "calibration": (
        "What was the model calibrated on, how many samples, and by which method; or was no data "
        "needed? "
        'For example: "512 samples of the training split, min-max".',
        "Which data, and how many samples, went into the calibration? For example: "
        '"512 samples of the training split; none of them scored".',
    ),
    "strata": (
        "Does the loss fall on all parts alike? For example: the two scores of each class, "
        "language or subject.",
        "Can both scores be given for each part of the task, in the same metric? For example: one "
        "row for each class, language or subject.",
    ),
    "model_base": (
        'Which model was quantized? For example: "Llama-3.1-8B-Instruct, revision 0e9e39f".',
        'Which size and version of the model is it? For example: "Whisper large-v3".',
    ),
    "composition": (
        "What is the test set made of, and is it like the data of the deployment? For example: "
        '"in-domain, 10 classes alike".',
        'How is the test set made up? For example: "in-domain, 70 % English, 30 % German".',
    ),
}


def implicit(items: Mapping[str, Item]) -> tuple[str, ...]:
    """Return the items that are not fully disclosed: the undisclosed first, the worst first."""
    undisclosed = [name for name in WORST_FIRST if name in items and items[name].answer == "no"]
    partial = [name for name in WORST_FIRST if name in items and items[name].answer == "partial"]
    return (*undisclosed, *partial)


def questions(items: Mapping[str, Item], findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return what to ask the author: what cannot hold first, then what is not disclosed.

    At most twelve questions, each once.
    """
    found = sorted((one for one in findings if RULES[one.rule].question), key=_rank)
    asked = [_about(finding) for finding in found]
    for name in implicit(items):
        undisclosed, partly = _ASKED[name]
        asked.append(undisclosed if items[name].answer == "no" else partly)
    return tuple(dict.fromkeys(asked))[:MOST_QUESTIONS]


def _rank(finding: Finding) -> int:
    """Return the place of a rule among all."""
    return _RANKS[finding.rule]


def _about(finding: Finding) -> str:
    """Return the question of a finding, with what it computed, or the words that it is about."""
    rule = RULES[finding.rule]
    if rule.by_value:
        return f"{' '.join(finding.finding.split())} {rule.question}"
    words = min((quote.text for quote in finding.quotes), key=len, default="")
    words = " ".join(words.split())
    place = f'"{words[:97]}{"..." if len(words) > 97 else ""}": ' if words else ""
    return place + (rule.question or "")
