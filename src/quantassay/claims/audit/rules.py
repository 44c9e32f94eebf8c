"""Every rule of the audit: what its findings say, what they ask, and whether they raise a doubt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from quantassay.records.audit import Finding


@dataclass(frozen=True, slots=True)
class Rule:
    """What a finding says, and what to ask the author of it.

    ``doubt`` is whether figures or words do not hold together, or leave open what they are; where
    it is not set, a finding is information. ``proven`` is whether two places, or figures and what
    is computed from them, cannot both hold; ``by_value`` whether a question repeats the finding,
    which names the computed value.
    """

    says: str
    question: str | None = None
    doubt: bool = True
    proven: bool = False
    by_value: bool = False


RULES: Mapping[str, Rule] = {
    # contradictions; of all rules, those that are asked about first stand first
    "calibration-on-evaluation": Rule(
        "calibrated on samples that are scored",
        "Were the samples calibrated on left out of the scores? If not, can the scores be given "
        "for a calibration on other data?",
    ),
    "calibration-same-dataset": Rule(
        "calibration and scores name one dataset and no split",
        "Which splits of the data set were used for calibration and for the scores?",
    ),
    "two-test-sets": Rule(
        "the two sides of a comparison are scored on different samples",
        "Can both variants be scored on the same samples?",
    ),
    "few-shot-from-test": Rule(
        "examples in the prompt are taken from the test set",
        "Can the scores be given with examples from outside the test set?",
    ),
    "hidden-comment": Rule(
        "a comment that the page does not show gives other figures, or doubts them",
        "Which figures hold: those shown, or those in the hidden comment?",
    ),
    "metadata-value": Rule(
        "the metadata give another score than the body",
        "Which score holds?",
        proven=True,
        by_value=True,
    ),
    "metadata-base-model": Rule(
        "the metadata name another base model than the body",
        "Which base model is it: that of the metadata, or that of the body?",
        proven=True,
    ),
    "metadata-scheme": Rule(
        "a tag says static, the text dynamic, or the reverse",
        "Is the quantization static or dynamic?",
        proven=True,
    ),
    "metadata-data": Rule(
        "the metadata name other data and other metrics than the body",
        "Which data set and metric hold: those of the metadata, or those of the body?",
        proven=True,
    ),
    "metadata-method": Rule(
        "the configuration declares another method than the text names",
        "With which method was the model quantized: that of the configuration, or of the text?",
        proven=True,
    ),
    "example-model": Rule(
        "the loading example names another model than the title",
        "Does the loading example name the model that was measured?",
        proven=True,
    ),
    "bits": Rule(
        "one artefact has two widths",
        "Which bits do the weights and the activations have?",
        proven=True,
    ),
    "reference-precision": Rule(
        "the reference has one precision in the table and another in a sentence",
        "In which precision did the reference run?",
        proven=True,
    ),
    "table-against-sentence": Rule(
        "a sentence gives another score than the table",
        "Which figure holds?",
        proven=True,
        by_value=True,
    ),
    "direction": Rule(
        "the words say up or down, and the figures go the other way",
        "Which holds: the words, or the figures?",
        proven=True,
        by_value=True,
    ),
    "calibration-denied": Rule(
        "a calibration is described, and denied",
        "Was the model calibrated, and on what?",
        proven=True,
    ),
    "scored-on-training": Rule(
        "the scores are of the training set",
        "What does the model score on data that it was not trained on?",
    ),
    "two-metrics": Rule(
        "one label names two metrics",
        "Which metric are these scores?",
    ),
    "claim-schema": Rule("a claim file is not as its schema has it", proven=True),
    "claim-consistency": Rule("a claim file says what its own data do not give", proven=True),
    # arithmetic
    "placeholder": Rule(
        "a score is announced and not given",
        "What are the scores that are announced?",
    ),
    "f-score": Rule(
        "F1 does not follow from precision and recall",
        "Which of the figures hold?",
        proven=True,
        by_value=True,
    ),
    "no-loss": Rule(
        "a loss is denied that the scores show",
        "How is this to be read?",
        proven=True,
        by_value=True,
    ),
    "stated-loss": Rule(
        "a stated loss or recovery follows from the two scores in no reading",
        "Which of the figures holds?",
        proven=True,
        by_value=True,
    ),
    "stated-bound": Rule(
        "a stated bound on the loss is exceeded in the table",
        "For which rows does it hold?",
        proven=True,
        by_value=True,
    ),
    "average": Rule(
        "a printed average is not the mean of the scores beside it",
        "What is the average of, and with which weights?",
        proven=True,
        by_value=True,
    ),
    "average-open": Rule(
        "a printed average is no plain mean of the scores beside it",
        "What is the average of, and with which weights?",
    ),
    "count": Rule(
        "a percentage does not follow from the counts beside it",
        "Which of the figures holds?",
        proven=True,
        by_value=True,
    ),
    "count-possible": Rule(
        "no count of the stated number of samples gives the score",
        "Is the score a share of the stated number of samples?",
    ),
    "samples": Rule(
        "two numbers of samples are stated for one comparison",
        "On how many samples were the scores measured?",
        proven=True,
    ),
    "speed-up": Rule(
        "a stated speed-up follows from no two timings",
        "From which timings is it computed?",
        proven=True,
        by_value=True,
    ),
    "size-ratio": Rule(
        "a stated size ratio does not follow from the two sizes",
        "From which sizes is it computed?",
        proven=True,
        by_value=True,
    ),
    "recovery-implies": Rule(
        "a recovery without the reference's score, and the score that it implies",
        "What does the reference score, on the same samples?",
        doubt=False,
    ),
    "sign": Rule(
        "a negative drop that may be a gain or a loss",
        "Is a negative drop a gain or a loss?",
    ),
    "half": Rule(
        "a gain in speed or size, and no score",
        "What does the quantized model score, and on which task?",
    ),
    "rounding": Rule("equal scores that are rounded so far that a loss cannot show"),
    "sampling-open": Rule(
        "whether a loss is beyond its sampling error depends on how many samples changed"
    ),
    "capped": Rule("the text is longer, or has more figures, than is examined"),
    "sampling-within": Rule("a loss is within its sampling error", doubt=False),
    "sampling-beyond": Rule("a loss is beyond its sampling error", doubt=False),
    "stated-loss-reading": Rule(
        "a stated loss is relative, or absolute; both are computed", doubt=False
    ),
}


def marked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings with what their rules say of doubt.

    Raises
    ------
    KeyError
        If a finding names no rule.
    """
    return tuple(replace(one, doubt=RULES[one.rule].doubt) for one in findings)
