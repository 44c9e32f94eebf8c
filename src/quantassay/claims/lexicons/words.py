"""Words of a text as the lexicons compare them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = re.compile(r"[A-Za-zÀ-ɏ]+|[0-9]+")
# A name has a blank or two within, no more.
_EMPTY = re.compile(r"\s{200,}")
_BREAK = re.compile(r"[\s\-_./:+'’@#–]{0,2}")


@dataclass(frozen=True, slots=True)
class Words:
    """Runs of letters or of digits in a text, in lower case and as written, with their places."""

    lower: list[str]
    written: list[str]
    spans: list[tuple[int, int]]
    text: str

    def opens(self, place: int) -> bool:
        """Whether a name may begin at a word: not where it goes on from the one before."""
        return place == 0 or self.spans[place - 1][1] != self.spans[place][0]

    def closes(self, place: int) -> bool:
        """Whether a name may end at a word."""
        return place + 1 == len(self.spans) or self.spans[place][1] != self.spans[place + 1][0]

    def goes_on(self, place: int) -> bool:
        """Whether the next word is near enough to be of the same name."""
        if place + 1 >= len(self.spans):
            return False
        end, start = self.spans[place][1], self.spans[place + 1][0]
        return start - end <= 2 and _BREAK.fullmatch(self.text, end, start) is not None


def words(text: str) -> Words:
    """Return the words of a text in order; time and memory are linear in its length."""
    spans = [match.span() for match in _WORD.finditer(text)]
    written = [text[start:end] for start, end in spans]
    return Words([word.lower() for word in written], written, spans, text)


def stretches(text: str) -> tuple[tuple[int, int], ...]:
    """Return where a text is, without the long blanks that markup leaves in it."""
    gaps = [match.span() for match in _EMPTY.finditer(text)]
    starts = (0, *(end - 1 for _, end in gaps))
    ends = (*(start + 1 for start, _ in gaps), len(text))
    return tuple(zip(starts, ends, strict=True))
