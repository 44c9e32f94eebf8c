"""Metric: the scoring rule behind the figure."""

from __future__ import annotations

import re

from quantassay.claims.audit.items.grid import Grid
from quantassay.claims.audit.items.parts import scored_sets, sets, tasks
from quantassay.claims.audit.items.reading import Reading, Span
from quantassay.claims.audit.items.slices import tasks_of
from quantassay.claims.audit.items.unlisted import UNNAMED, unlisted
from quantassay.claims.lexicons.matches import Match
from quantassay.records.audit import Item

_OVERLAP = re.compile(r"\bIo[Uu]\b|\bIOU\b|\b0?\.5:0?\.95\b|@ ?0?\.?5|\bm?AP[ \t]{1,8}50\b")
_AVERAGE = re.compile(
    r"\b(?:average|avg|mean|overall)\b\.?[ -]?(?:score|accuracy)?|平均(?!时|時|延|速)|평균", re.I
)
_MANY = 3
_RULES_HEADER = re.compile(r"^\W*metric", re.I)
_DIGITS = re.compile(r"\d")
_COUNT_BEFORE = re.compile(r"(?<![\d.])\d+ $")
_SCORE_BEFORE = re.compile(r"\d\.\d{1,4} $")
_RULES_SAID = re.compile(r"\bmetrics?\b(?: (?:is|are|used|reported))?\b", re.I)
_OWN = re.compile(
    r"\b(?:test|validation|held-out|eval(?:uation)?)[ -](?:set|split|accuracy|images|samples)\b"
    r"|\b\d+[ -](?:class|way|categor)|\b(?:reviews|images|utterances|documents|sentences)\b",
    re.I,
)
_COUNTED = re.compile(
    r"(?<![\w/.,-])(?P<right>\d[\d,]{0,12}) ?(?:/|of|out of) ?(?P<all>\d[\d,]{0,12})(?![\w/.,-])"
)
_CLASSES = re.compile(r"\(\d+ [\w-]+(?: images?)?(?:,| and|,? vs\.?) \d+ [\w-]+\)")
_CORRECT = re.compile(r"correct(?:ly)? (?:predictions|answers|classified)", re.I)
_LEAST, _NEAR, _BESIDE = 20, 150, 24
_FIGURE = re.compile(r"\d\.\d+(?! ?[KMGkx×]|\d)|\d ?%")


def metric(reading: Reading) -> Item:
    """Answer by the guideline: a rule "yes"; one that leaves a choice open "partial"."""
    rules = [match for match in reading.of("metric", rule="named") if _scores(reading, match)]
    overlap = _overlap(reading)
    settled = [match for match in rules if not _open(reading, match, overlap)]
    several = _several(reading)
    if settled and not (several and not _covers(reading, settled)):
        best = sorted(settled, key=lambda match: -_weight(reading, match))
        return reading.item("yes", best, f"named: {_named(reading, best[0])}")
    if rules:
        return reading.item("partial", [*settled, *rules], _left_open(rules[0], several))
    return _worded(reading, several)


def _worded(reading: Reading, several: bool) -> Item:
    """Answer where no rule is named, by whether the task has one customary rule."""
    words = _words(reading)
    named = [match for match in scored_sets(reading) if match.facts.get("use") != "language"]
    customary = [match for match in named if "metric" in match.facts]
    agreements = reading.of("metric", side="agreement")
    many = several or len({match.name for match in named}) > _MANY or _tabled(reading)
    if many and named and not _accurate(reading):
        return reading.item(
            "partial", [*words, *named], "scores of several tasks without their scoring rules"
        )
    scored = reading.says(_FIGURE) or any(grid.scored for grid in reading.grids)
    if customary and scored:
        first = customary[0]
        return reading.item(
            "yes", [*words, first], f"customary for {first.name}: {first.facts['metric']}"
        )
    if words and _counted(reading):
        return reading.item("yes", words, "accuracy with its counts")
    if words and named:
        return reading.item(
            "partial", words, f"{words[0].name} on {named[0].name}: several rules are in use"
        )
    if agreements and not any(_FIGURE.search(reading.said(word.start)) for word in words):
        return reading.item("yes", agreements, f"named: {agreements[0].name}")
    if words and _kept_to_a_task(reading):
        return reading.item("partial", words, f"only the word {words[0].name}")
    if agreements:
        return reading.item("yes", agreements, f"named: {agreements[0].name}")
    averages = [span for span in reading.matching(_AVERAGE) if reading.grid_at(span[0])]
    if averages and (named or unlisted(reading)):
        return reading.item("partial", averages, "an average of scores without their rules")
    return reading.item("no", (), "not disclosed: no scoring rule")


def _words(reading: Reading) -> list[Match]:
    """Return words such as "accuracy" in a table, near a figure, or said of a data set."""
    return [
        match
        for match in reading.of("metric", rule="word", needs="k")
        if reading.grid_at(match.start)
        or _FIGURE.search(reading.text, max(match.start - _NEAR, 0), match.end + _NEAR)
        or any(name.kind == "dataset" for name in reading.within(match.end, match.end + _BESIDE))
    ]


def _tabled(reading: Reading) -> bool:
    """Whether several tasks have figures of their own."""
    return len(tasks(reading)) > 1 or any(tasks_of(grid) for grid in reading.grids)


