"""Scores on the data that the model was trained on."""

from __future__ import annotations

import re

from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

from .passages import prose, quoted

_TRAINING = r"train(?:ing)?[- ](?:set|data(?:set)?|split|images|samples|dataloader)"
_SCORED = re.compile(
    r"\b(?:m?ap|accuracy|f1|wer|score[sd]?|evaluat(?:ed|e|ion)|tested|validated)\b(?:(?! "
    r"calib)[^.;!?,\n]){0,30}?\b(?:on|over)\s(?:(?:the|its|my|our|same|full|whole)\s){0,2}"
    + _TRAINING,
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:not|never|n't|calibrat\w*|trained|fine-?tuned|overfit\w*|gap|versus|vs|both)\b",
    re.IGNORECASE,
)


def training_set(document: Document, figures: Figures) -> list[Finding]:
    """Return the sentences that score a model on the data that it was trained on."""
    text = "The scores are of the training set: they do not tell what is lost on other data."
    return [
        Finding("scored-on-training", text, quoted(document, one))
        for one in prose(figures)
        if scored_on_training(one.text)
    ][:2]


def scored_on_training(text: str) -> bool:
    """Return whether a sentence scores a model on its training set."""
    match = _SCORED.search(text)
    return match is not None and not _DENIED.search(
        text, max(0, match.start() - 60), match.end() + 20
    )
