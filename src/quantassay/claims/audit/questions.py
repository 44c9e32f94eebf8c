"""What a text leaves implicit, worst first, and what to ask its author."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from quantassay.records.audit import Finding, Item

WORST_FIRST = (
    "task", "metric", "reference", "model_quantized", "sample_size", "calibration", "strata",
    "model_base", "composition",
)  # fmt: skip
MOST_QUESTIONS = 12
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
_FOUND: dict[str, str] = {
    "calibration-on-evaluation": "Were the samples calibrated on left out of the scores? If "
    "not, can the scores be given for a calibration on other data?",
    "calibration-same-dataset": "Which splits of the data set were used for calibration and "
    "for the scores?",
    "two-test-sets": "Can both variants be scored on the same samples?",
    "few-shot-from-test": "Can the scores be given with examples from outside the test set?",
    "hidden-comment": "Which figures hold: those shown, or those in the hidden comment?",
    "metadata-value": "Which score holds: that of the metadata, or that of the body?",
    "metadata-base-model": "Which base model is it: that of the metadata, or that of the body?",
    "metadata-scheme": "Is the quantization static or dynamic?",
    "metadata-data": "Which data set and metric hold: those of the metadata, or those of the body?",
    "example-model": "Does the loading example name the model that was measured?",
    "bits": "Which bits do the weights and the activations have?",
    "reference-precision": "In which precision did the reference run?",
    "table-against-sentence": "Which figure holds: that of the sentence, or that of the table?",
    "scored-on-training": "What does the model score on data that it was not trained on?",
    "two-metrics": "Which metric are these scores?",
    "placeholder": "What are the scores that are announced?",
    "f-score": "Which of precision, recall and F1 hold?",
    "no-loss": "How is the denied loss to be read beside the scores?",
    "stated-loss": "From which two scores is the stated loss computed, and how?",
    "stated-bound": "For which rows does the stated bound hold?",
    "average": "What is the average of, and with which weights?",
    "count": "From which counts are the percentages computed?",
    "speed-up": "From which two timings is the speed-up computed?",
    "recovery-implies": "What does the reference score, on the same samples?",
    "sign": "Is a negative drop a gain or a loss?",
    "half": "What does the quantized model score, and on which task?",
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
    found = sorted((one for one in findings if one.rule in _FOUND), key=_rank)
    asked = [_about(finding) for finding in found]
    for name in implicit(items):
        undisclosed, partly = _ASKED[name]
        asked.append(undisclosed if items[name].answer == "no" else partly)
    return tuple(dict.fromkeys(asked))[:MOST_QUESTIONS]


def _rank(finding: Finding) -> int:
    """Return the place of a rule among those that are asked about."""
    return list(_FOUND).index(finding.rule)


def _about(finding: Finding) -> str:
    """Return the question of a finding, with the words that it is about."""
    words = min((quote.text for quote in finding.quotes), key=len, default="")
    words = " ".join(words.split())
    place = f'"{words[:97]}{"..." if len(words) > 97 else ""}": ' if words else ""
    return place + _FOUND[finding.rule]
