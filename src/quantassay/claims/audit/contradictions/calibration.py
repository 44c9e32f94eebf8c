"""Calibration on the samples that are scored."""

from __future__ import annotations

import re

from quantassay.claims.audit.figures.names import named
from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.audit.figures.sentences import Sentence
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

from .passages import code, prose, quoted

MOST = 5
_MEANT = re.compile(r"calib|quanti", re.IGNORECASE)
_SET = (
    r"(?:data ?sets?|sets?|splits?|data ?loaders?|data|images?|samples?|examples?|partitions?|"
    r"queries|prompts)"
)
_HELD = rf"(?:eval(?:uation)?|test(?:ing)?|validation|val|dev(?:elopment)?|benchmark)[- _]?{_SET}"
_CALIBRATES = r"calibrat(?:ed|ing|ion|e|es|or)"
_ON = re.compile(
    rf"{_CALIBRATES}\b(?:(?! evaluat| test(?:ed|s)? on| disjoint| separate| independent| differ)"
    rf"[^.;!?\n]){{0,90}}?\b(?:is|are|was|were|on|with|using|use[sd]?|from|over|against|of|=|:)\s"
    rf"(?:[\w%,()'/-]+\s){{0,8}}?(?P<held>{_HELD})",
    re.IGNORECASE,
)
_FOR = re.compile(
    rf"(?P<held>{_HELD})\b[^.;!?]{{0,40}}\b(?:for|as|to)\s(?:\w+\s){{0,3}}?(?:calibrat(?:ion|e|ing)|"
    rf"quanti[sz](?:e|ing))\b|\bquanti[sz]\w+\b[^.;!?\n]{{0,40}}\b(?:with|using|from|"
    rf"on)\s(?:[\w,]+\s){{0,4}}?(?:images?|samples?|examples?|batches)\s(?:of|from|"
    rf"in)\s(?:[\w-]+\s){{0,4}}?(?P<drawn>{_HELD})",
    re.IGNORECASE,
)
_SAME = re.compile(
    rf"{_CALIBRATES}\b[^.;!?\n]{{0,60}}\bsame\s(?:{_SET}|[\w-]{{1,20}}\s{_SET})|"
    rf"same\s(?:[\w-]{{1,20}}\s)?{_SET}[^.;!?\n]{{0,40}}\bcalibrat(?:ion|e|ing)",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"split\s?=\s?[\"'](?P<held>test|validation|val|dev|eval)[\w\[\]:%]{0,20}[\"']", re.I
)
_DENIED = re.compile(
    r"\b(?:not(?! need| necessar| all)|never|n't|disjoint|separate|independent|no overlap|"
    r"differ\w*|held[- ]out from|avoid\w*|exclud\w+|unlike|rather than|instead of|other than|don't|"
    r"cannot|should(?:n't)?|must|unseen)\b|\btrain(?:ing|_sft)?[- ]?(?:set|split|data|subset|"
    r"images?|samples?|dataloader)",
    re.IGNORECASE,
)
_SCORED = re.compile(
    r"\b(?:evaluat(?:ed?|es|ing)|tested|scored?|measured?|reported?|accuracy|validat(?:ed?|es|"
    r"ing))\b",
    re.I,
)
_LEFT_OUT = re.compile(
    r"\b(?:not (?:scored|used|evaluated)|exclud\w+|disjoint|left out)\b", re.IGNORECASE
)
_NOT_FOR = re.compile(
    r"\bto (?:achieve|reach|get|obtain|recover|keep)|\bevaluat|\bscore|\baccurac|"
    r"\bclass(?:es)? of\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"^\W{0,4}(?:(?:it|this|the|all|both|model|models|weights|activations|checkpoint|is|are|was|"
    r"were|has|been|quantized|and)\s){0,6}calibrated (?:on|with|using|over) (?:\w+ ){0,3}?\d",
    re.IGNORECASE,
)
_WITHOUT = re.compile(
    r"^\W{0,4}(?:no calibration(?: data(?:set)?| set| samples| step)? (?:was|were|is|are|has been|"
    r"have been) (?:used|needed|required|performed|done)|(?:it|the model|this model) (?:was|is) "
    r"not calibrated)\W{0,4}$",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:camera|lidar|sensor|extrinsic|intrinsic|hand-eye|stereo|ece|calibration error|"
    r"confidence calibration|probability|temperature scaling|platt|well[- ]calibrated|"
    r"miscalibrat\w*|reliability)\b",
    re.IGNORECASE,
)


def calibration(document: Document, figures: Figures) -> list[Finding]:
    """Return the passages that name the scored samples as those calibrated on."""
    found = [
        _finding(document, one, held)
        for one in prose(figures)
        if (held := leaked(one.text)) is not None
    ]
    found += [
        _finding(document, one, held) for one in code(document) if (held := split_in_code(one))
    ]
    found = found or _same_dataset(document, figures)
    return (found + _both_ways(document, figures))[:MOST]


def _both_ways(document: Document, figures: Figures) -> list[Finding]:
    """Return the place that says what was calibrated on, and the one that denies a calibration."""
    told = [one for one in prose(figures) if "calibrat" in one.text.lower()]
    denying = next((one for one in told if _WITHOUT.search(one.text)), None)
    done = next((one for one in told if one is not denying and _DONE.search(one.text)), None)
    if denying is None or done is None or _OTHER.search(denying.text + done.text):
        return []
    text = "One place says what was calibrated on, another that nothing was calibrated."
    return [Finding("calibration-denied", text, quoted(document, done, denying))]


def leaked(text: str) -> str | None:
    """Return the words for the scored data that a sentence says was calibrated on; None if none."""
    if not _MEANT.search(text) or _OTHER.search(text):
        return None
    match = _ON.search(text) or _FOR.search(text) or _SAME.search(text)
    if match is None or _denied(text, match):
        return None
    groups = match.groupdict()
    return groups.get("held") or groups.get("drawn") or match[0]


def _denied(text: str, match: re.Match[str]) -> bool:
    """Return whether the words around deny it, or say of the data that they are scored instead."""
    before = _DENIED.search(text, max(0, match.start() - 60), match.end())
    return bool(
        before or _SCORED.search(match[0]) or _LEFT_OUT.search(text, match.end(), match.end() + 40)
    )


def split_in_code(line: Sentence) -> str | None:
    """Return the split that a line of code calibrates on, where it is one that is scored."""
    low = line.text.lower()
    if "calib" not in low or _DENIED.search(line.text):
        return None
    match = _SPLIT.search(line.text)
    return match[0] if match else None


def _finding(document: Document, one: Sentence, held: str) -> Finding:
    text = (
        f'Calibration is on "{" ".join(held.split())}": if the scores are of the same samples, the '
        "quantizer has seen what it is judged on, and the loss is understated."
    )
    return Finding("calibration-on-evaluation", text, quoted(document, one))


def _same_dataset(document: Document, figures: Figures) -> list[Finding]:
    """Return where calibration and scores name one dataset and no split tells them apart."""
    scored = {one.dataset for one in figures.all if one.role == "score" and one.dataset}
    told = [one for one in prose(figures) if "calibrat" in one.text.lower()]
    if any("train" in one.text.lower() for one in told):
        return []
    for one in told:
        low = one.text.lower()
        if _OTHER.search(low) or _DENIED.search(low):
            continue
        name = named(_NOT_FOR.split(one.text, maxsplit=1)[0]).dataset
        if name in scored and re.search(
            r"calibrat\w+[^.]{0,60}\b(?:on|with|uses?|using|from|of|data\w*|set)\b", low
        ):
            where = next(x for x in figures.all if x.role == "score" and x.dataset == name)
            text = (
                f"Calibration and scores both name {name}, and no split: whether they share "
                f"samples "
                "cannot be determined."
            )
            quotes = (document.quote(one.start, one.end), document.quote(*where.row))
            return [Finding("calibration-same-dataset", text, tuple(dict.fromkeys(quotes)))]
    return []
