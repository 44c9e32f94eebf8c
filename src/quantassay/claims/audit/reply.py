"""A reply to the author of a text, in Markdown."""

from __future__ import annotations

import re

from quantassay.records.audit import ClaimAudit, Finding

from .questions import implicit
from .rules import RULES

MOST_FINDINGS = 8
_TITLES = {
    "task": "the task and its test set", "model_base": "the base model",
    "model_quantized": "the quantized model", "metric": "the metric",
    "reference": "the reference and its precision", "calibration": "the calibration",
    "strata": "the loss by stratum", "composition": "what the test set is made of",
    "sample_size": "the number of samples",
}  # fmt: skip
_ESCAPED = re.compile(r"([\\`*_\[\]<>|~&$])")
_LINKED = re.compile(r"((?<=[A-Za-z]):(?=//)|\bwww(?=\.)|@(?=\w)|#(?=\d)|\bGH-(?=\d))")
_LONGEST = 160


def reply(claim: ClaimAudit) -> str:
    """Return a reply to send: what is missing, what does not follow, and what to ask.

    Words of the source are escaped, so that they can neither link, mention nor format anything.
    """
    parts = [
        "Thank you for publishing these figures. Some of what a reader needs is not there yet."
    ]
    missing = implicit(claim.items)
    if missing:
        lines = [f"- {_TITLES[name]} ({_answer(claim.items[name].answer)})" for name in missing]
        parts.append("\n".join(("**Not fully disclosed**", "", *lines)))
    found = [one for one in (*claim.contradictions, *claim.arithmetic) if one.doubt]
    for title, proven in (("Does not follow", True), ("Cannot be told from the text", False)):
        mine = [one for one in found if RULES[one.rule].proven == proven][:MOST_FINDINGS]
        if mine:
            parts.append("\n".join((f"**{title}**", "", *map(_line, mine))))
    if claim.questions:
        asked = [f"{place}. {escaped(one)}" for place, one in enumerate(claim.questions, 1)]
        parts.append("\n".join(("**Questions**", "", *asked)))
    if len(parts) == 1:
        return "Thank you for publishing these figures: everything that we look for is disclosed.\n"
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """Return words on one line with every mark of Markdown and HTML taken for itself.

    Addresses, mentions and numbers of threads, which code hosts link without any mark, are broken
    by a joiner that is not shown.
    """
    return _LINKED.sub("\\1\u2060", _ESCAPED.sub(r"\\\1", " ".join(text.split())))


def _answer(answer: str) -> str:
    return "not disclosed" if answer == "no" else "in part"


def _line(finding: Finding) -> str:
    quotes = [" ".join(quote.text.split()) for quote in finding.quotes[:2]]
    shown = "; ".join(f'"{one[:_LONGEST]}{"..." if len(one) > _LONGEST else ""}"' for one in quotes)
    return f"- {escaped(finding.finding)}" + (f" Quoted: {escaped(shown)}" if shown else "")
