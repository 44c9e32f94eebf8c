"""A chart of error rates over their levels: one line a method, one dot a figure."""

from __future__ import annotations

from html import escape
from math import log10

from benchmarks.validity import record
from benchmarks.validity.record import Figure

from .validity import COMPARED, carries

WIDTH, LEFT, LINE, TOP = 1040, 510, 22, 40
LOW, HIGH = 0.05, 50.0
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #24292f }
.axis { stroke: #d0d7de } .level { stroke: #24292f; stroke-width: 1.5 }
.holds { fill: #0969da; fill-opacity: .45 } .beyond { fill: #cf222e; fill-opacity: .8 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .axis { stroke: #3d444d }
.level { stroke: #e6edf3 } .holds { fill: #4493f8 } .beyond { fill: #f85149 } }
"""


def validity_chart() -> str:
    """Return the SVG."""
    figures = [
        one
        for name in record.families()
        for one in record.read(name)
        if one.side in ("false PASS", "false FAIL") and (carries(one) or COMPARED in one.method)
    ]
    lines: dict[str, list[Figure]] = {}
    for one in sorted(figures, key=lambda one: (one.method, one.side)):
        lines.setdefault(f"{one.method}, {one.side}", []).append(one)
    height = TOP + LINE * len(lines) + 40
    body = "".join(line(i, name, group) for i, (name, group) in enumerate(lines.items()))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="Error rates of every method over their level">\n<style>{STYLE}</style>\n'
        f"{axis(height)}{body}</svg>\n"
    )


def axis(height: int) -> str:
    """Return the scale, with the level itself as a strong line."""
    marks = []
    for value in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20):
        x, kind = across(value), "level" if value == 1 else "axis"
        marks.append(
            f'<line class="{kind}" x1="{x}" x2="{x}" y1="{TOP - 12}" y2="{height - 30}"/>'
            f'<text x="{x}" y="{TOP - 18}" text-anchor="middle">{value:g}</text>\n'
        )
    words = "error rate over its one-sided level (1: exactly the level); red: beyond its bound"
    return "".join(marks) + f'<text x="{LEFT}" y="{height - 10}">{words}</text>\n'


def line(index: int, name: str, figures: list[Figure]) -> str:
    """Return one method's name and its dots, each place once."""
    y = TOP + LINE * index + LINE / 2
    places = sorted({(one.holds, across(one.rate / one.alpha)) for one in figures}, reverse=True)
    dots = "".join(
        f'<circle class="{"holds" if holds else "beyond"}" cx="{x}" cy="{y}" r="3.5"/>'
        for holds, x in places
    )
    label = f'<text x="{LEFT - 12}" y="{y + 4}" text-anchor="end">{escape(name)}</text>'
    return f"{label}{dots}\n"


def across(ratio: float) -> int:
    """Return where a ratio stands on the logarithmic axis."""
    share = (log10(min(max(ratio, LOW), HIGH)) - log10(LOW)) / (log10(HIGH) - log10(LOW))
    return round(LEFT + share * (WIDTH - LEFT - 20))
