"""YAML text to plain values, with the line that every key stands on.

The scalars are those of the YAML 1.2 core schema: ``no`` and ``on`` are text, ``1e-3`` is a
number, a date is text. Numbers with leading zeros stay text, because they are names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from ..errors import RubricError
from .problems import Path, Problem, raise_all

MAX_BYTES = 1_000_000
MAX_NODES = 20_000
MAX_DEPTH = 32

_TAG = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_EXPONENT = re.compile(r"[-+]?[0-9.]+[eE][-+]?[0-9]+")
_WORDS: Mapping[str, Any] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}


@dataclass(frozen=True)
class Tree:
    """Plain values of a YAML document, and the line of every key path in it."""

    values: Any
    lines: Mapping[Path, int]


class _TooDeep(yaml.MarkedYAMLError):
    pass


class _Loader(yaml.SafeLoader):
    """A SafeLoader that only composes, and refuses nesting that would exhaust the stack."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            problem = f"nested more than {MAX_DEPTH} deep"
            raise _TooDeep(problem=problem, problem_mark=self.get_mark())
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


@dataclass
class _Planter:
    """Turns nodes into values, noting lines and problems on the way."""

    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    nodes: int = 0

    def plant(self, node: yaml.Node, path: Path = ()) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise _Bomb(
                line, f"more than {MAX_NODES:,} values: is this data, or are aliases nested?"
            )
        if len(path) > MAX_DEPTH:
            raise _Bomb(line, "an alias contains itself: write the values out")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.plant(item, (*path, i)) for i, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        own: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        merged: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for key, value in node.value:
            if key.value == "<<" and _plain(key):
                for other, content in self._merged(value, path):
                    merged.setdefault(other.value, (other, content))
            elif self._is_name(key, path) and not self._is_repeated(key, own, path):
                own[key.value] = (key, value)
        values = {}
        for name, (key, value) in (merged | own).items():
            self.lines[(*path, name)] = key.start_mark.line + 1
            values[name] = self.plant(value, (*path, name))
        return values

    def _merged(self, value: yaml.Node, path: Path) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        for part in value.value if isinstance(value, yaml.SequenceNode) else [value]:
            if not isinstance(part, yaml.MappingNode):
                self._note(value, path, "'<<' wants a mapping, or a list of mappings")
                return
            yield from ((key, item) for key, item in part.value if self._is_name(key, path))

    def _is_name(self, key: yaml.Node, path: Path) -> bool:
        if not isinstance(key, yaml.ScalarNode):
            self._note(key, path, "a key must be plain text")
            return False
        try:
            value = _value(key)
        except ValueError:
            value = None
        if not isinstance(value, str):
            self._note(key, path, f"a key must be text (write '{key.value}' in quotes)")
            return False
        return True

    def _is_repeated(
        self, key: yaml.ScalarNode, own: Mapping[str, tuple[yaml.Node, yaml.Node]], path: Path
    ) -> bool:
        if key.value not in own:
            return False
        first = own[key.value][0].start_mark.line + 1
        self._note(key, (*path, key.value), f"this key already stands on line {first}")
        return True

    def _scalar(self, node: yaml.Node, path: Path) -> Any:
        try:
            return _value(node)
        except ValueError as error:
            self._note(node, path, str(error))
            return None

    def _note(self, node: yaml.Node, path: Path, what: str) -> None:
        self.problems.append(Problem(node.start_mark.line + 1, path, what))


class _Bomb(Exception):
    def __init__(self, line: int, what: str) -> None:
        super().__init__(line, what)
        self.line = line
        self.what = what


def _plain(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.style is None


def _value(node: yaml.Node) -> Any:
    """Return what a scalar stands for; an explicit tag other than ``!!str`` is refused."""
    known = ("str", "int", "float", "bool", "null", "timestamp", "merge", "value")
    if node.tag not in {_TAG + name for name in known}:
        msg = f"the tag {node.tag.replace(_TAG, '!!')} is not allowed: write plain YAML"
        raise ValueError(msg)
    text = str(node.value)
    if re.search("[\ud800-\udfff]", text):
        msg = "half of a surrogate pair is no character"
        raise ValueError(msg)
    if not _plain(node) or (node.tag == _TAG + "str" and not _EXPONENT.fullmatch(text)):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        if len(text) > 30:
            msg = f"a number of {len(text)} digits"
            raise ValueError(msg)
        return int(text)
    zeros = re.match(r"[-+]?0[0-9]", text)
    return float(text) if _FLOAT.fullmatch(text) and not zeros else text


def parse(text: str, file: str) -> Tree:
    """Parse one YAML document.

    Raises
    ------
    RubricError
        One line for each thing that is wrong: file, line, key path, what, mend.
    """
    planter = _Planter()
    try:
        node = _Loader(text).get_single_node()
        values = None if node is None else planter.plant(node)
    except yaml.MarkedYAMLError as error:
        raise RubricError(_syntax(file, error)) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, int(error.position)) + 1
        character = chr(int(error.character))
        msg = f"{file}:{line}: not valid YAML: the character {character!r} is not allowed"
        raise RubricError(msg) from None
    except _Bomb as bomb:
        msg = f"{file}:{bomb.line}: {bomb.what}"
        raise RubricError(msg) from None
    raise_all(file, planter.problems)
    return Tree(values, planter.lines)


def _syntax(file: str, error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    what = error.problem or "cannot be read"
    if isinstance(error, _TooDeep):
        return f"{file}:{line}: {what}"
    if "another document" in what:
        return f"{file}:{line}: a rubric is one document: remove the second '---'"
    mend = ""
    if "'\\t'" in what:
        mend = " (indent with spaces, not tabs)"
    elif "mapping values are not allowed" in what:
        mend = " (a text with ': ' in it needs quotes; or the indentation is off)"
    return f"{file}:{line}: not valid YAML: {what}{mend}"