def _accurate(reading: Reading) -> bool:
    """Whether every one of several tasks stands beside "acc", its customary rule."""
    words = reading.of("metric", rule="word", needs="k")
    lines = {reading.line(word.start) for word in words}
    several = tasks(reading)
    return bool(several) and all(
        match.facts.get("metric") == "accuracy" and reading.line(match.start) in lines
        for match in several
    )


def _counted(reading: Reading) -> bool:
    """Whether it is said how many answers of how many were right."""
    counts = (
        (int(match["right"].replace(",", "")), int(match["all"].replace(",", "")))
        for match in reading.finds(_COUNTED)
    )
    told = reading.says(_CORRECT) or reading.says(_CLASSES)
    return bool(told) or any(right <= every >= _LEAST for right, every in counts)


def _kept_to_a_task(reading: Reading) -> bool:
    """Whether a score is at least one of a family of tasks, or of a set of one's own."""
    return (
        any("family" in match.facts for match in reading.of("word"))
        or bool(unlisted(reading))
        or bool(reading.says(UNNAMED) or reading.says(_OWN))
    )


def _scores(reading: Reading, match: Match) -> bool:
    """Whether a rule is that of a score; a bare "AP" or "EM" is one only beside a figure."""
    if "side" in match.facts:
        return False
    grid = reading.grid_at(match.start)
    if match.facts.get("task") == "depth or regression" and grid is None:
        return bool(_DIGITS.search(reading.said(match.start)))
    short = match.end - match.start <= 2
    return (
        not short
        or grid is not None
        or bool(_SCORE_BEFORE.search(reading.text, max(match.start - 8, 0), match.start))
        or (
            bool(_DIGITS.search(reading.text[match.end : match.end + 25]))
            and not _COUNT_BEFORE.search(reading.text, max(match.start - 8, 0), match.start)
        )
    )


def _overlap(reading: Reading) -> bool:
    """Whether it is said at which overlap boxes count, or there are no boxes."""
    boxless = {"retrieval", "sound classification"}
    tasks = {match.facts.get("task") for match in reading.of("dataset")}
    return bool(reading.says(_OVERLAP) or tasks & boxless)


def _open(reading: Reading, match: Match, overlap: bool) -> bool:
    """Whether a rule leaves open at which overlap boxes count, or how deep a ranking is read."""
    if match.facts.get("needs") == "IoU":
        return not overlap
    return match.name in {"nDCG", "top-k"} and not _DIGITS.search(
        reading.text, match.start, match.end + 2
    )


def _several(reading: Reading) -> bool:
    """Whether the figures are of several tasks, or an average over them."""
    suites = reading.of("dataset", suite="yes")
    if len(sets(reading)) >= _MANY or (suites and reading.says(_AVERAGE)):
        return True
    together: dict[Span, set[str]] = {}
    for match in scored_sets(reading):
        together.setdefault(reading.sentence(match.start), set()).add(match.name)
    return any(len(names) >= _MANY for names in together.values())


def _covers(reading: Reading, settled: list[Match]) -> bool:
    """Whether rules are named for all of several tasks: in a header, or for most of them."""
    if any(_ruled(reading, grid) for grid in reading.grids):
        return True
    if any(_said_of_all(reading, rule) for rule in settled):
        return True
    scored = sets(reading)
    rules = {rule.name.casefold() for rule in settled}
    if {one.facts.get("metric", "").casefold() for one in scored} <= rules:
        return True
    told = [one for one in scored if any(0 < rule.end - one.start < 80 for rule in settled)]
    return not scored or 2 * len(told) > len(scored)


def _ruled(reading: Reading, grid: Grid) -> bool:
    """Whether a table has a column of rules, or is introduced by the one rule of all its sets."""
    if grid.columns_named(_RULES_HEADER):
        return True
    for place in range(len(grid.table.header)):
        cells = [cell for cell in grid.column(place) if cell.text]
        rules = [cell for cell in cells if any(n.kind == "metric" for n in grid.in_cell(cell))]
        if len(rules) >= _MANY and 3 * len(rules) >= 2 * len(cells):
            return True
    before = reading.within(max(grid.start - 120, 0), grid.start)
    return any(name.kind == "metric" and _is_rule(name) for name in before[-3:])


def _is_rule(name: Match) -> bool:
    return name.facts.get("rule") == "named" and "side" not in name.facts


def _said_of_all(reading: Reading, rule: Match) -> bool:
    """Whether a sentence says which rules are used: "Metrics are accuracy for A; WER for B"."""
    start, end = reading.line(rule.start)
    said = _RULES_SAID.search(reading.text, start, rule.start)
    return said is not None and any(
        name.kind == "dataset" for name in reading.within(said.end(), end)
    )


def _weight(reading: Reading, match: Match) -> int:
    """Return how telling a mention is: beside a number or in a table more than elsewhere."""
    near = reading.text[match.end : match.end + 30]
    return 2 * bool(_DIGITS.search(near)) + bool(reading.grid_at(match.start))


def _named(reading: Reading, match: Match) -> str:
    return " ".join(reading.text[match.start : match.end].split())


def _left_open(match: Match, several: bool) -> str:
    if match.facts.get("needs") == "IoU":
        return f"{match.name} without the overlap (IoU) at which boxes count"
    return (
        "rules named for some of the tasks only" if several else f"{match.name} without its depth k"
    )
