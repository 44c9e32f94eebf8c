"""What the words around a number in a sentence say that it is."""

from __future__ import annotations

import re

from .figure import Role
from .numbers import Printed

QUALITY = re.compile(
    r"(?<![a-z])(?:accurac(?:y|ies)|acc|top-?[15]|f1|em|exact match|m?ap(?:@[\d.:]+)?|m?iou|bleu|"
    r"chrf|comet\S*|rouge\S*|auc|auroc|recall|precision|ndcg\S*|mrr|pass@\d+|scores?|scoring|wer|"
    r"cer|perplexity|ppl|err(?:ors?)?|error rate|quality|performance|correctness|fid|psnr|ssim|"
    r"mmlu|gsm8k|hellaswag|imagenet)(?![a-z])"
)
EFFICIENCY = re.compile(
    r"(?<![a-z])(?:latency|memory|ram|vram|size|speed\w*|faster|slower|throughput|energy|power|"
    r"compute|costs?|bandwidth|storage|disk|params?|parameters|footprint|flops|time|smaller|larger|"
    r"compression|utili[sz]ation|usage|sparsity|inference|tokens? per second|fps|savings?|"
    r"performance improvement|performance gain)(?![a-z])"
)
_HEDGE = (
    r"(?:[\s~≈<>≤(*_:=-]|of|by|is|was|are|only|just|a|an|the|than|about|around|less|under|within|"
    r"up to|roughly|approximately|at most|below|more|over|to|at|ratio|rate|in|top-[15]|accuracy|"
    r"mere|average|mean|on|relative|absolute)"
)
_LOSS = (
    r"(?:drops?|dropped|dropping|loss(?:es)?|los(?:es|t|ing)|lose|degrad\w+|decreas\w+|reduction|"
    r"reduc\w+|lower|worse|declin\w+|fall(?:s|ing)?|fell|penalty|gap|deteriorat\w+|regress\w+|shy)"
)
_GAIN = r"(?:improv\w+|gains?|gained|increas\w+|higher|better|rises?|rose|boost\w*)"
_KEEP = (
    r"(?:recover\w*|retain\w*|retention|preserv\w+|maintain\w*|keep(?:s|ing)?|achiev\w+|reach\w*|"
    r"match\w*)"
)
_OF_REFERENCE = re.compile(
    r"^\s*(?:%|percent)?\s?(?:(?:accuracy|performance|score|quality|recovery)\s)?of\s(?:(?:the|its|"
    r"their)\s)?(?:\w+[- ]){0,3}?(?:original|base(?:line)?|dense|unquantized|full[- ]precision|"
    r"b?f(?:p|loat)?16|fp32|bfloat16|teacher|vanilla|reference)",
    re.IGNORECASE,
)
_BEFORE: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("recovery", re.compile(r"(?:recover\w*|retain\w*|retention|preserv\w+|maintain\w*|keep(?:s|"
                            r"ing)?)"
                            rf"{_HEDGE}{{0,12}}$")),
    ("loss", re.compile(rf"(?<![a-z]){_LOSS}{_HEDGE}{{0,12}}$")),
    ("delta", re.compile(rf"(?<![a-z]){_GAIN}{_HEDGE}{{0,12}}$")),
)  # fmt: skip
_AFTER: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("recovery", re.compile(r"^[ )*_]{0,3}(?:(?:accuracy|score|average|mean)\s)?(?:recovery|"
                            r"retention)")),
    ("loss", re.compile(rf"^[ )*_-]{{0,3}}(?:(?:top-?[15]|relative|absolute|accuracy|average|"
                        rf"f1|map|mean|score|quality|performance|points?|in|wer)[ "
                        rf"-]){{0,4}}{_LOSS}(?![a-z])")),
    ("delta", re.compile(rf"^[ )*_-]{{0,3}}(?:(?:top-?[15]|relative|absolute|accuracy|average|"
                         rf"f1|map|mean|score|quality|wer)[ -]){{0,4}}{_GAIN}(?![a-z])")),
)  # fmt: skip
_SAMPLES = re.compile(
    r"^\s?(?!(?:more|fewer|less|other|extra|additional|further|of)\b)(?:\w+[- ]){0,3}?"
    r"(?:samples?|images?|questions?|examples?|prompts?|utterances?|sentences?|clips?|documents?|"
    r"queries|problems|test cases|videos?|recordings?|files?|reviews?|pairs)(?![a-z])",
    re.IGNORECASE,
)
_N = re.compile(r"(?<![a-z])n\s?=\s?$")
_WHOLE = re.compile(r"(?:\b(?:of|is|was|to|from|score|accuracy|f1|map|wer)|[:=])\s?$")
_WITHIN = re.compile(r"\bwithin (?:about |roughly |~)?$")
_TO = re.compile(r"(?<!up )(?<!close )\bto (?:about |only |just |around |roughly |~|an? |\*\*)?$")
_ENTRY = re.compile(
    r"^[\W\d]{0,12}[\w .-]{0,24}(?:model|int8|int4|fp\d{1,2}|float\w*|bf16)[\w ()-]{0,16}[:=]"
)
# what is fixed beforehand, or tells how sure a figure is, is neither a score nor a loss
_LIMIT = r"(?:margins?|tolerances?|thresholds?|criteri(?:on|a)|targets?|budgets?|limits?)"
_SURE = r"(?:ci|c\.i\.|confidence(?: intervals?| levels?)?|intervals?|credible intervals?)"
_LIMITED = re.compile(rf"\b{_LIMIT}\b[^,;.()\d]{{0,24}}$")
_LIMITS = re.compile(
    r"^[\s-]{0,2}(?:(?:accuracy|absolute|relative|non-inferiority|equivalence|loss|drop|score|"
    rf"quality|degradation)\s){{0,2}}{_LIMIT}\b"
)
_SURELY = re.compile(
    rf"\b{_SURE}\b[^\d;.,)]{{0,30}}"
    r"(?:[-+−–]?\d{1,3}(?:\.\d{1,6})?\s?(?:%|pp|points?)?\s?(?:to|and|,|;|\.\.|–|-)\s?)?$"
)
_SURER = re.compile(rf"^[\s-]{{0,2}}{_SURE}\b")
_CLAUSE = re.compile(r"[,;]|\s(?:and|while|whereas|but|with)\s")
_UNIT_ROLES: dict[str, Role] = {
    "time": "latency", "rate": "throughput", "size": "size", "times": "speedup",
}  # fmt: skip


