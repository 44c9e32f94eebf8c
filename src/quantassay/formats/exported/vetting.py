"""What an exported program's graph may say: operations and names, never code.

PyTorch loads a program by evaluating text of the file: symbolic sizes, guards, names that become
Python source, and operators looked up by path. What is not known to be harmless is refused here.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from typing import Any

NAME = re.compile(r"[\w.]{1,500}", re.ASCII)
WORD = re.compile(r"[\w ,.+>-]{0,100}", re.ASCII)
VERSION = re.compile(r"[\w.+<=-]{0,60}", re.ASCII)
OPERATOR = re.compile(r"torch\.ops\.(?:aten|prims|torchao|quantized_decomposed)\.(\w+)\.(\w+)")
FILES_AND_PRINTS = {"from_file", "save", "_print", "warn"}
SCALARS = {
    *(f"_operator.{name}" for name in (
        "getitem", "add", "sub", "mul", "floordiv", "truediv", "mod", "neg", "eq", "ne", "lt",
        "le", "gt", "ge", "and_", "or_",
    )),
    *(f"torch.sym_{name}" for name in ("int", "float", "max", "min", "not", "ite", "sum")),
}  # fmt: skip
DROPPED = ("metadata", "guards_code", "treespec_namedtuple_fields")
REFUSED = {
    "as_graph": "a branch or loop",
    "as_custom_obj": "a pickled object",
    "custom_obj": "a pickled object",
    "as_operator": "an operator given as a value",
    "token": "an operation with side effects",
}
TREES = {None, "builtins.tuple", "builtins.list", "builtins.dict", "collections.OrderedDict"}
FUNCTIONS = {
    "Symbol", "Integer", "Add", "Mul", "Pow", "Mod", "Max", "Min", "FloorDiv", "CleanDiv",
    "PythonMod", "CeilDiv", "ModularIndexing", "Equality", "Unequality", "LessThan",
    "GreaterThan", "StrictLessThan", "StrictGreaterThan", "And", "Or", "Not",
}  # fmt: skip
SYMBOL = re.compile(r"[a-z]+\d{0,6}")


class Unsafe(Exception):
    """What a program says that is not known to be harmless."""


def vetted(text: bytes) -> bytes:
    """Return a program's JSON with nothing in it but what was checked.

    Raises
    ------
    Unsafe
        If anything in it is not known to be harmless.
    """
    try:
        program = json.loads(text)
        _check(program)
        return json.dumps(program).encode()
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        msg = "a graph that is not readable"
        raise Unsafe(msg) from error


def _check(value: Any) -> None:
    if isinstance(value, list):
        for item in value:
            _check(item)
    elif isinstance(value, dict):
        _check_fields(value)
    elif isinstance(value, str):
        _match(NAME, value, "the name")


def _check_fields(fields: dict[str, Any]) -> None:
    for key, value in fields.items():
        _match(NAME, key, "the name")
        if value is None or key in REFUSED:
            _refuse(key, value)
        elif key in DROPPED:
            fields[key] = type(value)()
        elif key == "module_call_graph":
            fields[key] = [entry for entry in value if entry["fqn"] == ""]
            _check([entry["signature"] for entry in fields[key]])
        elif key in CHECKS:
            CHECKS[key](value)
        else:
            _check(value)


def _refuse(key: str, value: Any) -> None:
    if value is not None:
        msg = f"{REFUSED[key]} ({key})"
        raise Unsafe(msg)


def _match(pattern: re.Pattern[str], text: Any, what: str) -> None:
    if not isinstance(text, str) or not pattern.fullmatch(text):
        msg = f"{what} {str(text)[:80]!r}"
        raise Unsafe(msg)


def _operator(target: str) -> None:
    match = OPERATOR.fullmatch(target)
    if target not in SCALARS and (match is None or match[1] in FILES_AND_PRINTS):
        msg = f"the operator {target[:80]!r}"
        raise Unsafe(msg)


def _words(texts: list[str]) -> None:
    for text in texts:
        _match(WORD, text, "the text")


def _tree(text: str) -> None:
    protocol, tree = json.loads(text)
    if protocol != 1:
        msg = f"inputs described in protocol {protocol!r}"
        raise Unsafe(msg)
    _node(tree)


def _node(tree: dict[str, Any]) -> None:
    if tree["type"] not in TREES:
        msg = f"inputs or outputs of the type {str(tree['type'])[:80]!r}"
        raise Unsafe(msg)
    keys = json.loads(tree["context"] or "null")
    for key in keys if isinstance(keys, list) else [keys]:
        if key is not None:
            _match(NAME, key, "the key")
    for child in tree["children_spec"]:
        _node(child)


def _expression(text: str) -> None:
    try:
        if len(text) > 4000:
            raise ValueError
        _arithmetic(ast.parse(text, mode="eval").body)
    except (SyntaxError, ValueError, AttributeError) as error:
        msg = f"the size {text[:80]!r}"
        raise Unsafe(msg) from error


def _arithmetic(node: ast.expr) -> None:
    """Pass calls of sympy's plain functions on symbols and whole numbers only."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        _function(node, node.func.id)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        _arithmetic(node.operand)
    elif isinstance(node, ast.Constant):
        if type(node.value) is not int or node.value >= 2**63:
            raise ValueError
    elif not isinstance(node, ast.Name) or node.id not in ("true", "false"):
        raise ValueError


def _function(node: ast.Call, name: str) -> None:
    plain = all(isinstance(each.value, ast.Constant) for each in node.keywords)
    if name == "Symbol" and plain:
        (symbol,) = node.args
        if isinstance(symbol, ast.Constant) and SYMBOL.fullmatch(str(symbol.value)):
            return
    elif name in FUNCTIONS and not node.keywords and (name != "Pow" or _small_power(node)):
        for argument in node.args:
            _arithmetic(argument)
        return
    raise ValueError


def _small_power(node: ast.Call) -> bool:
    base, exponent = node.args
    return ast.unparse(base).startswith("Symbol(") and ast.unparse(exponent) in (
        "Integer(-1)", "Integer(2)", "Integer(3)",
    )  # fmt: skip


CHECKS: dict[str, Callable[[Any], None]] = {
    "target": _operator,
    "expr_str": _expression,
    "in_spec": _tree,
    "out_spec": _tree,
    "as_string": lambda text: _words([text]),
    "as_strings": _words,
    "torch_version": lambda text: _match(VERSION, text, "the version"),
}


def made_by(program: bytes) -> str:
    """Return which PyTorch wrote a program, in words; '' where it does not say."""
    version = json.loads(program).get("torch_version")
    return f"made by torch {version}" if version else ""