def role_in(text: str, number: Printed, offset: int) -> Role:
    """Return what a number is in its sentence; ``offset`` is the place of the sentence."""
    start, end = number.start - offset, number.end - offset
    before, after = text[max(0, start - 60) : start].lower(), text[end : end + 60].lower()
    if number.unit in _UNIT_ROLES:
        smaller = re.match(r"\s(?:smaller|compression|less|reduc)", after)
        return "size" if smaller else _UNIT_ROLES[number.unit]
    if (
        number.unit == "none"
        and number.decimals == 0
        and (_SAMPLES.match(after) or _N.search(before))
    ):
        return "n"
    if _bounds(before, after):
        return "other"
    said = _change(before, after)
    if said is not None or number.unit == "points":
        role, behind = said or ("loss", False)
        return "other" if _efficient(before, after, behind) else role
    stated = number.unit == "percent" or number.decimals > 0 or bool(_WHOLE.search(before))
    if stated and _listed(text, number):
        return "score"
    return "score" if stated and _near(text.lower(), start, end) == "quality" else "other"


def _bounds(before: str, after: str) -> bool:
    """Return whether a number is a margin or such a limit, or of an interval."""
    return bool(
        _LIMITED.search(before) or _LIMITS.match(after)
        or _SURELY.search(before) or _SURER.match(after)
    )  # fmt: skip


def _listed(text: str, number: Printed) -> bool:
    """Return whether a number is a list's entry for a variant: "quantized model: 92.4 %"."""
    return number.unit == "percent" and len(text) < 60 and bool(_ENTRY.match(text.lower()))


def _change(before: str, after: str) -> tuple[Role, bool] | None:
    """Return the change that a number is, and whether the words for it stand behind."""
    if _TO.search(before):
        return None
    if _OF_REFERENCE.match(after):
        return ("loss" if _WITHIN.search(before) else "recovery"), False
    for behind, patterns, words in ((True, _AFTER, after), (False, _BEFORE, before)):
        for role, pattern in patterns:
            if pattern.search(words):
                return role, behind
    return None


def _efficient(before: str, after: str, behind: bool) -> bool:
    """Return whether a change is one of speed, size or cost, by the noun on its own side."""
    clause = _CLAUSE.split(before)[-1]
    order = (after, clause) if behind else (clause, after)
    for words, last in zip(order, (not behind, behind), strict=True):
        found = [
            (match.start(), kind)
            for kind, pattern in (("quality", QUALITY), ("efficiency", EFFICIENCY))
            for match in pattern.finditer(_CLAUSE.split(words)[0] if words is after else words)
        ]
        if found:
            return (max(found) if last else min(found))[1] == "efficiency"
    return False


def _near(low: str, start: int, end: int) -> str:
    """Return whether the noun nearest to a number is one of quality or of efficiency."""
    quality = _distance(QUALITY, low, start, end)
    efficiency = _distance(EFFICIENCY, low, start, end)
    if quality is None and efficiency is None:
        return ""
    if efficiency is None:
        return "quality"
    return "quality" if quality is not None and quality < efficiency else "efficiency"


def _distance(words: re.Pattern[str], low: str, start: int, end: int) -> int | None:
    """Return how far the nearest of some words is; those behind a comma count as further."""
    first = max(0, start - 300)
    found = [start - match.end() for match in words.finditer(low, first, start)]
    found += [match.start() - end for match in words.finditer(low, end, end + 60)]
    return min(found, default=None)
